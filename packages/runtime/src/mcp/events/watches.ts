import { type Client, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/client";
import { type Clock, OffstageError } from "../../base/index.ts";
import { NO_TIMEOUT } from "../raw-result.ts";
import type { UnaskedStream } from "../server-transport.ts";
import { startTimeLimit } from "../time-limit.ts";
import type { Notices } from "./notices.ts";
import type { EventWants, Notice } from "./server-event.ts";
import { createSharedSubscriptions, type Subscription } from "./shared-subscriptions.ts";

/** Whether a server hears that nobody listens any more is its own concern. Ms. */
const GOODBYE_MS = 5_000;

/** Opens what tells of changes, as long as its connection and its stream last. */
export type OpenWatch = (wants: EventWants, hear: (notice: Notice) => void, signal: AbortSignal) => Promise<Subscription>;

/** What watches are made of. */
export interface WatchesOptions {
  /** The server's name. */
  readonly name: string;
  readonly client: Client;
  readonly notices: Notices;
  /** Resolves with why the connection is over. */
  readonly over: Promise<string>;
  readonly clock: Clock;
  /** How long a server may take to agree, ms. */
  readonly timeoutMs: number;
  /** On which a legacy server tells, where it can be lost while the connection lasts. */
  readonly unasked?: UnaskedStream;
}

/** Why a watch is over whose stream is. */
export const LOST = "its stream was lost";

/**
 * Watches over one connection: a stream of `subscriptions/listen` in the modern era, `resources/subscribe` and what comes unasked in the
 * legacy one. Equal wishes share one subscription; where wishes overlap, a change is told twice. Rejects with `LISTEN_UNSUPPORTED` where a
 * server does not tell of what is wanted.
 */
export function createWatches(options: WatchesOptions): OpenWatch {
  const { name, client, notices, over } = options;
  const shared = createSharedSubscriptions();
  const isModern = (): boolean => client.getProtocolEra() === "modern";
  let lost = Promise.withResolvers<string>();
  options.unasked?.onLost(() => {
    const was = lost;
    lost = Promise.withResolvers<string>();
    was.resolve(LOST);
  });
  const subscribe = (uris: readonly string[] | null) => async (): Promise<Subscription> => {
    const limit = startTimeLimit(options.clock, options.timeoutMs, undefined);
    try {
      if (isModern()) return await listenTo(name, client, uris, limit.signal);
      await options.unasked?.ensure(limit.signal);
      return await subscribeTo(client, uris, lost.promise, limit.signal);
    } catch (error) {
      if (limit.cause() !== "timeout") throw error;
      throw new OffstageError("SERVER_TIMEOUT", `The MCP server "${name}" did not agree in time to tell of changes.`, { cause: error });
    } finally {
      limit.release();
    }
  };
  return async (wants, hear, signal) => {
    const { lists } = wants;
    refuseUnsupported(name, client, wants);
    const uris = [...new Set(wants.resources)].toSorted();
    const leave = notices.on((notice) => {
      if (notice.kind === "list-changed" ? lists : uris.includes(notice.uri)) hear(notice);
    });
    // The legacy era takes one resource at a time, and forgets it for all who share it.
    const groups = uris.length === 0 ? [] : isModern() ? [uris] : uris.map((uri) => [uri]);
    const joined = await Promise.allSettled([
      ...(lists ? [shared.join("lists", subscribe(null), signal)] : []),
      ...groups.map((group) => shared.join(JSON.stringify(group), subscribe(group), signal)),
    ]);
    const subscriptions = joined.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const close = async (): Promise<void> => {
      leave();
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
    };
    const failed = joined.find((one) => one.status === "rejected");
    if (failed === undefined) return { over: Promise.race([over, ...subscriptions.map((one) => one.over)]), close };
    void close();
    throw failed.reason;
  };
}

/** A stream of the modern era; `uris` null for the lists. */
async function listenTo(name: string, client: Client, uris: readonly string[] | null, signal: AbortSignal): Promise<Subscription> {
  const { tools, resources, prompts } = client.getServerCapabilities() ?? {};
  const lists = { toolsListChanged: tools?.listChanged === true, resourcesListChanged: resources?.listChanged === true, promptsListChanged: prompts?.listChanged === true };
  const stream = await client.listen(uris === null ? lists : { resourceSubscriptions: [...uris] }, { signal, timeout: NO_TIMEOUT }).catch((error: unknown) => {
    // It says that it tells of changes, and does not know how one listens: no later try would do better.
    throw error instanceof ProtocolError && error.code === ProtocolErrorCode.MethodNotFound ? unsupported(name, uris === null ? "its lists" : "its resources") : error;
  });
  const { resourceSubscriptions = [], ...flags } = stream.honoredFilter;
  const ignored = uris?.find((uri) => !resourceSubscriptions.includes(uri)) ?? (uris !== null || Object.values(flags).includes(true) ? null : "its lists");
  if (ignored !== null) {
    await stream.close();
    throw unsupported(name, ignored);
  }
  return {
    over: stream.closed.then((how) => (how === "graceful" ? "the server ended its stream" : LOST)),
    close: () => stream.close(),
  };
}

/** The legacy era tells of lists unasked, and of resources after a request for each. */
async function subscribeTo(client: Client, uris: readonly string[] | null, lost: Promise<string>, signal: AbortSignal): Promise<Subscription> {
  const asked = uris ?? [];
  await Promise.all(asked.map((uri) => client.subscribeResource({ uri }, { signal, timeout: NO_TIMEOUT })));
  return {
    over: lost,
    async close() {
      await Promise.all(asked.map((uri) => client.unsubscribeResource({ uri }, { timeout: GOODBYE_MS }).catch(() => undefined)));
    },
  };
}

function refuseUnsupported(name: string, client: Client, { resources: uris, lists }: EventWants): void {
  const { tools, resources, prompts } = client.getServerCapabilities() ?? {};
  const lacksResources = uris.length > 0 && resources?.subscribe !== true;
  const lacksLists = lists && ![tools, resources, prompts].some((one) => one?.listChanged === true);
  if (lacksResources || lacksLists) throw unsupported(name, lacksResources ? "its resources" : "its lists");
}

function unsupported(name: string, what: string): OffstageError {
  return new OffstageError("LISTEN_UNSUPPORTED", `The MCP server "${name}" does not tell of changes of ${what}.`, { hint: 'Look at it on a schedule instead: every("10m").' });
}
