import { type Data, UnsafeInteger } from "../base/index.ts";
import { type ApprovalRequest, type Arrival, type Binding, effectId, type EffectIdentity, type LedgerEntry, type Plan, type Run, type Wait } from "../model/index.ts";
import type { Program } from "../program/index.ts";
import type { Lease } from "../state/index.ts";

/** Data with everything that stores tend to lose. */
export const HARD_DATA: Data = {
  text: "quotes ' \" ` \\ emoji 😀 CJK 漢字 NUL \u0000 line \u2028 half \ud800", big: new UnsafeInteger("9007199254740993"), rounded: new UnsafeInteger(null),
  numbers: [0, -0, 1e-7, 1.7976931348623157e308, 9007199254740991], $: ["undefined"], empty: { list: [], object: {}, text: "", nothing: null },
};

/** A run that began at `createdAt`; give what matters to the test. */
export function sampleRun(run: Partial<Run> = {}): Run {
  return {
    id: "run-1", rootRunId: run.id ?? "run-1", workflow: "leaks", scope: "leaks", programHash: "p".repeat(64), phase: "run", status: "running", inputs: { owner: "o", nested: [1, null] },
    event: { kind: "call" }, turn: null, sweep: false, createdAt: 1_000, startedAt: 1_001, endedAt: null, output: null, error: null, failures: [], held: [], ambiguous: [], waits: [], drivenMs: 0, counts: { calls: 0, writes: 0, replayed: 0 }, ...run,
  };
}

/** The identity of a `once` write. */
export function sampleOnce(key: string): EffectIdentity {
  return { kind: "once", scope: "leaks", key, window: null };
}

/** A ledger row that was intended at 1,000. */
export function sampleEntry(identity: EffectIdentity, entry: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    id: effectId(identity), identity, status: "intended", runId: "run-1", rootRunId: "run-1", step: "each#1[PR_7]/once#1", server: "jira", tool: "create_issue", target: "https://jira.test/", argsHash: "a".repeat(64),
    args: { summary: "memory leak" }, attempt: 1, fence: 1, epoch: 1, idempotent: false, intendedAt: 1_000, deadlineAt: 61_000, settledAt: null, outcome: null, settledBy: null, completion: null, ...entry,
  };
}

/** The same row, done. */
export function settled(entry: LedgerEntry, value: Data = { key: "PROD-1" }): LedgerEntry {
  return { ...entry, status: "done", settledAt: 2_000, settledBy: "answer", outcome: { kind: "done", value, unreadable: false } };
}

/** A live binding of the record `ticket` in the scope `leaks`. */
export function sampleBinding(key: string, binding: Partial<Binding> = {}): Binding {
  return {
    scope: "leaks", record: "ticket", key, generation: 1, revision: 0, kept: { key: `PROD-${key}` }, targetKey: `target-${key}`, adopted: false, server: "jira", target: "https://jira.test/", boundAt: 1_000,
    releasedAt: null, goneSince: null, notConverging: null, workflow: "leaks", inputsHash: "i".repeat(64), lastSeenAt: 1_000, lastSeenRun: "run-1", missedSweeps: 0, epoch: 1, ...binding,
  };
}

/** An open request. */
export function sampleRequest(id: string, request: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id, effect: "e".repeat(64), argsHash: "a".repeat(64), args: { summary: "x" }, server: "jira", tool: "create_issue", target: "https://jira.test/", workflow: "leaks", runId: "run-1", rootRunId: "run-1", label: "ticket PR_7", reason: "policy", openedAt: 1_000, status: "open",
    answeredAt: null, answeredBy: null, answeredWhy: null, expiresAt: null, by: null, count: 1, answers: [], continuedBy: null, notice: null, ...request,
  };
}

/** A step that sleeps from 1,000 until 2,000. */
export function sampleWait(id: string, wait: Partial<Extract<Wait, { readonly kind: "sleep" }>> = {}): Wait {
  return { kind: "sleep", id, runId: "run-1", rootRunId: "run-1", workflow: "leaks", step: `sleep#${id}`, hash: "h".repeat(64), label: "sleep 1s", since: 1_000, until: 2_000, status: "open", ...wait };
}

/** An arrival that waits to start a run. */
export function sampleArrival(id: string, arrival: Partial<Arrival> = {}): Arrival {
  return { workflow: "leaks", trigger: "every 10m", id, event: { kind: "schedule", at: id }, key: "", overlap: "queue", sweep: false, each: false, arrivedAt: 1_000, dueAt: 2_000, status: "waiting", runId: null, why: null, ...arrival };
}

/** A plan with one effect. */
export function samplePlan(id: string): Plan {
  const identity = sampleOnce("comment:PR_7");
  return {
    version: 1, id, storeId: "store", workflow: "leaks", createdAt: 1_000, expiresAt: 3_601_000, basis: { program: "p", classes: "c", profiles: "f", policy: "y", targets: { jira: "https://jira.test/" } }, unchanged: 3,
    effects: [{
      id: effectId(identity), identity, identityKnown: true, step: "once#1", sign: "+", label: "comment", server: "github", tool: "add_issue_comment", target: "github.com/o", args: { value: { body: null }, unknown: [{ path: ["body"], from: ["f".repeat(64)] }] },
      knownHash: "k", certainty: "sure", undo: null, why: { kind: "planning" },
    }],
  };
}

/** A program that does nothing. */
export const SAMPLE_PROGRAM: Program = {
  kind: "workflow", semantics: 1, name: "leaks", description: "", triggers: [], inputs: {}, limits: {}, globals: [], records: [], states: [], tools: [{ server: "jira", tool: "create_issue" }],
  body: { parameters: [], slots: 0, steps: false, body: [] }, debug: { file: "workflows/leaks.ts", source: "export default …", names: {}, globals: [] },
};

/** A lease of some process. */
export function sampleLease(fence: number): Lease {
  return { fence, holder: { host: "host", boot: "boot", pid: 4_242, started: "77" }, takenAt: 1_000, expiresAt: 16_000 };
}
