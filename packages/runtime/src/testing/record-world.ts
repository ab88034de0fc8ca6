import { isOffstageError } from "../base/index.ts";
import { type CallAnswer, createEffects, type Effects, type Turns } from "../effects/index.ts";
import { type CallClass, DEFAULT_POLICY, type EffectId, type LedgerEntry, type Policy, type RecordKey } from "../model/index.ts";
import type { RecordAbilities } from "../records/index.ts";
import type { Store } from "../state/index.ts";
import type { Choices } from "./explore.ts";
import { createMemoryStore } from "./memory-store.ts";
import { type DrivenRecord, driveRecord, type Ending } from "./record-driver.ts";
import { createStage, type Pass, type Stage, type StageBounds } from "./stage.ts";
import { createTracker, type Fate, meet, type Ticket, type Tracker, type WriteArgs } from "./tracker.ts";

/** What a model of one record is made of. Times in milliseconds. */
export interface WorldOptions {
  readonly bounds: StageBounds;
  /** How long the tracker's search lags in truth. */
  readonly lagMs: number;
  /** What the profile says of it: the proof that a find gives. */
  readonly provesAfterMs: number | null;
  readonly timeoutMs: number;
  readonly idempotent: boolean;
  /** What a send may meet; the first is the ordinary one. */
  readonly fates: readonly Fate[];
  /** Sends after so many meet the ordinary fate. */
  readonly strange: number;
  readonly has?: Partial<RecordAbilities>;
  readonly policy?: Policy;
  /** The read says gone although it is not so (another permission), or is, as long as this holds. */
  readonly hidden?: (ticket: Ticket) => boolean;
}

/** What a process does: ensure or release the record, or one bare `once` that makes a ticket. */
export type Goal = "ensure" | "release" | "once";

/** One send that reached a server. */
interface Sent {
  readonly effect: EffectId;
  carriedOut: boolean;
}

/** A store, a tracker and processes that ensure one identity, one choice at a time. */
export interface World {
  readonly stage: Stage;
  readonly tracker: Tracker;
  readonly store: Store;
  readonly sent: readonly Sent[];
  title: string;
  /** A process that takes the lease and ensures (or releases) the identity; its ending is kept unless it dies. */
  process(goal?: Goal): Run;
  /** A process that does several of these side by side, as runs of its own. */
  processOf(goals: readonly Goal[]): readonly Run[];
  /** Throws when a write was sent without an intent or when it may have happened, or was carried out twice. */
  assertOnce(): void;
  /** A process without choices: the ordinary course to its end. */
  calmly(goal?: Goal, policy?: Policy): Promise<Ending>;
}

/** What became of one run of a process. */
export interface Run {
  ending: Ending | "lease-lost" | null;
}

type History = Map<EffectId, readonly LedgerEntry["status"][]>;

const KEY: RecordKey = { scope: "leaks", record: "ticket", key: "PR_7" };
const SERVER = "jira";

/** A {@link World}. */
export function createWorld(choices: Choices, options: WorldOptions): World {
  const stage = createStage(choices, options.bounds);
  const tracker = createTracker(options.lagMs);
  /** Every status that an effect went through. */
  const history: History = new Map();
  const store = createMemoryStore("memory", ({ id, status }) => history.set(id, [...(history.get(id) ?? []), status]));
  const wires = createWires(stage, tracker, { store, history }, options);
  const item = { title: "memory leak" };
  let runs = 0;
  const runOnce = async (pass: Pass, goal: Goal, policy: Policy, { fence, busy }: Process = createProcess(store, stage)): Promise<Ending> => {
    const effects = openEffects(wires, pass, { fence: await fence(), turns: turnsOf(pass, busy), runId: `run-${++runs}`, policy });
    return goal === "once" ? performOnce(effects, wires.callClass) : driveRecord(effects, recordOf(wires, pass, item), goal);
  };
  return {
    stage, tracker, store,
    sent: wires.sent,
    get title() {
      return item.title;
    },
    set title(title) {
      item.title = title;
    },
    process(goal = "ensure") {
      return this.processOf([goal])[0] as Run;
    },
    processOf(goals) {
      const process = createProcess(store, stage);
      return goals.map((goal) => {
        const run: Run = { ending: null };
        const body = async (pass: Pass): Promise<void> => {
          run.ending = await runOnce(pass, goal, options.policy ?? DEFAULT_POLICY, process).catch((error: unknown) => {
            if (isOffstageError(error) && error.code === "LEASE_LOST") return "lease-lost" as const;
            throw error;
          });
        };
        stage.enter(body, process);
        return run;
      });
    },
    assertOnce: wires.assertOnce,
    calmly(goal = "ensure", policy = options.policy ?? DEFAULT_POLICY) {
      wires.calm();
      return runOnce(() => Promise.resolve(), goal, policy);
    },
  };
}

/** What the runs of a process share: the lease, taken by the first, and whose turn it is. */
interface Process {
  readonly fence: () => Promise<number>;
  readonly busy: Set<string>;
}

function createProcess(store: Store, stage: Stage): Process {
  let taken: Promise<number> | null = null;
  return { fence: () => (taken ??= takeLease(store, stage.now())), busy: new Set() };
}

/** As `createTurns`, but that whoever waits does so on the stage, and any of those who wait may be the next. */
function turnsOf(pass: Pass, busy: Set<string>): Turns {
  return {
    async take(name, body) {
      while (busy.has(name)) await pass(() => !busy.has(name));
      busy.add(name);
      try {
        return await body();
      } finally {
        busy.delete(name);
      }
    },
  };
}

/** What leads from the processes to the store and the tracker, and watches what goes there. */
interface Wires {
  readonly stage: Stage;
  readonly tracker: Tracker;
  readonly options: WorldOptions;
  readonly callClass: CallClass;
  readonly sent: readonly Sent[];
  storeOf(pass: Pass): Store;
  call(pass: Pass, tool: string, args: WriteArgs, deadlineAt: number): Promise<CallAnswer>;
  assertOnce(): void;
  /** From now on every send meets the ordinary fate. */
  calm(): void;
}

function createWires(stage: Stage, tracker: Tracker, { store, history }: { readonly store: Store; readonly history: History }, options: WorldOptions): Wires {
  const sent: Sent[] = [];
  let { strange } = options;
  let law: unknown = null;
  /** Kept aside as well as thrown: whoever calls a server takes what it throws for an answer. */
  const broken = (error: unknown): never => {
    law ??= error;
    throw error;
  };
  return {
    stage, tracker, options, sent,
    callClass: { effect: "write", idempotent: options.idempotent, consistent: false, lagMs: null, affects: [], undo: null },
    storeOf: (pass) => ({
      ...store,
      async transact(how, body) {
        await pass();
        return store.transact(how, body);
      },
    }),
    async call(pass, tool, args, deadlineAt) {
      await pass();
      // Looking at the clock and sending are one: a process that freezes between the two is what no client can exclude.
      if (stage.now() >= deadlineAt) return { kind: "error", refused: true, error: { code: "SERVER_TIMEOUT", message: "not sent: too late" } };
      const entry = await intendedBefore(store, tool).catch(broken);
      const fault = options.idempotent ? null : faultOfSending(entry, history, sent);
      if (fault !== null) broken(new Error(fault));
      const mark: Sent = { effect: entry.id, carriedOut: false };
      sent.push(mark);
      const fate = strange > 0 ? (options.fates[stage.surprise(options.fates.length)] ?? "ok") : "ok";
      if (fate !== "ok") strange--;
      const carryOut = (at = stage.now()): CallAnswer => {
        const answer = tracker.write(tool, args, at);
        mark.carriedOut = answer.kind === "value";
        return answer;
      };
      const answer = meet(fate, carryOut, (happen) => stage.later(deadlineAt, happen));
      await pass();
      return answer;
    },
    assertOnce() {
      if (law !== null) throw law;
      const twice = sent.filter(({ carriedOut }) => carriedOut).map(({ effect }) => effect).find((effect, index, all) => all.indexOf(effect) !== index);
      if (twice !== undefined && !options.idempotent) throw new Error(`The effect ${twice} was carried out twice.`);
    },
    calm() {
      strange = 0;
    },
  };
}

function takeLease(store: Store, now: number): Promise<number> {
  return store.transact({ durable: true }, async (tx) => {
    const fence = await tx.nextFence();
    await tx.putLease({ fence, holder: { host: "h", boot: "b", pid: fence, started: null }, takenAt: now, expiresAt: now + 15_000 });
    return fence;
  });
}

function openEffects({ stage, options, storeOf, call }: Wires, pass: Pass, { fence, turns, runId, policy }: { readonly fence: number; readonly turns: Turns; readonly runId: string; readonly policy: Policy }): Effects {
  return createEffects({
    turns, store: storeOf(pass), caller: { call: (_server, tool, args, { deadlineAt }) => call(pass, tool, args as WriteArgs, deadlineAt) }, clock: { now: stage.now, sleep: () => Promise.resolve() },
    run: { id: runId, rootRunId: runId, workflow: "leaks", phase: "run", inputsHash: "i", maxWrites: null }, fence, epoch: 1, plan: null, policy, targetOf: () => "https://jira.test/", lockFault: () => null,
    timeoutMs: () => options.timeoutMs, startRun: () => Promise.reject(new Error("Nothing is started here.")), newId: () => `request-${runId}`, beforeCommit: () => Promise.resolve(), onEffect: () => undefined,
  });
}

function recordOf({ stage, tracker, options, callClass }: Wires, pass: Pass, item: { readonly title: string }): DrivenRecord {
  return {
    key: KEY, server: SERVER, has: { read: true, same: true, update: true, reopen: false, release: true, ...options.has },
    async find() {
      await pass();
      return { items: tracker.find(KEY.key, stage.now()), askedAt: stage.now(), provesAfterMs: options.provesAfterMs };
    },
    async read(kept) {
      await pass();
      const ticket = tracker.read((kept as { id: string }).id);
      const gone = ticket === null || options.hidden?.(ticket) === true;
      return { gone, same: ticket?.title === item.title, askedAt: stage.now(), provesAfterMs: 0 };
    },
    write(action, kept) {
      const id = (kept as { id: string } | null)?.id ?? "";
      if (action === "create") return { tool: "create", args: { label: KEY.key, title: item.title }, class: callClass };
      return action === "update" ? { tool: "update", args: { id, title: item.title }, class: callClass } : { tool: action === "release" ? "close" : "open", args: { id }, class: callClass };
    },
  };
}

/** A bare write as the engine asks for it. */
async function performOnce(effects: Effects, callClass: CallClass): Promise<Ending> {
  const identity = { kind: "once", scope: KEY.scope, key: KEY.key, window: null } as const;
  const args = { value: { label: KEY.key, title: "once" }, unknown: [] };
  const answer = await effects.perform({ identity, step: "once#1", call: { server: SERVER, tool: "create", class: callClass }, args, certainty: "sure", identityKnown: true, after: null, label: "once", server: SERVER });
  if (answer.kind === "done") return { kind: "done", kept: answer.value };
  if (answer.kind === "held") return { kind: "held", why: answer.why.kind };
  return { kind: answer.kind === "ambiguous" ? "blocked" : answer.kind, error: answer.error };
}

/** The row that must be there, durably, before anything is sent. */
async function intendedBefore(store: Store, tool: string): Promise<LedgerEntry> {
  const rows = await store.transact({ durable: false }, (tx) => tx.listEffects({ status: ["intended"], limit: 9 }));
  const row = rows.find((entry) => entry.tool === tool);
  if (row === undefined) throw new Error(`${tool} was sent without an intent.`);
  return row;
}

/** Why an effect must not be sent (again) now, or null: it happened, or it may have. */
function faultOfSending(entry: LedgerEntry, history: History, sent: readonly Sent[]): string | null {
  if (sent.some((earlier) => earlier.effect === entry.id && earlier.carriedOut)) return `The effect ${entry.id} (attempt ${entry.attempt}) was sent again after it had happened.`;
  const statuses = history.get(entry.id) ?? [];
  const before = statuses[statuses.lastIndexOf("intended") - 1];
  return before !== undefined && before !== "failed" ? `The effect ${entry.id} was intended again although it was ${before}.` : null;
}
