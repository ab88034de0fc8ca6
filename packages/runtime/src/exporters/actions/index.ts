export { exportActions } from "./export-actions.ts";
