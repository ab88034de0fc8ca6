import { formatDuration, type JsonObject, OffstageError } from "../base/index.ts";
import { type Program, programFamily, type TriggerNode, WAIT_KINDS, walkNodes } from "../program/index.ts";
import { containerSettings, PORT } from "./container-settings.ts";
import { cronOfInterval, cronText, parseCron } from "./cron-line.ts";
import type { DeployedCommands, DeployedLanguage, DeployedQueue, DeployedSchedule, DeployedStore, Deployment } from "./deployment.ts";
import type { ExportNeeds } from "./export-needs.ts";
import type { ExportSource } from "./export-source.ts";
import { forPython } from "./for-python.ts";
import { pythonPackageName } from "./python-package-name.ts";
import { reachedPorts, serverPrograms } from "./server-programs.ts";
import { usedIn } from "./used-needs.ts";

/** What the source does not say. */
export interface DeploymentChoices {
  readonly language: DeployedLanguage;
  /** Default: the workflow's name, `:latest`. */
  readonly image?: string;
  /** Where the settings name none: in PostgreSQL, at the URL in this variable. */
  readonly postgres?: string;
}

/** The variable of a store in PostgreSQL, where nobody names another one. */
export const STORE_VARIABLE = "DATABASE_URL";

/** 25 s for runs, some for what is closed after them; below what Kubernetes and systemd are told. */
const GRACE_SECONDS = 40;
/** MiB of the process, and of each server that it starts. */
const OWN_MEMORY = 256;
const SERVER_MEMORY = 128;

/** What has to run of a workflow. Errors: `EXPORT_REFUSED` for settings with which `serve` would not start in a container. */
export function deriveDeployment(given: ExportSource, choices: DeploymentChoices): Deployment {
  const { source, passedBy } = choices.language === "python" ? forPython(given) : { source: given, passedBy: [] };
  const { program } = source;
  const { settings, changes, metricsPort, paths } = containerSettings(source, choices.postgres ?? null);
  const programs = serverPrograms(source.servers);
  const store = storeOf(settings);
  const schedules = program.triggers.flatMap(scheduleOf);
  const webhooks = [...new Set(program.triggers.flatMap((trigger) => (trigger.kind === "webhook" ? [trigger.source] : [])))].toSorted();
  const queues = queuesOf(program, source.settings);
  const usual = OWN_MEMORY + SERVER_MEMORY * programs.length;
  return {
    name: program.name, description: program.description, language: choices.language, image: choices.image ?? `${program.name}:latest`,
    commands: commandsOf(program.name, choices.language),
    settingsFile: choices.language === "python" ? "settings.json" : "offstage.yaml",
    schedules, webhooks, queues, undescribed: undescribed(webhooks, queues, source.settings),
    paths: [...webhooks.map((name) => `/webhooks/${name}`), ...paths],
    needsWorker: reasonsForWorker(program, schedules),
    port: PORT, metricsPort, settings, changes: [...changes, ...passedBy], programs, serverFiles: source.serverFiles, store,
    needs: needsOf(usedIn(source.needs, [source.servers, settings]), settings, store),
    runNeeds: needsOf(usedIn(source.needs, [source.servers, ofRuns(settings)]), settings, store),
    projectNeeds: needsOf(source.needs, settings, store),
    reaches: reachedPorts(source.servers, settings),
    graceSeconds: GRACE_SECONDS, memory: { usual, most: usual * 4 },
  };
}

/** Where there is no disk that lasts, only PostgreSQL keeps what was written. Errors: `EXPORT_REFUSED`. */
export function requirePostgres({ store }: Pick<Deployment, "store">, target: string, { withOption = true }: { readonly withOption?: boolean } = {}): void {
  if (store.kind === "postgres") return;
  throw new OffstageError("EXPORT_REFUSED", `${target} has no disk that lasts: the next run would not know what this one wrote, and write it again.`, { hint: `Keep the store in PostgreSQL: store: { postgres: "\${env:${STORE_VARIABLE}}" } in offstage.yaml${withOption ? ", or --store postgres" : ""}.` });
}

function commandsOf(name: string, language: DeployedLanguage): DeployedCommands {
  const start = { workflow: ["node_modules/.bin/offstage"], typescript: ["node", "main.ts"], python: ["python", "-m", pythonPackageName(name)] }[language];
  // A package knows its workflow.
  const named = language === "workflow" ? [name] : [];
  return { serve: [...start, "serve", ...named, "--log", "json"], run: [...start, "run", ...named], sweep: [...start, "sweep", ...named], plan: [...start, "plan", ...named], apply: [...start, "apply"] };
}

function scheduleOf(trigger: TriggerNode): readonly DeployedSchedule[] {
  if (trigger.kind !== "every" && trigger.kind !== "cron") return [];
  const { sweep, overlap, missed = "once" } = trigger;
  if (trigger.kind === "every") return [{ shown: `every ${formatDuration(trigger.intervalMs)}`, cron: cronOfInterval(trigger.intervalMs), intervalMs: trigger.intervalMs, timeZone: "UTC", sweep, overlap, missed }];
  return [{ shown: `cron ${trigger.expression}`, cron: cronText(parseCron(trigger.expression)), intervalMs: null, timeZone: trigger.timezone, sweep, overlap, missed }];
}

function queuesOf({ triggers }: Program, { queues = {} }: JsonObject): readonly DeployedQueue[] {
  const names = new Set(triggers.flatMap((trigger) => (trigger.kind === "queue" ? [trigger.name] : [])));
  return [...names].toSorted().map((name) => ({ name, settings: ((queues as JsonObject)[name] ?? null) as JsonObject | null }));
}

function undescribed(sources: readonly string[], queues: readonly DeployedQueue[], { webhooks = {} }: JsonObject): readonly string[] {
  return [...sources.filter((name) => (webhooks as JsonObject)[name] === undefined).map((name) => `webhooks.${name}`), ...queues.filter(({ settings }) => settings === null).map(({ name }) => `queues.${name}`)];
}

/** A single run has no event, and nobody goes on with what it leaves. */
function reasonsForWorker(program: Program, schedules: readonly DeployedSchedule[]): readonly string[] {
  const reasons: string[] = [];
  for (const trigger of program.triggers) {
    if (trigger.kind === "webhook") reasons.push(`it takes deliveries of ${trigger.source}`);
    if (trigger.kind === "queue") reasons.push(`it takes messages of ${trigger.name}`);
    if (trigger.kind === "resource") reasons.push(`it listens to resources of ${trigger.server}`);
    if ((trigger.kind === "every" || trigger.kind === "cron") && (trigger.when !== undefined || trigger.key !== undefined)) reasons.push("a schedule looks at its event");
  }
  for (const one of programFamily(program)) {
    const waits: readonly string[] = WAIT_KINDS;
    walkNodes(one, (node) => {
      if (node.kind !== undefined && waits.includes(node.kind)) reasons.push("a run of it may wait, and somebody has to go on with it");
      return true;
    });
    if (one.starts !== undefined) reasons.push("it starts runs of other workflows");
  }
  if (readsEvent(program)) reasons.push("it reads its event");
  for (const { shown, cron, missed } of schedules) {
    if (cron === null) reasons.push(`no cron line comes as often as ${shown}`);
    if (missed === "all") reasons.push(`${shown} makes up for every time that was missed`);
  }
  return [...new Set(reasons)];
}

function readsEvent({ body }: Program): boolean {
  const pattern = body.parameters[0]?.pattern;
  if (pattern === undefined) return false;
  return pattern.kind !== "object" || pattern.rest !== undefined || pattern.properties.some(({ key }) => key === "event");
}

function storeOf({ store = {} }: JsonObject): DeployedStore {
  const url = (store as JsonObject)["postgres"];
  if (typeof url !== "string") return { kind: "file" };
  return { kind: "postgres", variable: /^\$\{(?:env:)?([A-Za-z_]\w*)\}$/.exec(url)?.[1] ?? null };
}

/** Of the settings, what a run looks at. */
function ofRuns({ webhooks: _w, queues: _q, serve: _s, ...settings }: JsonObject): JsonObject {
  return settings;
}

/** What the project refers to, and what a deployment adds to it. */
function needsOf(needs: ExportNeeds, settings: JsonObject, store: DeployedStore): ExportNeeds {
  const more: ExportNeeds["variables"][number][] = [];
  // A URL has a password in it, whatever the variable is called.
  if (store.kind === "postgres" && store.variable !== null) more.push({ name: store.variable, secret: true, fallback: null, place: "offstage.yaml, store" });
  const logins = Object.values((settings["servers"] ?? {}) as JsonObject).some((server) => ((server as JsonObject)["auth"] as JsonObject | undefined)?.["kind"] === "login");
  if (logins && (settings["tokens"] as JsonObject | undefined)?.["key"] === undefined) more.push({ name: "OFFSTAGE_KEY", secret: true, fallback: null, place: "offstage.yaml, tokens" });
  const names = new Set(more.map(({ name }) => name));
  return { ...needs, variables: [...needs.variables.filter(({ name }) => !names.has(name)), ...more].toSorted((one, other) => (one.name < other.name ? -1 : 1)) };
}
