import type { Redactor } from "../../base/index.ts";
import { bringEvent, type Environment, type ServedWorkflow, type TriggerSource } from "../../host/index.ts";
import type { ServerPool } from "../../mcp/index.ts";
import type { Arrival } from "../../model/index.ts";
import type { Store } from "../../state/index.ts";

/** What {@link createSubscriptions} needs. */
export interface SubscriptionsOptions {
  readonly store: Store;
  readonly environment: Pick<Environment, "clock" | "random"> & { readonly redactor: Redactor };
  readonly workflows: () => readonly ServedWorkflow[];
  /** A pool's. */
  readonly listen: ServerPool["listen"];
}

interface Resource {
  readonly topic: string;
  readonly server: string;
  readonly uri: string;
}

/** How often it is looked whether steps of runs wait for resources that nobody listens to yet. Ms. */
const WAITS_MS = 5_000;

/**
 * Listens to the resources that triggers and waiting steps name. Servers tell that something changed, not what, and forget what they told: so a change is an event that may come
 * more than once, and the beginning of listening, and its return after a gap, count as changes. `look` rejects with `LISTEN_UNSUPPORTED` or `SERVER_UNKNOWN` when a trigger's server cannot be listened to.
 */
export function createSubscriptions({ store, environment, workflows, listen }: SubscriptionsOptions): TriggerSource {
  const { clock } = environment;
  const listening = new Map<string, AbortController>();
  const changed = new Map<string, Resource>();
  const failures: unknown[] = [];
  let waitsAt = Number.NEGATIVE_INFINITY;

  const listenTo = (resource: Resource, isTrigger: boolean): void => {
    if (listening.has(resource.topic)) return;
    const stop = new AbortController();
    listening.set(resource.topic, stop);
    const hear = (): void => void (stop.signal.aborted || changed.set(resource.topic, resource));
    // A step that waits for what cannot be listened to may still be offered it by hand, and must not end the others.
    listen(resource.server, { resources: [resource.uri], lists: false }, hear, stop.signal).catch((error: unknown) => void (isTrigger && failures.push(error)));
  };
  const listenToAll = async (): Promise<void> => {
    for (const { triggers } of workflows()) for (const { node, topic } of triggers) if (node.kind === "resource") listenTo({ topic, server: node.server, uri: node.uri }, true);
    if (clock.now() - waitsAt < WAITS_MS) return;
    waitsAt = clock.now();
    for (const topic of await store.transact({ durable: false, reads: true }, (tx) => tx.openTopics())) {
      const [, server, uri] = /^resource:([^:]+):(.*)$/s.exec(topic) ?? [];
      if (server !== undefined && uri !== undefined) listenTo({ topic, server, uri }, false);
    }
  };
  const bring = async (): Promise<readonly Arrival[]> => {
    const came: Arrival[] = [];
    const told = [...changed.values()];
    // What changes while these are brought is another change.
    changed.clear();
    for (const { topic, uri } of told) {
      const id = Buffer.from(environment.random(16)).toString("hex");
      came.push(...(await bringEvent(store, environment, workflows(), { topic, event: { kind: "resource", uri }, id })).arrivals);
    }
    return came;
  };
  return {
    async look() {
      await listenToAll();
      const [failure] = failures;
      if (failure !== undefined) throw failure;
      return { next: Number.POSITIVE_INFINITY, came: await bring() };
    },
    rest() {
      for (const stop of listening.values()) stop.abort();
      listening.clear();
      changed.clear();
      waitsAt = Number.NEGATIVE_INFINITY;
    },
  };
}
