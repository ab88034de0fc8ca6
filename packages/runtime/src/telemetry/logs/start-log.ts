import type { LogOptions, LogRecorder } from "./log.ts";

/** Begins to log. What writes records is loaded only here. */
export async function startLog(options: LogOptions): Promise<LogRecorder> {
  const { openLog } = await import("./open-log.ts");
  return openLog(options);
}
