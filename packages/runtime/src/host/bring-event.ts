import { encodeValue, OffstageError, type Redactor } from "../base/index.ts";
import type { Arrival, EventWait, RunEvent, Wait } from "../model/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import { keepArrival } from "./arrivals.ts";
import { withFormerNames } from "./former-names.ts";
import type { Environment } from "./environment.ts";
import { MAX_EVENT } from "./offer-event.ts";
import type { ServedTrigger, ServedWorkflow } from "./served-workflow.ts";
import { isPast } from "./waits.ts";

/** An event that came from outside. */
export interface BroughtEvent {
  /** The source in one text, `webhook:github`. */
  readonly topic: string;
  readonly event: Exclude<RunEvent, { readonly kind: "call" | "started" }>;
  /** Tells it from the others of its source: one that was brought before changes nothing. */
  readonly id: string;
}

/** What a brought event came to. */
export interface Brought {
  /** One for each trigger that wants it, and had none of this id before. */
  readonly arrivals: readonly Arrival[];
  /** How many steps that wait were offered it. */
  readonly waits: number;
}

/**
 * Keeps an event for every trigger and for every waiting step of its source, durably and once. When this has resolved the event is not lost: whoever sent it may be told so.
 * What is registered as a secret is taken out first. Errors: `EVENT_INVALID` when it is too large.
 */
export async function bringEvent(store: Store, environment: BringEnvironment, workflows: readonly ServedWorkflow[], brought: BroughtEvent): Promise<Brought> {
  const [first] = await bringEvents(store, environment, workflows, [brought]);
  return first as Brought;
}

/** The same for several, in their order and in one transaction: all are kept, or none is. */
export async function bringEvents(store: Store, { clock, redactor, bell }: BringEnvironment, workflows: readonly ServedWorkflow[], events: readonly BroughtEvent[]): Promise<readonly Brought[]> {
  const redacted = events.map((brought) => withoutSecrets(brought, redactor));
  const kept = await store.transact({ durable: true }, async (tx) => {
    const now = clock.now();
    const came: Brought[] = [];
    for (const brought of redacted) came.push({ arrivals: await keepForTriggers(tx, workflows, brought, now), waits: await offerToWaits(tx, brought, now) });
    return came;
  });
  if (kept.some(({ arrivals, waits }) => arrivals.length > 0 || waits > 0)) bell?.ring();
  return kept;
}

type BringEnvironment = Pick<Environment, "clock" | "bell"> & { readonly redactor: Redactor };

function withoutSecrets(brought: BroughtEvent, redactor: Redactor): BroughtEvent {
  const event = redactor.redactData(brought.event) as BroughtEvent["event"];
  if (encodeValue(event).length > MAX_EVENT) throw new OffstageError("EVENT_INVALID", "The event is larger than 10 MiB.", { hint: "A run cannot hold it." });
  return { ...brought, event, id: redactor.redact(brought.id) };
}

async function keepForTriggers(tx: StoreTx, workflows: readonly ServedWorkflow[], { topic, event, id }: BroughtEvent, now: number): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  for (const workflow of withFormerNames(workflows)) {
    for (const trigger of workflow.triggers.filter((one) => listensTo(one, topic))) {
      const arrival = await keepArrival(tx, workflow, trigger, { event, id, dueAt: now }, now);
      if (arrival !== null) arrivals.push(arrival);
    }
  }
  return arrivals;
}

function listensTo({ topic }: ServedTrigger, other: string): boolean {
  return topic === other;
}

/** A run that has looked at an event before is not offered it again, also by a step that waits only now. */
async function offerToWaits(tx: StoreTx, { topic, event, id }: BroughtEvent, now: number): Promise<number> {
  const listed = await tx.listWaits({ kind: "event", topic, status: ["open", "ready"], limit: Number.MAX_SAFE_INTEGER });
  const waits = (listed as readonly (Wait & EventWait)[]).filter((wait) => !isPast(wait, now));
  const known = new Map<string, boolean>();
  let offered = 0;
  for (const wait of waits) {
    if (!known.has(wait.runId)) known.set(wait.runId, await tx.rememberEvent(wait.runId, topic, id));
    if (known.get(wait.runId) === false || !(await tx.offerEvent({ runId: wait.runId, step: wait.step, id, event, offeredAt: now }))) continue;
    await tx.putWait({ ...wait, status: "ready" });
    offered += 1;
  }
  return offered;
}
