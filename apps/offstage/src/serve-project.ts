import { type Bell, OffstageError, type Redactor, toErrorData } from "offstage/base";
import { type Environment, keepPruning, keepTimeouts, type RunHost, type ServedWorkflow, serveWorkflow, serveWorkflows, type ServeNews } from "offstage/host";
import type { ServerPool } from "offstage/mcp";
import type { Program } from "offstage/program";
import type { Store } from "offstage/state";
import { createHealth, type Health, type Metrics } from "offstage/telemetry";
import { createQueues, type QueueBroker, type QueueNews } from "offstage/triggers/queue";
import { createSchedules } from "offstage/triggers/schedule";
import { createSubscriptions } from "offstage/triggers/subscription";
import { createWebhookReceiver, type WebhookNews } from "offstage/triggers/webhook";
import type { LiveEvents } from "./api/live-events.ts";
import type { ApiStage } from "./api/stage.ts";
import { type Settings, SETTINGS_FILE } from "./config/settings.ts";
import { type Addresses, type Answered, openAddresses, type OpenNews } from "./open-addresses.ts";
import type { Ground } from "./project/ground.ts";
import type { Project } from "./project/load-project.ts";
import { brokersOf } from "./project/queue-brokers.ts";
import { undescribed } from "./project/undescribed.ts";
import { followFiles } from "./reload/follow-files.ts";
import type { ProjectSet } from "./reload/project-set.ts";
import { lastReload, type LastReload, type ReloadNews } from "./reload/reload-news.ts";
import { createEdits, type Standing } from "./reload/take-edits.ts";
import { type FileMarks, stampsOf } from "./reload/watched-files.ts";

/** What is told while a project is served. */
export interface ServeListener {
  readonly news: (news: ServeNews | WebhookNews | QueueNews | OpenNews | ReloadNews) => void;
  /** Aborted to stop. */
  readonly stopping: AbortSignal;
  /** What is counted; null where nobody looks. */
  readonly metrics: Metrics | null;
  /** What the API tells while it happens; null where there is none. */
  readonly live: LiveEvents | null;
  /** Answers chat clients; null where none is let in. Closed with the rest. */
  readonly studio: (Answered & { close(): Promise<void> }) | null;
}

/** What {@link serveProject} works with. */
export interface ServedStage {
  readonly project: Project;
  readonly store: Store;
  readonly host: RunHost;
  readonly environment: Environment & { readonly redactor: Redactor };
  readonly pool: Pick<ServerPool, "listen" | "circuits">;
  /** From now on calls and writes are judged by this, also those of runs that go on. */
  readonly stand: (ground: Ground) => void;
}

/** What is served, and how edits of it are read. */
export interface ServedEdits {
  readonly first: ProjectSet;
  /** How the project's files were before they were read first. */
  readonly stamps: FileMarks;
  readonly contents: FileMarks;
  /** Reads what the files hold now. */
  readonly read: () => Promise<ProjectSet>;
  /** Which of the programs are served. Errors: `USAGE` when there is nothing to serve. */
  readonly pick: (programs: readonly Program[]) => readonly Program[];
  /** Rung when edits are to be taken now. */
  readonly bell: Bell;
}

/** What is served at a moment, with the brokers of its queues. */
interface Served extends Standing {
  readonly brokers: readonly QueueBroker[];
}

/**
 * Listens to the triggers of workflows until it is told to stop: schedules, resources, queues, and webhooks where one is described; takes edits, and answers whoever looks at the process meanwhile.
 * Errors: `CONFIG_INVALID` for a webhook or a queue that nobody described, `QUEUE_CLIENT_MISSING`, `LISTEN_UNSUPPORTED` for a server that does not tell of changes, `PORT_UNAVAILABLE`, `SECRET_MISSING`, and `STORE_…`
 * when the store fails. Of an edit they are told, and what was served goes on.
 */
export async function serveProject(stage: ServedStage, edits: ServedEdits, listener: ServeListener): Promise<void> {
  const { store, host, environment, pool } = stage;
  const standing: { now: Served; reload: LastReload } = { now: await prepare(stage, edits, edits.first, []), reload: { at: environment.clock.now(), problem: null } };
  const { stopping } = listener;
  const news: ServeListener["news"] = (one) => {
    standing.reload = lastReload(one) ?? standing.reload;
    listener.news(one);
  };
  const served = (): readonly ServedWorkflow[] => standing.now.workflows;
  const subscriptions = createSubscriptions({ store, environment, workflows: served, listen: pool.listen, refused: (error) => news({ kind: "failed", error: toErrorData(error) }) });
  const queues = createQueues({ store, environment, workflows: served, brokers: () => standing.now.brokers, news });
  const health = createHealth({ store, clock: environment.clock });
  stopping.addEventListener("abort", () => health.stopping(), { once: true });
  const api = listener.live === null ? null : await apiOf(stage, { programs: () => standing.now.programs, reload: () => standing.reload, served, news, live: listener.live });
  const approvals = await approvalPagesOf(stage, news);
  const open = await openAddresses({ ...addressesOf(stage, { ...listener, news }, health, served), doors: [api, approvals, listener.studio].filter((door) => door !== null) });
  let leads = false;
  const turned = (now: boolean): void => {
    leads = now;
    health.turned(now);
  };
  const over = new AbortController();
  const pruning = keepPruning({ store, clock: environment.clock, retention: stage.project.settings.retention, leads: () => leads, news, stopping: AbortSignal.any([stopping, over.signal]) });
  const refusing = keepTimeouts({ store, environment, timeoutMs: () => (environment.policyNow?.() ?? environment.policy).approvers.timeoutMs, leads: () => leads, stopping: AbortSignal.any([stopping, over.signal]) });
  // Told when they are waited for.
  for (const one of [pruning, refusing]) one.catch(() => undefined);
  const following = followEdits(stage, edits, { standing, news, stopping: AbortSignal.any([stopping, over.signal]) });
  try {
    await serveWorkflows({ store, host: turning(host, turned), environment, workflows: served, sources: [createSchedules(store, environment, served), subscriptions, queues], news, stopping });
  } finally {
    subscriptions.rest?.();
    api?.close();
    await listener.studio?.close();
    over.abort();
    await Promise.all([pruning, refusing]);
    await Promise.all([open.close(), queues.close(), following]);
  }
}

/** Takes edits until it is to stop. */
function followEdits(stage: ServedStage, edits: ServedEdits, { standing, news, stopping }: { readonly standing: { now: Served }; readonly news: ServeListener["news"]; readonly stopping: AbortSignal }): Promise<void> {
  const { project, store, environment: { clock, bell } } = stage;
  const stand = (set: ProjectSet, made: Served): Standing => {
    const before = standing.now;
    // At once: nothing sees the one with the other's part.
    stage.stand(set.ground);
    standing.now = made;
    bell?.ring();
    return before;
  };
  const attempt = createEdits({ ...edits, project, store, clock, stand, news, stopping, prepare: (set) => prepare(stage, edits, set, standing.now.brokers) });
  return followFiles({ clock, stopping, attempt, look: () => stampsOf(project.folder), first: edits.stamps, watches: project.settings.serve.reload, bell: edits.bell });
}

/** All that is needed to serve a set, and may fail. */
async function prepare({ project, environment }: ServedStage, { pick }: ServedEdits, { programs, settings }: ProjectSet, known: readonly QueueBroker[]): Promise<Served> {
  const picked = pick(programs);
  refuseUndescribed(project.settings, settings, picked);
  const listening = picked.filter(({ triggers }) => triggers.length > 0);
  // The others are there to be called.
  const workflows = await Promise.all(listening.map((program) => serveWorkflow(program, environment)));
  return { programs: picked, workflows, brokers: await brokersOf(project, picked, environment.clock, known) };
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

function addressesOf({ project, store, environment, pool }: ServedStage, { news, metrics }: ServeListener, health: Health, workflows: () => readonly ServedWorkflow[]): Omit<Addresses, "doors"> {
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
async function apiOf({ project, store, environment }: ServedStage, { programs, reload, served, news, live }: Pick<ApiStage, "programs" | "reload"> & { readonly served: () => readonly ServedWorkflow[]; readonly news: ServeListener["news"]; readonly live: LiveEvents }): Promise<{ readonly path: string; readonly answer: (request: Request) => Promise<Response>; close(): void }> {
  const { API_PATH, createApi } = await import("./api/create-api.ts");
  const failed = (error: unknown): void => news({ kind: "failed", error: toErrorData(error) });
  return { path: API_PATH, ...createApi({ store, environment, programs, reload, workflows: served, servers: project.servers.map(({ name }) => name), approving: environment.policyNow ?? (() => environment.policy), tokens: project.apiTokens(), live, news }, failed) };
}

/** Only who has links loads what they lead to. */
async function approvalPagesOf({ project, store, environment }: ServedStage, news: ServeListener["news"]): Promise<Answered | null> {
  const links = project.links();
  if (links() === null) return null;
  const { createApprovalPages, LINK_PATH } = await import("./approvals/approval-pages.ts");
  const failed = (error: unknown): void => news({ kind: "failed", error: toErrorData(error) });
  return { path: LINK_PATH, answer: createApprovalPages({ store, environment, approving: environment.policyNow ?? (() => environment.policy), links, failed }) };
}

/** Webhooks and queues are those that the process began with: one that an edit describes too needs a restart. Of a queue that nobody describes {@link brokersOf} tells. */
function refuseUndescribed(began: Settings, now: Settings, programs: readonly Program[]): void {
  for (const trigger of programs.flatMap(({ triggers }) => triggers)) {
    const what = undescribed(trigger, began);
    if (what === null) continue;
    if (undescribed(trigger, now) === null) throw new OffstageError("CONFIG_INVALID", `A workflow listens to the ${what}, which ${SETTINGS_FILE} describes only since this process began.`, { hint: "Start it anew." });
    if (trigger.kind !== "webhook") continue;
    const { source } = trigger;
    throw new OffstageError("CONFIG_INVALID", `A workflow listens to the ${what}, of which ${SETTINGS_FILE} says nothing.`, { hint: `Say how its deliveries are proven: webhooks: { ${source}: { verify: github, secret: "\${env:${source.toUpperCase().replaceAll("-", "_")}_WEBHOOK_SECRET}" } }` });
  }
}
