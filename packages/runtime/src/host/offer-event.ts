import { type Data, encodeValue, hashJson, type Json, OffstageError, type Redactor } from "../base/index.ts";
import { type EventWait, isEnded, type Wait } from "../model/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import { eventOf } from "./event-shape.ts";
import { isPast } from "./waits.ts";

/** An event that is offered to a run by hand. */
export interface Offer {
  readonly runId: string;
  /** The event as the workflow gets it; what its source says of every event may be left out. */
  readonly event: Data;
  /** `webhook:github`; needed only when the run waits for events of several sources. */
  readonly topic?: string;
  /** Tells this event from others: one that is offered to the run again changes nothing. Without it, what the event holds does, for as long as a step waits. */
  readonly id?: string;
}

/** What became of an offer. */
export interface OfferedTo {
  readonly topic: string;
  readonly id: string;
  /** The steps to which it was new; none when it was offered before. */
  readonly steps: readonly string[];
}

type WaitRow = Wait & EventWait;

/** As much as a value of a run may have: characters of its JSON. */
export const MAX_EVENT = 10 << 20;

/**
 * Keeps an event for every step of a run that waits for one of its source, durably and once: whoever drives the run next looks at it,
 * also when this process ends now. Needs no lease. What is registered as a secret is taken out first, as it is of what servers answer.
 *
 * Errors: `RUN_UNKNOWN`, `EVENT_UNWANTED`, `EVENT_INVALID`, and `USAGE` when it has to be said which source is meant.
 */
export function offerEvent(store: Store, { redactor, now }: { readonly redactor: Redactor; readonly now: () => number }, offer: Offer): Promise<OfferedTo> {
  const given = redactor.redactData(offer.event);
  return store.transact({ durable: true }, async (tx) => {
    const at = now();
    const waits = await waitsFor(tx, offer, at);
    const [{ topic, source }] = waits;
    const event = eventOf(source, given);
    const encoded = encodeValue(event);
    if (encoded.length > MAX_EVENT) throw new OffstageError("EVENT_INVALID", "The event is larger than 10 MiB.", { hint: "A run cannot hold it. Offer what the workflow needs of it." });
    const id = redactor.redact(offer.id ?? hashJson(JSON.parse(encoded) as Json));
    // What two events hold may be the same; an id of its own is one event for the whole run, also for what waits later.
    if (offer.id !== undefined && !(await tx.rememberEvent(offer.runId, topic, id))) return { topic, id, steps: [] };
    const steps: string[] = [];
    for (const wait of waits) {
      const isNew = await tx.offerEvent({ runId: wait.runId, step: wait.step, id, event, offeredAt: at });
      if (!isNew) continue;
      steps.push(wait.step);
      await tx.putWait({ ...wait, status: "ready" });
    }
    return { topic, id, steps };
  });
}

/** The steps that take the event: all of one source. */
async function waitsFor(tx: StoreTx, { runId, topic }: Offer, now: number): Promise<readonly [WaitRow, ...WaitRow[]]> {
  const run = await tx.getRun(runId);
  if (run === null) throw new OffstageError("RUN_UNKNOWN", `The store has no run ${runId}.`, { hint: "`offstage runs` lists them." });
  if (isEnded(run.status)) throw new OffstageError("EVENT_UNWANTED", `Run ${runId} waits for no event: it is at its end, ${run.status}.`, { hint: "`offstage runs` lists those that are parked." });
  const known = await tx.listWaits({ runId, kind: "event", status: ["open", "ready"], limit: Number.MAX_SAFE_INTEGER });
  const waits = known.flatMap((wait) => (wait.kind === "event" && (topic === undefined || wait.topic === topic) ? [wait] : [])).toReversed();
  const open = waits.filter((wait) => !isPast(wait, now));
  const [first, ...more] = open;
  // Which of two waits began first within a millisecond nobody knows.
  const topics = [...new Set(open.map((wait) => wait.topic))].toSorted();
  if (topics.length > 1) throw new OffstageError("USAGE", `Run ${runId} waits for events of ${topics.length} sources: ${topics.join(", ")}.`, { hint: `Say which one this is: --topic ${topics[0]}` });
  if (first !== undefined) return [first, ...more];
  const [late] = waits;
  if (late !== undefined) throw new OffstageError("EVENT_UNWANTED", `Run ${runId} waited for ${late.label} until ${new Date(late.until ?? 0).toISOString()}.`, { hint: "It goes on without it: `offstage resume`." });
  const others = [...new Set(known.flatMap((wait) => (wait.kind === "event" ? [wait.topic] : [])))];
  const what = topic === undefined ? "no event" : `no event of ${topic}`;
  throw new OffstageError("EVENT_UNWANTED", `Run ${runId} waits for ${what}.`, { hint: others.length === 0 ? `An event is not kept for a wait that has not begun. \`offstage show ${runId}\` says what it waits for.` : `It waits for: ${others.join(", ")}.` });
}
