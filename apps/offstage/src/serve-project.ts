import { OffstageError, type Redactor } from "offstage/base";
import { type Environment, type RunHost, type ServedWorkflow, serveWorkflow, serveWorkflows, type ServeNews } from "offstage/host";
import type { ServerPool } from "offstage/mcp";
import type { Program } from "offstage/program";
import type { Store } from "offstage/state";
import { createSchedules } from "offstage/triggers/schedule";
import { createSubscriptions } from "offstage/triggers/subscription";
import { createWebhookReceiver, type WebhookNews } from "offstage/triggers/webhook";
import { SETTINGS_FILE } from "./config/settings.ts";
import { listen, type Listening } from "./listen.ts";
import type { Project } from "./project/load-project.ts";

/** What is told while a project is served. */
export interface ServeListener {
  readonly news: (news: ServeNews | WebhookNews | { readonly kind: "open"; readonly url: string; readonly sources: readonly string[] }) => void;
  /** Aborted to stop. */
  readonly stopping: AbortSignal;
}

/** What {@link serveProject} works with. */
export interface ServedStage {
  readonly project: Project;
  readonly store: Store;
  readonly host: RunHost;
  readonly environment: Environment & { readonly redactor: Redactor };
  readonly listen: ServerPool["listen"];
}

/**
 * Listens to the triggers of workflows until it is told to stop: schedules, resources, and webhooks where one is described. Errors: `CONFIG_INVALID` for a webhook that nobody
 * described, `LISTEN_UNSUPPORTED` for a server that does not tell of changes, `PORT_UNAVAILABLE`, `SECRET_MISSING`, and `STORE_…` when the store fails.
 */
export async function serveProject({ project, store, host, environment, listen: follow }: ServedStage, programs: readonly Program[], { news, stopping }: ServeListener): Promise<void> {
  const workflows: readonly ServedWorkflow[] = await Promise.all(programs.map((program) => serveWorkflow(program, environment)));
  const served = (): readonly ServedWorkflow[] => workflows;
  const subscriptions = createSubscriptions({ store, environment, workflows: served, listen: follow });
  const open = await receiveWebhooks({ project, store, environment, served, news }, webhooksOf(programs));
  try {
    await serveWorkflows({ store, host, environment, workflows: served, sources: [createSchedules(store, environment, served), subscriptions], news, stopping });
  } finally {
    subscriptions.rest?.();
    await open?.close();
  }
}

/** The sources that triggers and waiting steps of these programs name. */
function webhooksOf(programs: readonly Program[]): ReadonlySet<string> {
  return new Set(programs.flatMap(({ triggers }) => triggers.flatMap((trigger) => (trigger.kind === "webhook" ? [trigger.source] : []))));
}

async function receiveWebhooks({ project, store, environment, served, news }: Pick<ServedStage, "project" | "store" | "environment"> & Pick<ServeListener, "news"> & { readonly served: () => readonly ServedWorkflow[] }, wanted: ReadonlySet<string>): Promise<Listening | null> {
  const { webhooks: described, listen: place } = project.settings;
  const unknown = [...wanted].find((name) => !described.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw new OffstageError("CONFIG_INVALID", `A workflow listens to the webhook ${unknown}, of which ${SETTINGS_FILE} says nothing.`, { hint: `Say how its deliveries are proven: webhooks: { ${unknown}: { verify: github, secret: "\${env:${unknown.toUpperCase().replaceAll("-", "_")}_WEBHOOK_SECRET}" } }` });
  }
  // Steps that wait may name any of them.
  if (described.length === 0) return null;
  const opened = await listen(place, createWebhookReceiver({ store, environment, workflows: served, sources: project.webhooks(), news }));
  news({ kind: "open", url: opened.url, sources: described.map(({ name }) => name) });
  return opened;
}
