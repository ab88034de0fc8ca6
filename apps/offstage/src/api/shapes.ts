import { z } from "zod";

const names = new Map<z.ZodType, string>();

/** Shapes that stand in the document under a name of their own. */
export const NAMED_SHAPES: ReadonlyMap<z.ZodType, string> = names;

function named<Shape extends z.ZodType>(id: string, shape: Shape): Shape {
  names.set(shape, id);
  return shape;
}

const instant = z.int().meta({ description: "Milliseconds since the epoch." });
const data = z.unknown().meta({ description: "Any JSON." });
const count = z.int().min(0);

const fault = named("Fault", z.object({ code: z.string(), message: z.string(), hint: z.string().optional(), step: z.string().optional(), at: z.string().optional() }));
/** What is answered in place of what was asked for (RFC 9457). */
export const problem = named("Problem", z.object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string(), code: z.string().meta({ description: "Stable; docs/errors.md lists them." }), hint: z.string().optional() }));

/** How far a run is. */
export const runStatus = z.enum(["queued", "running", "parked", "planned", "succeeded", "partial", "pending", "needs-attention", "failed", "cancelled"]);
const phase = z.enum(["plan", "apply", "run"]);

const again = z.string().optional().meta({ description: "Who had a workflow run with it once more." });
const event = named("RunEvent", z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("call"), by: z.string().optional() }),
  z.object({ kind: z.literal("schedule"), at: z.string(), by: again }),
  z.object({ kind: z.literal("webhook"), source: z.string(), headers: z.record(z.string(), z.string()), body: data, by: again }),
  z.object({ kind: z.literal("queue"), body: data, attempt: count, by: again }),
  z.object({ kind: z.literal("resource"), uri: z.string(), by: again }),
  z.object({ kind: z.literal("started"), run: z.string(), workflow: z.string(), key: z.string(), by: z.string().optional() }),
]));

const hold = z.object({ effect: z.string(), step: z.string(), label: z.string(), why: z.string(), waits: z.boolean().meta({ description: "Something may still let it happen." }) });
const wait = z.object({ id: z.string(), kind: z.enum(["sleep", "poll", "approval", "event"]), step: z.string(), label: z.string(), since: instant, until: instant.nullable() });
const swept = z.object({ lost: z.string().nullable(), missed: count, orphans: count, strange: z.record(z.string(), count), recordless: z.literal(true).optional() });

const runBase = { id: z.string(), rootRunId: z.string(), workflow: z.string(), phase, status: runStatus, sweep: z.boolean(), createdAt: instant, startedAt: instant, endedAt: instant.nullable(), error: fault.nullable() };

/** A run as lists and live events tell it. */
export const runSummary = named("RunSummary", z.object({
  ...runBase,
  cause: z.enum(["call", "schedule", "webhook", "queue", "resource", "started"]),
  calls: count, writes: count, held: count, ambiguous: count, failures: count, waits: count,
}));

/** A run with all that it was told, made and holds. */
export const run = named("Run", z.object({
  ...runBase,
  scope: z.string(), programHash: z.string(), inputs: z.record(z.string(), data), event, turn: z.string().nullable(), output: data,
  failures: z.array(z.object({ step: z.string(), error: fault })), held: z.array(hold), ambiguous: z.array(hold), waits: z.array(wait), drivenMs: z.number(),
  counts: z.object({ calls: count, writes: count, replayed: count, reads: z.record(z.string(), count).optional(), unlike: z.record(z.string(), count).optional(), swept: swept.optional() }),
}));

/** A run that another one started, as the story of that one tells it. */
export const startedRun = z.object({ id: z.string(), workflow: z.string(), status: runStatus, event });

const identity = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("record"), scope: z.string(), record: z.string(), key: z.string(), generation: count, action: z.enum(["create", "adopt", "update", "release", "reopen"]), revision: count }),
  z.object({ kind: z.literal("once"), scope: z.string(), key: z.string(), window: z.int().nullable() }),
  z.object({ kind: z.literal("start"), scope: z.string(), key: z.string() }),
  z.object({ kind: z.literal("step"), rootRun: z.string(), step: z.string() }),
]);
const outcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("done"), value: data, unreadable: z.boolean() }),
  z.object({ kind: z.literal("failed"), error: fault }),
  z.object({ kind: z.literal("ambiguous"), error: fault }),
]);

/** What became of a write. */
export const effectStatus = z.enum(["intended", "done", "failed", "ambiguous"]);
/** One write of the ledger. */
export const effect = named("Effect", z.object({
  id: z.string(), identity, status: effectStatus, runId: z.string(), rootRunId: z.string(), step: z.string(), server: z.string(), tool: z.string().nullable(), target: z.string(), argsHash: z.string(), args: data,
  attempt: count, fence: count, epoch: count, idempotent: z.boolean(), intendedAt: instant, deadlineAt: instant, settledAt: instant.nullable(), outcome: outcome.nullable(),
  settledBy: z.enum(["answer", "found", "absent", "repeated", "person"]).nullable(),
}));

const answerWay = z.enum(["cli", "api", "link", "timeout"]);

/** A write that waits for a person's permission, or was answered. */
export const approvalRequest = named("PermissionRequest", z.object({
  id: z.string(), effect: z.string(), argsHash: z.string(), args: data, server: z.string(), tool: z.string().nullable(), target: z.string(), workflow: z.string(), runId: z.string(), rootRunId: z.string(), label: z.string(), reason: z.string(),
  openedAt: instant, status: z.enum(["open", "approved", "denied", "replaced", "used"]), answeredAt: instant.nullable(), answeredBy: z.string().nullable(), answeredWhy: z.string().nullable(), expiresAt: instant.nullable(),
  by: z.array(z.string()).nullable(), count, answers: z.array(z.object({ verdict: z.enum(["approve", "deny"]), by: z.string(), why: z.string().nullable(), at: instant, way: answerWay })), continuedBy: z.string().nullable(), notice: z.string().nullable(),
}));

/** What a workflow asks a person. */
export const question = named("Question", z.object({
  id: z.string(), kind: z.literal("approval"), runId: z.string(), rootRunId: z.string(), workflow: z.string(), step: z.string(), hash: z.string(), label: z.string(), since: instant, until: instant.nullable(), status: z.enum(["open", "ready", "over"]),
  topic: z.string(), message: z.string(), show: data, by: z.array(z.string()).nullable(),
  answer: z.object({ verdict: z.enum(["approved", "denied"]), by: z.string(), why: z.string().optional(), at: instant, way: answerWay.optional() }).nullable(), notice: z.string().optional(),
}));

/** What one identity of a record is bound to, or was. */
export const binding = named("Binding", z.object({
  scope: z.string(), record: z.string(), key: z.string(), generation: count, revision: count, kept: data, targetKey: z.string(), adopted: z.boolean(), server: z.string(), target: z.string(), boundAt: instant, releasedAt: instant.nullable(),
  goneSince: instant.nullable(), notConverging: z.string().nullable(), workflow: z.string(), inputsHash: z.string(), lastSeenAt: instant, lastSeenRun: z.string(), missedSweeps: count, epoch: count,
}));

/** A workflow of the process, and how a run of it is asked for. */
export const workflow = named("Workflow", z.object({
  name: z.string(), description: z.string(), programHash: z.string(), triggers: z.array(z.string()),
  inputs: z.array(z.object({ name: z.string(), required: z.boolean(), default: data.optional(), schema: z.record(z.string(), data).optional() })),
  limits: z.object({ writes: count.optional(), calls: count.optional(), durationMs: z.number().optional() }),
  servers: z.array(z.string()), records: z.array(z.string()), starts: z.array(z.string()), paused: z.boolean(),
}));

/** How the last edit of the project's files ended, in the process that answers. */
export const lastReload = named("LastReload", z.object({ at: instant, problem: z.string().nullable().meta({ description: "Why the files as they are now were not taken, so that what they held before goes on; null: they were." }) }));

/** One thing that happened: what `data:` of an event stream holds. */
export const liveEvent = named("LiveEvent", z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("missed"), at: instant }).meta({ description: "What happened after the event that was named last is not remembered: look at the lists again." }),
  z.object({ kind: z.enum(["run-queued", "run-started", "run-parked", "run-ended"]), at: instant, run: runSummary }),
  z.object({ kind: z.enum(["arrival-taken", "arrival-dropped"]), at: instant, workflow: z.string(), trigger: z.string(), id: z.string(), why: z.string().nullable() }),
  z.object({ kind: z.literal("approval-opened"), at: instant, approval: z.string(), asks: z.enum(["permission", "question"]), workflow: z.string(), run: z.string(), label: z.string() }),
]));
