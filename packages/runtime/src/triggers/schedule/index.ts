export { lookAtSchedule } from "./look-at-schedule.ts";
export { nextPlannedTime, plannedTimes, type ScheduleNode } from "./planned-times.ts";
export { createSchedules } from "./schedules.ts";
