import { decideArrivals, type GoingRun } from "offstage/host";
import type { Arrival } from "offstage/model";
import { lookAtSchedule, nextPlannedTime, plannedTimes, type ScheduleNode } from "offstage/triggers/schedule";
import fc from "fast-check";
import { sampleArrival } from "../../packages/runtime/src/testing/store-samples.ts";
import type { Vector, VectorOptions } from "./vector.ts";

const some = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom<T>(...values);
const HOUR = 3_600_000;
/** Clocks that are changed at two, at midnight, by half an hour, and never. */
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Santiago", "America/Havana", "Australia/Lord_Howe", "Asia/Beirut", "Asia/Kathmandu"];
const [FROM, TO] = [Date.UTC(2026, 0), Date.UTC(2029, 0)];

/** When the clocks of a zone are changed, to the hour. */
function changesOf(timeZone: string): readonly number[] {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const offset = (at: number): string | undefined => format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value;
  const changes: number[] = [];
  const day = 24 * HOUR;
  for (let at = FROM; at < TO; at += day) {
    if (offset(at) === offset(at + day)) continue;
    const hour = Array.from({ length: 24 }, (_, index) => at + index * HOUR).find((one) => offset(one) !== offset(one + HOUR));
    changes.push((hour ?? at) + HOUR);
  }
  return changes;
}

/** Each of them comes: croner looks for centuries for one that does not. */
const lines = fc
  .tuple(some("*", "*/15", "30", "0", "30", "0,30", "5-10", "1-59/2", "59", "2-2"), some("*", "2", "2", "0", "0", "2,3", "1-3", "*/6", "23", "1-23/2"), some("*", "*", "*", "1", "*/2", "29", "31", "1-7", "13", "*,5"), some("*", "*", "*", "3,4,9-11", "jan-mar", "*/5", "OCT"), some("*", "*", "*", "0", "7", "1-5", "sun", "*/2", "Fri", "5-7", "mon,wed-fri"))
  .map((fields) => fields.join(" "));
const schedules: fc.Arbitrary<{ readonly schedule: ScheduleNode; readonly near: readonly number[] }> = fc.oneof(
  { weight: 1, arbitrary: some(1, 7_001, 600_000, HOUR, 24 * HOUR, 7 * 24 * HOUR).map((intervalMs) => ({ schedule: { kind: "every", intervalMs, overlap: "queue", sweep: false } as const, near: [] })) },
  { weight: 9, arbitrary: fc.tuple(lines, some(...ZONES.map((timezone) => ({ timezone, near: changesOf(timezone) })))).map(([expression, { timezone, near }]) => ({ schedule: { kind: "cron", expression, timezone, overlap: "queue", sweep: false } as const, near })) },
);
const apart = fc.oneof(fc.integer({ min: -4 * HOUR, max: 4 * HOUR }), fc.integer({ min: -16, max: 16 }).map((quarters) => (quarters * HOUR) / 4), some(-1, 0, 1));

interface TimeCase {
  readonly schedule: ScheduleNode;
  readonly at: number;
  readonly span: number;
  readonly limit: number;
  readonly missed: "skip" | "once" | "all" | null;
}
/** Of `all` there are few: croner looks a thousand times back for it. */
const times: fc.Arbitrary<TimeCase> = schedules.chain(({ schedule, near }) => fc.record({
  schedule: fc.constant(schedule), at: fc.tuple(near.length === 0 ? fc.integer({ min: FROM, max: TO }) : fc.oneof({ weight: 4, arbitrary: some(...near) }, { weight: 1, arbitrary: fc.integer({ min: FROM, max: TO }) }), apart).map(([one, more]) => one + more),
  span: some(0, 1_000, HOUR, 26 * HOUR, 24 * 40 * HOUR), limit: some(1, 1, 2, 5), missed: fc.oneof({ weight: 40, arbitrary: some("skip" as const, "once" as const, null) }, { weight: 1, arbitrary: fc.constant("all" as const) }),
}));

/** The planned times of a schedule, and what it brought since it was looked at. */
function timesVector({ schedule, at, span, limit, missed }: TimeCase): Vector {
  const seen = span === 0 ? null : at - span;
  const looked = lookAtSchedule(missed === null ? schedule : { ...schedule, missed }, seen, at);
  return { kind: "times", schedule, at, span, limit, missed, seen, next: nextPlannedTime(schedule, at), times: plannedTimes(schedule, at - span, at, limit), looked };
}

const arrivals = fc.array(
  fc.record({
    workflow: some("leaks", "leaks", "other"), key: some("", "a"), trigger: some("every 1h", "every 2h", "webhook:hub", "resource:files:file:///a"), overlap: some<Arrival["overlap"]>("queue", "skip", "replace"), sweep: fc.boolean(), each: fc.boolean(), dueAt: some(1_999, 2_000, 2_001),
  }),
  { maxLength: 8 },
);
const going: fc.Arbitrary<readonly GoingRun[]> = fc.uniqueArray(fc.record({ runId: some("r", "s"), workflow: some("leaks", "other"), key: some("", "a") }), { maxLength: 2, selector: ({ workflow, key }) => `${workflow} ${key}` });

/** Whose turn it is. */
function* turnVectors({ cases, seed }: VectorOptions): Iterable<Vector> {
  for (const [rows, runs] of fc.sample(fc.tuple(arrivals, going), { numRuns: cases, seed })) {
    const waiting = rows.map((row, index) => sampleArrival(String(index), { ...row, event: eventOf(row.trigger, String(index)) }));
    const { start, drop, replace } = decideArrivals(waiting, runs, 2_000);
    yield { kind: "turns", waiting, going: runs, now: 2_000, start: start.map(({ id }) => id), drop: drop.map(({ arrival, why }) => [arrival.id, why]), replace };
  }
}

function eventOf(trigger: string, at: string): Arrival["event"] {
  if (trigger.startsWith("webhook")) return { kind: "webhook", source: "hub", headers: {}, body: null };
  return trigger.startsWith("resource") ? { kind: "resource", uri: "file:///a" } : { kind: "schedule", at };
}

/** Planned times around changes of clocks, and the turns of arrivals. */
export function* triggersVectors(options: VectorOptions): Iterable<Vector> {
  for (const one of fc.sample(times, { numRuns: Math.ceil(options.cases / 2), seed: options.seed })) yield timesVector(one);
  yield* turnVectors(options);
}
