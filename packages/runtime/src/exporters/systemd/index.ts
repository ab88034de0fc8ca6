export { exportSystemd, type SystemdOptions } from "./export-systemd.ts";
