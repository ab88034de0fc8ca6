import { type Deployment, parseCron } from "../../bundle/index.ts";

/** When the worker is woken. `cron` is a line of five fields; `aws` the same in EventBridge's six. */
export interface WakeTime {
  readonly shown: string;
  readonly cron: string;
  readonly aws: readonly string[];
  readonly timeZone: string;
}

const EVERY_FIVE = { shown: "what waits goes on, and what failed is tried again", cron: "*/5 * * * *", timeZone: "UTC" };
const EVERY_MINUTE = "* * * * *";

/** At its schedules, and every five minutes for all else. One that no cron line has: every minute, and `serve` says when it is due. */
export function wakeTimes({ schedules, queues }: Pick<Deployment, "schedules" | "queues">): readonly WakeTime[] {
  const own = schedules.map(({ shown, cron, timeZone }) => ({ shown, cron: cron ?? EVERY_MINUTE, timeZone }));
  const rest = queues.length > 0 ? { ...EVERY_FIVE, shown: "messages of queues", cron: EVERY_MINUTE } : EVERY_FIVE;
  const covered = own.some(({ cron }) => cron === EVERY_MINUTE || cron === rest.cron);
  return [...own, ...(covered ? [] : [rest])].map((time) => ({ ...time, aws: awsCron(time.cron) }));
}

/** EventBridge wants a ? in one of the two kinds of days: where both are restricted, either is enough, and it takes two lines. Its Sunday is 1. */
function awsCron(cron: string): readonly string[] {
  const { minutes, hours, days, months, weekdays } = parseCron(cron);
  const list = (field: readonly number[] | null): string => field?.join(",") ?? "*";
  const line = (ofMonth: string, ofWeek: string): string => `cron(${list(minutes)} ${list(hours)} ${ofMonth} ${list(months)} ${ofWeek} *)`;
  const ofWeek = list(weekdays?.map((day) => day + 1) ?? null);
  if (weekdays === null) return [line(list(days), "?")];
  return days === null ? [line("?", ofWeek)] : [line(list(days), "?"), line("?", ofWeek)];
}
