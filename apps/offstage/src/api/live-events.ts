import { type Clock, type Data, type Redactor, shorten, stringifyExact } from "offstage/base";
import type { RunNews, ServeNews } from "offstage/host";
import type { Arrival, Run } from "offstage/model";
import type { Store } from "offstage/state";
import type { QueueNews } from "offstage/triggers/queue";
import type { WebhookNews } from "offstage/triggers/webhook";
import type { z } from "zod";
import type { OpenNews } from "../open-addresses.ts";
import type { ReloadNews } from "../reload/reload-news.ts";
import { createEventLog, type EventLog } from "./event-log.ts";
import { summaryOf } from "./run-summary.ts";
import type { liveEvent } from "./shapes.ts";

type LiveEvent = z.output<typeof liveEvent>;
/** Without the instant, which is that at which it is told. */
type Untimed<Event> = Event extends unknown ? Omit<Event, "at"> : never;

/** What happens in this process, for those who look at it while it does. */
export interface LiveEvents {
  observe(news: RunNews | ServeNews | WebhookNews | QueueNews | OpenNews | ReloadNews): void;
  /** From now on it is looked up what runs ask of people. */
  follow(store: Store): void;
  readonly log: EventLog;
}

/** How many events are remembered for whoever comes back, and how many open approvals are known to have been told. */
const REMEMBERED = 1_000;
/** More of a label, an id and a reason says what they belong to. UTF-16 units. */
const SHOWN = 300;

/** Makes {@link LiveEvents}. `boot`: tells the events of this process from those of others. */
export function createLiveEvents({ clock, redactor, boot }: { readonly clock: Clock; readonly redactor: Redactor; readonly boot: string }): LiveEvents {
  const log = createEventLog({ clock, boot, most: REMEMBERED });
  const told = new Set<string>();
  let store: Store | null = null;
  const tell = (event: Untimed<LiveEvent>): void => log.add(event.kind, stringifyExact(redactor.redactData({ ...event, at: clock.now() } as unknown as Data)));
  const opened = (approval: string, event: Pick<Extract<LiveEvent, { kind: "approval-opened" }>, "asks" | "workflow" | "run" | "label">): void => {
    if (told.has(approval)) return;
    told.add(approval);
    for (const oldest of told) if (told.size > REMEMBERED) told.delete(oldest);
    tell({ kind: "approval-opened", approval, ...event, label: shorten(event.label, SHOWN) });
  };
  const askedBy = async (run: Run): Promise<void> => {
    for (const { kind, id, label } of run.waits) if (kind === "approval") opened(id, { asks: "question", workflow: run.workflow, run: run.id, label });
    if (store === null || !run.held.some(({ waits }) => waits)) return;
    const requests = await store.transact({ durable: false, reads: true }, (tx) => tx.listRequests({ status: ["open"], limit: REMEMBERED }));
    for (const { id, rootRunId, workflow, runId, label } of requests.toReversed()) if (rootRunId === run.rootRunId) opened(id, { asks: "permission", workflow, run: runId, label });
  };
  return {
    log,
    follow: (one) => void (store = one),
    observe(news) {
      for (const event of eventsOf(news)) tell(event);
      // A store that fails is told of where it is used; this is a view.
      if (news.kind === "run-parked" || news.kind === "run-ended") void askedBy(news.run).catch(() => undefined);
    },
  };
}

function eventsOf(news: Parameters<LiveEvents["observe"]>[0]): readonly Untimed<LiveEvent>[] {
  switch (news.kind) {
    case "run-started":
    case "run-parked":
    case "run-ended":
      return [{ kind: news.kind, run: summaryOf(news.run) }];
    case "started":
      return [{ kind: "run-queued", run: summaryOf(news.run) }];
    case "arrived":
    case "dropped":
      return [arrivalOf(news.arrival)];
    case "delivered":
      return news.brought.arrivals.map(arrivalOf);
    default:
      return [];
  }
}

function arrivalOf({ status, workflow, trigger, id, why }: Arrival): Untimed<LiveEvent> {
  return { kind: status === "dropped" ? "arrival-dropped" : "arrival-taken", workflow, trigger, id: shorten(id, SHOWN), why: why === null ? null : shorten(why, SHOWN) };
}
