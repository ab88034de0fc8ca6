import { keepListening } from "./keep-listening.ts";
import { hearNotices } from "./notices.ts";
import type { ServerEvent } from "./server-event.ts";
import { createWatches, LOST, type OpenWatch, type WatchesOptions } from "./watches.ts";

/**
 * Hears what one connection's server tells of changes, for as long as it lasts: of its lists always, where it tells of them (in the modern
 * era that is a stream of its own), of resources while somebody watches them. `hear` is for the connection itself.
 */
export function followChanges(options: Omit<WatchesOptions, "notices">, hear: (event: ServerEvent) => void): OpenWatch {
  const { client, clock, over } = options;
  const notices = hearNotices(client);
  notices.on(hear);
  const watch = createWatches({ ...options, notices });
  options.unasked?.onLost(() => hear({ kind: "gap", from: clock.now(), to: clock.now(), why: LOST }));
  const { tools, resources, prompts } = client.getServerCapabilities() ?? {};
  const tellsOfLists = [tools, resources, prompts].some((one) => one?.listChanged === true);
  if (client.getProtocolEra() === "modern" && tellsOfLists) {
    const gone = new AbortController();
    void over.then(() => gone.abort());
    // What it tells is heard already; a gap is told by the loop alone.
    const hearGap = (event: ServerEvent): void => (event.kind === "gap" ? hear(event) : undefined);
    keepListening({ clock, watches: () => Promise.resolve(watch), wants: { resources: [], lists: true }, hear: hearGap, signal: gone.signal }).catch(() => undefined);
  }
  return watch;
}
