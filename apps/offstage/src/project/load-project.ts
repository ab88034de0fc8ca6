import { join } from "node:path";
import { type Diagnostic, isOffstageError, OffstageError, type Redactor } from "offstage/base";
import type { ServerConfig } from "offstage/mcp";
import type { ModelsOptions } from "offstage/models";
import type { QueueConfig } from "offstage/triggers/queue";
import type { WebhookSource } from "offstage/triggers/webhook";
import { LINK_BEGINNING } from "../approvals/link-token.ts";
import type { CommandIo } from "../command-io.ts";
import type { Environment } from "../config/environment.ts";
import { findProjectFolder, ofOthers } from "../config/project-folder.ts";
import { type DocumentText, readDocument } from "../config/read-document.ts";
import type { Sources } from "../config/references.ts";
import { requestSettings } from "../config/requests-settings.ts";
import type { ApiToken } from "../config/api-settings.ts";
import { resolveAll } from "../config/resolve-all.ts";
import { resolveApiTokens } from "../config/resolve-api.ts";
import { type ResolvedLinks, resolveLinks } from "../config/resolve-links.ts";
import { resolveModels } from "../config/resolve-models.ts";
import { resolveQueue } from "../config/resolve-queues.ts";
import { resolveMetricsTokens, resolveWebhook } from "../config/resolve-webhooks.ts";
import { registerAuthSecrets, withAuth } from "../config/resolve-auth.ts";
import { type ResolvedRequests, resolveRequests } from "../config/resolve-requests.ts";
import { sandboxFaults, secretFiles, withSandbox, writableOf } from "../config/resolve-sandbox.ts";
import { createSecretFiles, renewed } from "../config/secret-files.ts";
import { registerSecrets, type ResolvedServer, resolveServer } from "../config/resolve-server.ts";
import { type ResolvedPostgres, resolvePostgres } from "../config/resolve-store.ts";
import { isSecretName } from "../config/secret-names.ts";
import { createRunForSecret } from "../config/run-for-secret.ts";
import { registerTraceSecrets } from "../config/telemetry-environment.ts";
import { tokenKey, type TokenKeyPlaces } from "../config/token-key.ts";
import { parseServers, SERVERS_FILE, type ServerEntry, type ServersFile } from "../config/server-entry.ts";
import { parseSettings, type Settings, SETTINGS_FILE } from "../config/settings.ts";
import { DiagnosticsError } from "../errors.ts";
import { moduleFiles, type ModuleTexts } from "./module-texts.ts";
import { escapeControls } from "../terminal.ts";

/** The store, and what it has beside it: what was just written is in its log, and what it was before an upgrade, also one that comes while servers run, in a copy. */
const STORE_SUFFIXES = ["", "-wal", "-shm", "-journal", ".mark", ...Array.from({ length: 99 }, (_, index) => `.before-${index + 1}`)];

/** A project as its files describe it. No server was started; secrets that can be resolved are registered. */
export interface Project {
  /** Absolute. */
  readonly folder: string;
  /** Its workflows and profiles: those of its files, or what is drafted over them. */
  readonly texts: ModuleTexts;
  readonly settings: Settings;
  readonly servers: readonly ServerEntry[];
  /** Every secret of the project's servers that could be resolved is registered here: what any of them told once may be shown by any command. */
  readonly redactor: Redactor;
  /**
   * A server with its secrets resolved, once. Errors: `SERVER_UNKNOWN` when `mcp.json` has no such server, `SECRET_MISSING`,
   * `SECRET_TOO_SHORT`, `CONFIG_INVALID`, `MODEL_MISSING` when it may have a model asked and there is none.
   */
  server(name: string): ProjectServer;
  /** What a server is started or reached by, as far as that is known without its secrets and without running a program for them; null when it is not. Errors: `SERVER_UNKNOWN`. */
  outline(name: string): ServerConfig | null;
  /** What the key of the kept logins depends on. */
  readonly tokenKey: TokenKeyPlaces;
  /** The providers of the models that may be asked, their keys resolved, once. Errors: `MODEL_MISSING` when none is named, `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
  models(): ResolvedModels;
  /** The sources of webhooks, their secrets resolved, and anew when a file of one was changed. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
  webhooks(): readonly WebhookSource[];
  /** The tokens that the metrics are shown for, as they are when they are asked for; empty where none is. Errors as of {@link webhooks}. */
  metricsTokens(): () => readonly string[];
  /** The tokens of the API; empty where there is none, or none is asked for. As {@link metricsTokens}. */
  apiTokens(): () => readonly ApiToken[];
  /** What links to answer by are made with; null where there are none. As {@link metricsTokens}. */
  links(): () => ResolvedLinks | null;
  /** The store in PostgreSQL, its secrets resolved; null: it is the file of the settings. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
  postgres(): (ResolvedPostgres & { readonly urlNow: () => string }) | null;
  /** A queue that `offstage.yaml` describes, its secrets resolved. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
  queue(name: string): QueueConfig;
  /** Milliseconds that one call of a tool of this server may take. */
  timeoutMs(server: string): number;
}

/** A server with what it may ask of us. */
export type ProjectServer = ResolvedServer & { readonly requests: ResolvedRequests };

/** `model:` of `offstage.yaml`, with its secrets in place. */
export type ResolvedModels = Pick<ModelsOptions, "providers" | "model" | "timeoutMs">;

/** What a project is loaded with. */
export interface ProjectOptions {
  readonly env: Environment;
  readonly redactor: Redactor;
  /** Told of files of secrets that cannot be used any more. */
  readonly note?: (text: string) => void;
  /** Where modules are read from; the project's files without it. */
  readonly texts?: (folder: string) => ModuleTexts;
}

/** The project that the command line means. Errors: `PROJECT_NOT_FOUND`, and the faults of its files. */
export function openProject(io: Pick<CommandIo, "cwd" | "projectFolder" | "env" | "redactor"> & Partial<Pick<CommandIo, "terminal" | "texts">>): Project {
  const { env, redactor, terminal, texts } = io;
  return loadProject(findProjectFolder(io.cwd, io.projectFolder), { env, redactor, ...(texts === undefined ? {} : { texts }), ...(terminal === undefined ? {} : { note: (text) => terminal.note(escapeControls(text)) }) });
}

/** Reads `mcp.json` and `offstage.yaml`; either may be absent. Throws a {@link DiagnosticsError} with the faults of both. */
export function loadProject(folder: string, options: ProjectOptions): Project {
  const faults: Diagnostic[] = [];
  const settingsText = textOf(readDocument(join(folder, SETTINGS_FILE), SETTINGS_FILE), faults);
  const serversText = textOf(readDocument(join(folder, SERVERS_FILE), SERVERS_FILE), faults);
  const settings = parseSettings(settingsText, folder);
  const parsed = serversText === null ? { ok: true as const, servers: [], disabled: [], inputs: [] } : parseServers(serversText);
  if (!settings.ok) faults.push(...settings.diagnostics);
  if (!parsed.ok) faults.push(...parsed.diagnostics);
  if (settings.ok && parsed.ok) faults.push(...sandboxFaults(settings.settings, parsed));
  if (!settings.ok || !parsed.ok || faults.length > 0) throw new DiagnosticsError("CONFIG_INVALID", faults);
  return createProject(folder, settings.settings, parsed, [serversText ?? "", settingsText ?? ""], options);
}

function createProject(folder: string, settings: Settings, file: ServersFile, texts: readonly string[], options: ProjectOptions): Project {
  const { servers } = file;
  const resolved = new Map<string, ProjectServer>();
  let models: ResolvedModels | null = null;
  const note = options.note ?? (() => undefined);
  const files = createSecretFiles(note);
  const again = <T>(make: () => T): (() => T) => renewed(files, note, make);
  const places = { env: options.env, folder, files };
  const kept = [...STORE_SUFFIXES.map((suffix) => `${settings.store.file}${suffix}`), settings.tokens.folder, ...secretFiles(servers, folder, texts)];
  const writable = writableOf(settings, places);
  const inputs = { declared: new Map(file.inputs.map((input) => [input.id, input])), values: settings.inputs };
  const sources: Sources = { ...places, inputs, isSecret: (name) => isSecretName(name, settings), run: createRunForSecret(places, options.redactor) };
  // A program that asks a vault is run for who needs what it gives, not by every command.
  const known: Sources = { ...sources, run: null };
  const resolve = (entry: ServerEntry, from: Sources): ProjectServer => ({
    ...withSandbox(withAuth(renewedServer(entry, from, options.redactor, again), settings.auth.get(entry.name), from, options.redactor, again), settings.sandboxes.get(entry.name), { ...places, kept, writable }),
    requests: resolveRequests(entry.name, settings.requests.get(entry.name) ?? requestSettings(), from, options.redactor),
  });
  orNull(() => tokenKey({ settings, sources: known, redactor: options.redactor }));
  registerTraceSecrets(options.env, options.redactor);
  for (const entry of servers) {
    const found = orNull(() => resolve(entry, known));
    if (found !== null) {
      resolved.set(entry.name, found);
    } else {
      registerSecrets(entry, known, options.redactor);
      registerAuthSecrets(settings.auth.get(entry.name), known, options.redactor);
    }
  }
  for (const provider of settings.model?.providers ?? []) orNull(() => resolveModels({ providers: [provider] }, known, options.redactor));
  for (const queue of settings.queues) orNull(() => resolveQueue(queue, known, options.redactor));
  for (const source of settings.webhooks) orNull(() => resolveWebhook(source, known, options.redactor));
  if (settings.approvals.links !== null) options.redactor.registerBeginning(LINK_BEGINNING, "approval link");
  const serveTokens = serveTokensOf(settings, options.redactor);
  for (const tokens of [serveTokens.metrics, serveTokens.api, serveTokens.links]) orNull<unknown>(() => tokens(known));
  const { postgres } = settings.store;
  const postgresOf = (from: Sources): ResolvedPostgres | null => (postgres === null ? null : resolvePostgres(postgres, from, options.redactor));
  orNull(() => postgresOf(known));
  const askable = (): ResolvedModels => (models ??= modelsOf(settings, sources, options.redactor));
  return {
    folder, settings, servers, redactor: options.redactor,
    texts: (options.texts ?? moduleFiles)(folder),
    tokenKey: { settings, sources, redactor: options.redactor },
    server(name) {
      const server = resolved.get(name) ?? resolve(entryOf(servers, name, folder), sources);
      resolved.set(name, server);
      if ((settings.requests.get(name)?.sampling ?? null) !== null) askable();
      return server;
    },
    outline(name) {
      const entry = withoutVariables(entryOf(servers, name, folder));
      return orNull(() => resolveServer(entry, known, options.redactor).config);
    },
    models: askable,
    ...renewedSecrets({ settings, sources, redactor: options.redactor, serveTokens, postgresOf, again }),
    timeoutMs: (server) => settings.timeoutsMs.get(server) ?? settings.timeoutsMs.get("*") ?? 0,
  };
}

interface Renewing {
  readonly settings: Settings;
  readonly sources: Sources;
  readonly redactor: Redactor;
  readonly serveTokens: ReturnType<typeof serveTokensOf>;
  readonly postgresOf: (from: Sources) => ResolvedPostgres | null;
  readonly again: <T>(make: () => T) => () => T;
}

/** What a process that runs for long asks for again whenever it is used: files of it may be others by then. */
function renewedSecrets({ settings, sources, redactor, serveTokens, postgresOf, again }: Renewing): Pick<Project, "webhooks" | "metricsTokens" | "apiTokens" | "links" | "postgres" | "queue"> {
  const queues = new Map<string, () => QueueConfig>();
  return {
    webhooks: () => resolveAll(settings.webhooks, (source) => {
      const now = again(() => resolveWebhook(source, sources, redactor));
      return { ...now(), get scheme() { return now().scheme; } };
    }),
    metricsTokens: () => again(() => serveTokens.metrics(sources)),
    apiTokens: () => again(() => serveTokens.api(sources)),
    links: () => again(() => serveTokens.links(sources)),
    postgres() {
      const now = again(() => postgresOf(sources));
      const found = now();
      return found === null ? null : { ...found, urlNow: () => now()?.url ?? found.url };
    },
    queue(name) {
      const queue = settings.queues.find((one) => one.name === name);
      if (queue === undefined) throw new OffstageError("BUG", `Nobody looked whether ${SETTINGS_FILE} has the queue ${name}.`);
      const now = queues.get(name) ?? again(() => resolveQueue(queue, sources, redactor));
      queues.set(name, now);
      return now();
    },
  };
}

/** Whom `offstage serve` answers. */
function serveTokensOf({ serve: { metrics, api }, approvals: { links } }: Settings, redactor: Redactor): { metrics(from: Sources): readonly string[]; api(from: Sources): readonly ApiToken[]; links(from: Sources): ResolvedLinks | null } {
  return {
    metrics: (from) => (metrics === null ? [] : resolveMetricsTokens(metrics, from, redactor)),
    api: (from) => (api === null ? [] : resolveApiTokens(api, from, redactor)),
    links: (from) => (links === null ? null : resolveLinks(links, from, redactor)),
  };
}

/** A server whose headers and variables are asked for again when they are used: files of theirs may be others by then. */
function renewedServer(entry: ServerEntry, from: Sources, redactor: Redactor, again: <T>(make: () => T) => () => T): ResolvedServer {
  const now = again(() => resolveServer(entry, from, redactor));
  const { config, ...rest } = now();
  const current = <K extends ServerConfig["kind"]>(kind: K): Extract<ServerConfig, { kind: K }> | null => {
    const found = now().config;
    return found.kind === kind ? (found as Extract<ServerConfig, { kind: K }>) : null;
  };
  if (config.kind === "http") return { ...rest, config: { ...config, headersNow: () => current("http")?.headers ?? config.headers } };
  return { ...rest, config: { ...config, envNow: () => current("stdio")?.env ?? config.env } };
}

function withoutVariables(entry: ServerEntry): ServerEntry {
  return entry.kind === "http" ? { ...entry, headers: {} } : { ...entry, env: {}, envFile: null };
}

/** What is missing is told by who needs it. */
function orNull<T>(resolve: () => T): T | null {
  try {
    return resolve();
  } catch (error) {
    if (isOffstageError(error)) return null;
    throw error;
  }
}

function modelsOf({ model }: Settings, sources: Sources, redactor: Redactor): ResolvedModels {
  if (model === null) throw new OffstageError("MODEL_MISSING", "A model is to be asked, and none is configured.", { hint: `Name one in ${SETTINGS_FILE}: model: { use: local/qwen3:8b, providers: { local: { url: "http://127.0.0.1:11434/v1" } } }` });
  return { model: model.use, timeoutMs: model.timeoutMs, providers: resolveModels(model, sources, redactor) };
}

function entryOf(servers: readonly ServerEntry[], name: string, folder: string): ServerEntry {
  const entry = servers.find((server) => server.name === name);
  if (entry !== undefined) return entry;
  const names = servers.map((server) => server.name).join(", ");
  throw new OffstageError("SERVER_UNKNOWN", `${SERVERS_FILE} has no server called ${name}.`, { hint: names === "" ? (ofOthers(folder) ?? "It has no servers at all: add one.") : `It has: ${names}.` });
}

function textOf(document: DocumentText, faults: Diagnostic[]): string | null {
  if (document.kind === "unreadable") faults.push(document.diagnostic);
  return document.kind === "text" ? document.text : null;
}
