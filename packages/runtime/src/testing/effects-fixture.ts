import type { Data } from "../base/index.ts";
import { type CallAnswer, createEffects, createTurns, type EffectEvent, type Effects, type EffectsOptions, type EffectsRun } from "../effects/index.ts";
import { type Binding, DEFAULT_POLICY, type LedgerEntry, type RecordKey } from "../model/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { createMemoryStore } from "./memory-store.ts";

/** What the fake server is asked and answers; `answer` may be replaced, and may wait. */
export interface FakeCaller {
  readonly calls: { readonly server: string; readonly tool: string; readonly args: Data; readonly deadlineAt: number }[];
  answer: (call: { readonly tool: string; readonly args: Data }) => CallAnswer | Promise<CallAnswer>;
}

/** A store with a lease, a clock, a server that says what it is told to, and effects over them. */
export interface EffectsFixture {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly caller: FakeCaller;
  readonly events: EffectEvent[];
  /** Effects of one run of the process that took the lease last; `lease: true` takes it. */
  open(options?: Partial<Omit<EffectsOptions, "run">> & { readonly run?: Partial<EffectsRun>; readonly lease?: true }): Promise<Effects>;
  tx<T>(body: (tx: StoreTx) => Promise<T>): Promise<T>;
  row(effect: string): Promise<LedgerEntry | null>;
  binding(key?: string): Promise<Binding | null>;
}

/** The timeout of each server of the fixture. */
export const FIXTURE_TIMEOUT_MS = 60_000;
/** The identity that tests mostly use. */
export const FIXTURE_KEY: RecordKey = { scope: "leaks", record: "ticket", key: "PR_7" };

/** An {@link EffectsFixture} whose server answers `{ key: "T-1" }`, then T-2 and so on. */
export async function createEffectsFixture(): Promise<EffectsFixture> {
  const store = createMemoryStore();
  const clock = createFakeClock();
  const events: EffectEvent[] = [];
  const caller: FakeCaller = { calls: [], answer: () => ({ kind: "value", value: { key: `T-${caller.calls.length}` } }) };
  let turns = createTurns();
  let fence = 0;
  let requests = 0;
  const tx = <T>(body: (tx: StoreTx) => Promise<T>): Promise<T> => store.transact({ durable: false }, body);
  const takeLease = (): Promise<number> =>
    tx(async (t) => {
      const next = await t.nextFence();
      await t.putLease({ fence: next, holder: { host: "h", boot: "b", pid: next, started: null }, takenAt: clock.now(), expiresAt: clock.now() + 15_000 });
      return next;
    });
  fence = await takeLease();

  return {
    store, clock, caller, events, tx,
    async open({ run, lease, ...options } = {}) {
      if (lease === true) [fence, turns] = [await takeLease(), createTurns()];
      return createEffects({
        store, clock, turns, fence, epoch: 1, plan: null, policy: DEFAULT_POLICY, targetOf: (server) => `https://${server}.test/`, lockFault: () => null, timeoutMs: () => FIXTURE_TIMEOUT_MS, startRun: (_tx, { workflow, key }) => Promise.resolve(`run-of-${workflow}-${key}`),
        newId: () => `request-${++requests}`,
        beforeCommit: () => Promise.resolve(), onEffect: (event) => { events.push(event); },
        caller: {
          async call(server, tool, args, { deadlineAt }) {
            caller.calls.push({ server, tool, args, deadlineAt });
            return caller.answer({ tool, args });
          },
        },
        run: { id: "run-1", rootRunId: run?.id ?? "run-1", workflow: "leaks", phase: "run", inputsHash: "i", maxWrites: null, ...run },
        ...options,
      });
    },
    row: (effect) => tx((t) => t.getEffect(effect)),
    binding: (key = FIXTURE_KEY.key) => tx((t) => t.getBinding({ ...FIXTURE_KEY, key })),
  };
}

/** Binds the fixture's identity to what its create made: the state that most updates begin from. */
export async function bindCreated(effects: Effects, effect: string, kept: Data = { key: "T-1" }): Promise<Binding> {
  return effects.bind({ kind: "bound", key: FIXTURE_KEY, effect, generation: 1, kept, targetKey: "t1", adopted: false, server: "jira" });
}
