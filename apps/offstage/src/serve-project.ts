import { OffstageError, type Redactor, toErrorData } from "offstage/base";
import { type Environment, keepPruning, type RunHost, type ServedWorkflow, serveWorkflow, serveWorkflows, type ServeNews } from "offstage/host";
import type { ServerPool } from "offstage/mcp";
import type { Program } from "offstage/program";
import type { Store } from "offstage/state";
import { createHealth, type Health, type Metrics } from "offstage/telemetry";
import { createQueues, type QueueNews } from "offstage/triggers/queue";
import { createSchedules } from "offstage/triggers/schedule";
import { createSubscriptions } from "offstage/triggers/subscription";
import { createWebhookReceiver, type WebhookNews } from "offstage/triggers/webhook";
import type { LiveEvents } from "./api/live-events.ts";
import { SETTINGS_FILE } from "./config/settings.ts";
import { type Addresses, openAddresses, type OpenNews } from "./open-addresses.ts";
import type { Project } from "./project/load-project.ts";
import { brokersOf } from "./project/queue-brokers.ts";

/** What is told while a project is served. */
export interface ServeListener {
  readonly news: (news: ServeNews | WebhookNews | QueueNews | OpenNews) => void;
  /** Aborted to stop. */
  readonly stopping: AbortSignal;
  /** What is counted; null where nobody looks. */
  readonly metrics: Metrics | null;
  /** What the API tells while it happens; null where there is none. */
  readonly live: LiveEvents | null;
}

/** What {@link serveProject} works with. */
export interface ServedStage {
  readonly project: Project;
  readonly store: Store;
  readonly host: RunHost;
  readonly environment: Environment & { readonly redactor: Redactor };
  readonly pool: Pick<ServerPool, "listen" | "circuits">;
}

/**
 * Listens to the triggers of workflows until it is told to stop: schedules, resources, queues, and webhooks where one is described; whoever looks at the process is answered meanwhile.
 * Errors: `CONFIG_INVALID` for a webhook or a queue that nobody described, `QUEUE_CLIENT_MISSING`, `LISTEN_UNSUPPORTED` for a server that does not tell of changes, `PORT_UNAVAILABLE`, `SECRET_MISSING`, and `STORE_…`
 * when the store fails.
 */
export async function serveProject(stage: ServedStage, programs: readonly Program[], listener: ServeListener): Promise<void> {
  const { store, host, environment, pool } = stage;
  const { news, stopping } = listener;
  refuseUndescribed(stage.project, webhooksOf(programs));
  // The others are there to be called.
  const listening = programs.filter(({ triggers }) => triggers.length > 0);
  const workflows: readonly ServedWorkflow[] = await Promise.all(listening.map((program) => serveWorkflow(program, environment)));
  const served = (): readonly ServedWorkflow[] => workflows;
  const subscriptions = createSubscriptions({ store, environment, workflows: served, listen: pool.listen, refused: (error) => news({ kind: "failed", error: toErrorData(error) }) });
  const brokers = await brokersOf(stage.project, programs, environment.clock);
  const queues = createQueues({ store, environment, workflows: served, brokers: () => brokers, news });
  const health = createHealth({ store, clock: environment.clock });
  stopping.addEventListener("abort", () => health.stopping(), { once: true });
  const api = listener.live === null ? null : await apiOf(stage, { programs, served, news, live: listener.live });
  const approvals = await approvalPagesOf(stage, news);
  const open = await openAddresses({ ...addressesOf(stage, listener, health, served), api, approvals });
  let leads = false;
  const turned = (now: boolean): void => {
    leads = now;
    health.turned(now);
  };
  const over = new AbortController();
  const pruning = keepPruning({ store, clock: environment.clock, retention: stage.project.settings.retention, leads: () => leads, news, stopping: AbortSignal.any([stopping, over.signal]) });
  // Told when it is waited for.
  pruning.catch(() => undefined);
  try {
    await serveWorkflows({ store, host: turning(host, turned), environment, workflows: served, sources: [createSchedules(store, environment, served), subscriptions, queues], news, stopping });
  } finally {
    subscriptions.rest?.();
    api?.close();
    over.abort();
    await pruning;
    await Promise.all([open.close(), queues.close()]);
  }
}

/** The loop that serves asks at each of its turns whether it leads. */
function turning(host: RunHost, turned: (leads: boolean) => void): RunHost {
  return {
    ...host,
    async lead() {
      const leads = await host.lead();
      turned(leads);
      return leads;
    },
  };
}

function addressesOf({ project, store, environment, pool }: ServedStage, { news, metrics }: ServeListener, health: Health, workflows: () => readonly ServedWorkflow[]): Omit<Addresses, "api" | "approvals"> {
  const { webhooks: described, serve: settings } = project.settings;
  const standing = async () => ({ tally: await store.transact({ durable: false, reads: true }, (tx) => tx.tally()), circuits: pool.circuits() });
  return {
    settings, health, news,
    metrics: metrics === null ? null : { tokens: project.metricsTokens(), text: () => metrics.text(standing) },
    // Steps that wait may name any of them.
    webhooks: described.length === 0 ? null : { sources: described.map(({ name }) => name), receive: createWebhookReceiver({ store, environment, workflows, sources: project.webhooks(), news }) },
  };
}

/** Only who has one loads it. */
async function apiOf({ project, store, environment }: ServedStage, { programs, served, news, live }: { readonly programs: readonly Program[]; readonly served: () => readonly ServedWorkflow[]; readonly news: ServeListener["news"]; readonly live: LiveEvents }): Promise<{ readonly path: string; readonly answer: (request: Request) => Promise<Response>; close(): void }> {
  const { API_PATH, createApi } = await import("./api/create-api.ts");
  const failed = (error: unknown): void => news({ kind: "failed", error: toErrorData(error) });
  return { path: API_PATH, ...createApi({ store, environment, programs, workflows: served, servers: project.servers.map(({ name }) => name), approving: project.settings.policy, tokens: project.apiTokens(), live, news }, failed) };
}

/** Only who has links loads what they lead to. */
async function approvalPagesOf({ project, store, environment }: ServedStage, news: ServeListener["news"]): Promise<Addresses["approvals"]> {
  const links = project.links();
  if (links === null) return null;
  const { createApprovalPages, LINK_PATH } = await import("./approvals/approval-pages.ts");
  const failed = (error: unknown): void => news({ kind: "failed", error: toErrorData(error) });
  return { path: LINK_PATH, answer: createApprovalPages({ store, environment, approving: project.settings.policy, links, failed }) };
}

/** The sources that triggers of these programs name. */
function webhooksOf(programs: readonly Program[]): ReadonlySet<string> {
  return new Set(programs.flatMap(({ triggers }) => triggers.flatMap((trigger) => (trigger.kind === "webhook" ? [trigger.source] : []))));
}

function refuseUndescribed({ settings }: Project, wanted: ReadonlySet<string>): void {
  const unknown = [...wanted].find((name) => !settings.webhooks.some((one) => one.name === name));
  if (unknown === undefined) return;
  throw new OffstageError("CONFIG_INVALID", `A workflow listens to the webhook ${unknown}, of which ${SETTINGS_FILE} says nothing.`, { hint: `Say how its deliveries are proven: webhooks: { ${unknown}: { verify: github, secret: "\${env:${unknown.toUpperCase().replaceAll("-", "_")}_WEBHOOK_SECRET}" } }` });
}
