export { exportCompose } from "./export-compose.ts";
