import { type Clock, shorten } from "../base/index.ts";

const MINUTE_MS = 60_000;
/** Lines a minute of what a server tells or does through the protocol; a flood must not push everything else out of the log. */
export const MOST_LINES = 600;
/** UTF-16 units of one line. */
const LONGEST_LINE = 2_000;

/** Lines for the log, cut and counted; what is too many is counted and told when the minute is over. */
export function limitLines(clock: Clock, log: (line: string) => void): (line: string) => void {
  let minute = { from: clock.now(), lines: 0 };
  return (line) => {
    const now = clock.now();
    if (now - minute.from >= MINUTE_MS) {
      if (minute.lines > MOST_LINES) log(`(${minute.lines - MOST_LINES} more lines were left out)`);
      minute = { from: now, lines: 0 };
    }
    minute.lines += 1;
    if (minute.lines <= MOST_LINES) log(shorten(line, LONGEST_LINE));
  };
}
