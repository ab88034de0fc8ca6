export { nextPlannedTime } from "./planned-times.ts";
export { createSchedules } from "./schedules.ts";
