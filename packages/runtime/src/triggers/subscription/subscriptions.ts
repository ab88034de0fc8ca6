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
  /** Hears why a resource cannot be listened to that a trigger names since an edit: what is served goes on. */
  readonly refused: (error: unknown) => void;
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
 * more than once, and the beginning of listening, and its return after a gap, count as changes. `look` rejects with `LISTEN_UNSUPPORTED` or `SERVER_UNKNOWN` when the server of a trigger cannot be listened to that was there from the beginning.
 */
export function createSubscriptions({ store, environment, workflows, listen, refused }: SubscriptionsOptions): TriggerSource {
  const { clock } = environment;
  const listening = new Map<string, { readonly stop: AbortController; readonly isTrigger: boolean }>();
  const changed = new Map<string, Resource>();
  const failures: unknown[] = [];
  const first = workflows();
  let waitsAt = Number.NEGATIVE_INFINITY;

  const listenTo = (resource: Resource, isTrigger: boolean): void => {
    if (listening.has(resource.topic)) return;
    const stop = new AbortController();
    listening.set(resource.topic, { stop, isTrigger });
    const hear = (): void => void (stop.signal.aborted || changed.set(resource.topic, resource));
    const isFirst = workflows() === first;
    listen(resource.server, { resources: [resource.uri], lists: false }, hear, stop.signal).catch((error: unknown) => {
      // A step that waits for what cannot be listened to may still be offered it by hand, and must not end the others; nor must an edit.
      if (isTrigger && isFirst) failures.push(error);
      else if (isTrigger) refused(error);
    });
  };
  const listenToAll = async (): Promise<void> => {
    const wanted = resourcesOf(workflows());
    for (const [topic, { stop, isTrigger }] of listening) {
      if (isTrigger === wanted.has(topic)) continue;
      // A trigger that is new begins with a change, and one that is gone may leave steps that wait for it.
      stop.abort();
      listening.delete(topic);
      waitsAt = Number.NEGATIVE_INFINITY;
    }
    for (const resource of wanted.values()) listenTo(resource, true);
    if (clock.now() - waitsAt < WAITS_MS) return;
    waitsAt = clock.now();
    for (const resource of await awaitedResources(store)) listenTo(resource, false);
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
      for (const { stop } of listening.values()) stop.abort();
      listening.clear();
      changed.clear();
      waitsAt = Number.NEGATIVE_INFINITY;
    },
  };
}

function resourcesOf(workflows: readonly ServedWorkflow[]): ReadonlyMap<string, Resource> {
  const resources = workflows.flatMap(({ triggers }) => triggers.flatMap(({ node, topic }) => (node.kind === "resource" ? [{ topic, server: node.server, uri: node.uri }] : [])));
  return new Map(resources.map((resource) => [resource.topic, resource]));
}

/** Those that steps of runs wait for. */
async function awaitedResources(store: Store): Promise<readonly Resource[]> {
  const topics = await store.transact({ durable: false, reads: true }, (tx) => tx.openTopics());
  return topics.flatMap((topic) => {
    const [, server, uri] = /^resource:([^:]+):(.*)$/s.exec(topic) ?? [];
    return server === undefined || uri === undefined ? [] : [{ topic, server, uri }];
  });
}
