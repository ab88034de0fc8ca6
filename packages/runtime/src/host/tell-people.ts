import { backOffMs, type Data, type ErrorData, isOffstageError, newRunId, OffstageError } from "../base/index.ts";
import { createEffects, type Effects, type Turns } from "../effects/index.ts";
import type { Value } from "../engine/index.ts";
import { type EffectAnswer, effectId, type EffectIdentity, type LedgerEntry } from "../model/index.ts";
import type { Store } from "../state/index.ts";
import type { Environment } from "./environment.ts";
import { type Allowance, assignNotices, openNotices } from "./notices.ts";
import type { Notice } from "./notice.ts";

/** What {@link createTeller} needs. */
export interface TellerOptions {
  readonly store: Store;
  readonly environment: Environment;
  readonly turns: Turns;
}

/** Tells people of what waits for them. */
export interface Teller {
  /** Sends what is not sent yet, as whoever has the lease. Rejects when the store fails or belongs to another process. */
  look(fence: number): Promise<void>;
}

/** The name under which policies and the pause switch know these writes, and the root that they have in the ledger. */
export const TELLING = "offstage.approvals";

/** Nobody reads a hundred messages. Ms. */
const WINDOW_MS = 600_000;

/** What failed is tried again, ever more rarely. Ms. */
const AGAIN = { firstMs: 60_000, longestMs: 3_600_000 };

/** Makes a {@link Teller}; null where nobody is to be told. */
export function createTeller({ store, environment, turns }: TellerOptions): Teller | null {
  const { notices, clock, news } = environment;
  // What waited before the dry run began is told of after it.
  if (notices === undefined || environment.dryRun === true) return null;
  let since = 0;
  let used: Allowance = { own: 0, bundle: false };
  const settled = new Set<string>();
  const notBefore = new Map<string, number>();
  const later = (id: string, attempts: number): void => void notBefore.set(id, clock.now() + backOffMs(attempts, AGAIN));

  /** Gives why it could not be told; null: it was, or is not to be tried now. */
  const tellOne = async (fence: number, notice: Notice, recipient: string): Promise<string | null> => {
    const identity = identityOf(notice, recipient);
    const id = effectId(identity);
    if (settled.has(id) || (notBefore.get(id) ?? 0) > clock.now()) return null;
    const entry = await store.transact({ durable: false, reads: true }, (tx) => tx.getEffect(id));
    if (entry?.status === "failed" && dueAgain(entry) > clock.now()) return null;
    let args: Data | null;
    try {
      args = notices.kept(notice, recipient);
      if (args === null) {
        settled.add(id);
        return null;
      }
      await environment.connect([notices.server]);
    } catch (error) {
      if (!isOffstageError(error) || error.code.startsWith("STORE_")) throw error;
      later(id, 1);
      return error.message;
    }
    const effects = await effectsFor({ store, environment, turns }, fence, notice, () => notices.sent(notice, recipient));
    const call = { server: notices.server, tool: notices.tool, class: environment.rulebook.tools.classify(notices.server, notices.tool, args as Value) };
    const answer = await effects.perform({ identity, step: "notify", call, args: { value: args, unknown: [] }, certainty: "sure", identityKnown: true, after: null, label: `message of ${notice.label}`, server: notices.server });
    if (answer.kind === "done" || answer.kind === "ambiguous") settled.add(id);
    else later(id, (entry?.attempt ?? 0) + 1);
    return faultOf(answer);
  };
  return {
    async look(fence) {
      const now = clock.now();
      if (now - since >= WINDOW_MS) [since, used] = [now, { own: 0, bundle: false }];
      const told = await assignNotices(store, fence, { own: notices.most - used.own, bundle: !used.bundle }, now);
      used = { own: used.own + told.own, bundle: used.bundle || told.bundle };
      const open = await openNotices(store, clock.now());
      for (const notice of open) await tellAll(notices.recipients, (recipient) => tellOne(fence, notice, recipient), (why, recipients) => news({ kind: "run-waiting", why: `Could not tell ${recipients.join(", ")} of ${notice.label}: ${why} What waits is listed by \`offstage approve\`.` }));
      // Of what is answered nothing is remembered: a process goes on for months.
      const known = new Set(open.flatMap((notice) => notices.recipients.map((recipient) => effectId(identityOf(notice, recipient)))));
      for (const id of settled) if (!known.has(id)) settled.delete(id);
      for (const id of notBefore.keys()) if (!known.has(id)) notBefore.delete(id);
    },
  };
}

/** One that waits, to all who are to know. What keeps it from several of them is said once, also when the store fails in between. */
async function tellAll(recipients: readonly string[], tellOne: (recipient: string) => Promise<string | null>, fault: (why: string, recipients: readonly string[]) => void): Promise<void> {
  const faults = new Map<string, string[]>();
  try {
    for (const recipient of recipients) {
      const why = await tellOne(recipient);
      if (why !== null) faults.set(why, [...(faults.get(why) ?? []), recipient]);
    }
  } finally {
    for (const [why, untold] of faults) fault(why, untold);
  }
}

function identityOf({ id }: Notice, recipient: string): EffectIdentity {
  return { kind: "once", scope: TELLING, key: `${id} ${recipient}`, window: null };
}

/** The write path of one message. What gives its reader power is put in behind the ledger, in the call, and what came back is not kept: it may hold it. */
async function effectsFor({ store, environment, turns }: TellerOptions, fence: number, notice: Notice, sent: () => Data): Promise<Effects> {
  const { clock } = environment;
  const epoch = await store.transact({ durable: false, reads: true }, async (tx) => Number(await tx.getMeta("epoch")));
  return createEffects({
    store, turns, fence, epoch, clock, plan: null, asks: false, policy: environment.policyNow?.() ?? environment.policy, targetOf: environment.targetOf, lockFault: environment.lockFault, timeoutMs: environment.timeoutMs,
    run: { id: notice.runId, rootRunId: TELLING, workflow: TELLING, phase: "run", inputsHash: "", maxWrites: null },
    caller: { call: async (server, tool, _kept, options) => withoutValue(await environment.calls.call(server, tool, sent(), options)) },
    newId: () => newRunId(clock.now(), environment.random),
    startRun: () => Promise.reject(new OffstageError("BUG", "A message starts no run.")),
    beforeCommit: () => Promise.resolve(), onEffect: () => undefined,
  });
}

function withoutValue<A extends { readonly kind: string }>(answer: A): A | { readonly kind: "value"; readonly value: null } {
  return answer.kind === "value" ? { kind: "value", value: null } : answer;
}

function dueAgain({ settledAt, attempt }: LedgerEntry): number {
  return (settledAt ?? 0) + backOffMs(attempt, AGAIN);
}

function faultOf(answer: EffectAnswer): string | null {
  const told = ({ message, hint }: ErrorData): string => [message, hint].filter((part) => part !== undefined).join(" ");
  switch (answer.kind) {
    case "done":
      return null;
    case "ambiguous":
      return `${told(answer.error)} It is not sent again.`;
    case "held":
      return answer.why.kind === "paused" ? null : `the policy holds the message itself (${"detail" in answer.why ? answer.why.detail : answer.why.kind}). Where a rule does, put one before it: { verdict: allow, workflow: ${TELLING} }.`;
    case "failed":
    case "refused":
      return told(answer.error);
  }
}
