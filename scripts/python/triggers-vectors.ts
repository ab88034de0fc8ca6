import { createHmac } from "node:crypto";
import { decideArrivals, type GoingRun } from "offstage/host";
import type { Arrival } from "offstage/model";
import { lookAtSchedule, nextPlannedTime, plannedTimes, type ScheduleNode } from "offstage/triggers/schedule";
import { verifyDelivery, type WebhookScheme } from "offstage/triggers/webhook";
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

const SECRETS = ["a-secret-of-some-length", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];
const DELIVERED_AT = 1_790_000_000_000;
const bodies = some('{"id":"evt_1"}', '{"event_id":"Ev1","text":"é😀"}', "", "no JSON\n");
/** Signed by the right secret or another one, in time or not, or written wrongly. */
const signing = fc.record({
  body: bodies, of: some(...SECRETS, ...SECRETS, "another-secret-of-ours"), secrets: some(SECRETS, [SECRETS[1] ?? ""], [...SECRETS].reverse()), late: some(0, 0, 0, 299, 300, 301, -300, -301, -3_000), spoilt: some("", "", "", "body", "case", "cut", "none", "time", "twice", "space"), id: some("d-1", "d-1", "", null),
});
type Signing = typeof signing extends fc.Arbitrary<infer T> ? T : never;

/** The headers of a delivery of each scheme. */
function signed(kind: string, { of, body, late, id }: Signing, scheme: Readonly<Record<string, unknown>>): Record<string, string> {
  const time = String(DELIVERED_AT / 1_000 + late);
  const made = (key: string | Buffer, text: string, encoding: "hex" | "base64" = "hex", algorithm = "sha256"): string => createHmac(algorithm, key).update(text).digest(encoding);
  switch (kind) {
    case "github":
      return { "x-hub-signature-256": `sha256=${made(of, body)}`, ...(id === null ? {} : { "x-github-delivery": id }) };
    case "slack":
      return { "x-slack-request-timestamp": time, "x-slack-signature": `v0=${made(of, `v0:${time}:${body}`)}` };
    case "stripe":
      return { "stripe-signature": `t=${time},v1=${made("old", body)}, v1=${made(of, `${time}.${body}`)},v0=00` };
    case "standard":
      return { "webhook-timestamp": time, ...(id === null ? {} : { "webhook-id": id }), "webhook-signature": `v1a,AAAA v1,${made(Buffer.from(of.replace(/^whsec_/, ""), "base64"), `${id}.${time}.${body}`, "base64")}` };
    case "bearer":
      return { authorization: `Bearer ${of}`, ...(id === null ? {} : { "x-id": id }) };
    default:
      return { "x-sig": `${scheme["prefix"] as string}${made(of, body, scheme["encoding"] as "hex", scheme["algorithm"] as string)}`, ...(id === null ? {} : { "x-id": id }) };
  }
}

function spoil(how: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  const change: Readonly<Record<string, (text: string) => string>> = { case: (text) => text.toUpperCase(), cut: (text) => text.slice(0, -1), time: (text) => text.replace(/17\d+/, "1e9"), twice: (text) => `${text}, ${text}`, space: (text) => ` ${text} ` };
  if (how === "none") return {};
  const one = change[how];
  return one === undefined ? { ...headers } : Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, one(text)]));
}

const hmacs = fc.record({ algorithm: some("sha1", "sha256", "sha512"), encoding: some("hex", "base64"), prefix: some("", "sha=") });

/** Whose deliveries are genuine. */
function* deliveryVectors({ cases, seed }: VectorOptions): Iterable<Vector> {
  for (const [kind, made, hmac] of fc.sample(fc.tuple(some("github", "slack", "stripe", "standard", "bearer", "hmac"), signing, hmacs), { numRuns: cases, seed })) {
    const scheme = { kind, secrets: made.secrets, ...(kind === "bearer" || kind === "hmac" ? { idHeader: "x-id" } : {}), ...(kind === "hmac" ? { header: "x-sig", ...hmac } : {}) };
    const headers = spoil(made.spoilt, signed(kind, made, scheme));
    const body = made.spoilt === "body" ? `${made.body} ` : made.body;
    const gives = verifyDelivery(scheme as WebhookScheme, { header: (name) => headers[name] ?? null, body: Buffer.from(body) }, DELIVERED_AT);
    yield { kind: "delivery", scheme, headers, body, now: DELIVERED_AT, gives };
  }
}

/** Planned times around changes of clocks, the turns of arrivals, and the signatures of deliveries. */
export function* triggersVectors(options: VectorOptions): Iterable<Vector> {
  yield* deliveryVectors(options);
  for (const one of fc.sample(times, { numRuns: Math.ceil(options.cases / 2), seed: options.seed })) yield timesVector(one);
  yield* turnVectors(options);
}
