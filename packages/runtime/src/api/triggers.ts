import type { Duration } from "./time.ts";
import type { ServerBase } from "./server.ts";

declare const event: unique symbol;

/** What starts a run. Listed in a workflow's `on`; made by {@link every}, {@link cron}, {@link webhook}, {@link queue} and {@link resource}. */
export interface Trigger<Event> {
  readonly [event]: Event;
}

/** What happens to an event while a run with the same key is going on. */
export type Overlap = "queue" | "skip" | "replace";

/** What any trigger may say besides what it listens to. */
export interface TriggerOptions<Event> {
  /** Only events for which this holds start a run. */
  readonly when?: (event: Event) => boolean;
  /** Names the run: runs with the same key do not overlap. Without it the whole workflow is one key. */
  readonly key?: (event: Event) => string;
  /** `"queue"` (what happens when nothing is said) starts it afterwards, `"skip"` drops it, `"replace"` cancels the running one. */
  readonly overlap?: Overlap;
  /** The run visits everything, so that records which no longer occur can be released. A sweep is never skipped. */
  readonly sweep?: boolean;
}

/** Options of {@link every} and {@link cron}. */
export interface ScheduleOptions extends TriggerOptions<ScheduleEvent> {
  /** What to do about times that passed while nothing was running: nothing, one run for all of them (what happens when nothing is said), or one run for each. */
  readonly missed?: "skip" | "once" | "all";
  /** Starts up to this much later, so that many workflows do not start together. */
  readonly jitter?: Duration;
}

/** Options of {@link cron}. */
export interface CronOptions extends ScheduleOptions {
  /** An IANA zone, `"UTC"` or `"Europe/Berlin"`. Required: a cron line means nothing without one. */
  readonly timezone: string;
}

/** The event of {@link every} and {@link cron}. */
export interface ScheduleEvent {
  readonly kind: "schedule";
  /** The planned time, ISO 8601. */
  readonly at: string;
}

/** The event of {@link webhook}. */
export interface WebhookEvent {
  readonly kind: "webhook";
  readonly source: string;
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, parsed when it is JSON. */
  readonly body: any;
}

/** The event of {@link queue}. */
export interface QueueEvent {
  readonly kind: "queue";
  readonly body: any;
  /** Counts from 1. */
  readonly attempt: number;
}

/** The event of {@link resource}. */
export interface ResourceEvent {
  readonly kind: "resource";
  readonly uri: string;
}

/** Starts a run at a steady interval: `every("10m")`. */
export declare function every(interval: Duration, options?: ScheduleOptions): Trigger<ScheduleEvent>;

/** Starts a run by a cron line of five fields: `cron("0 2 * * *", { timezone: "UTC" })`. */
export declare function cron(expression: string, options: CronOptions): Trigger<ScheduleEvent>;

/** Starts a run for each delivery of a webhook source that `offstage.yaml` knows. */
export declare function webhook(source: string, filter?: ((event: WebhookEvent) => boolean) | TriggerOptions<WebhookEvent>): Trigger<WebhookEvent>;

/** Starts a run for each message of a queue that `offstage.yaml` knows. */
export declare function queue(name: string, filter?: ((event: QueueEvent) => boolean) | TriggerOptions<QueueEvent>): Trigger<QueueEvent>;

/** Starts a run when an MCP resource changes. */
export declare function resource(server: ServerBase, uri: string, filter?: ((event: ResourceEvent) => boolean) | TriggerOptions<ResourceEvent>): Trigger<ResourceEvent>;
