import { type Json, type JsonObject, OffstageError } from "../base/index.ts";
import type { ExportSource } from "./export-source.ts";
import { sourcesOf } from "./unused-sources.ts";

/** Where `serve` listens in a container. */
export const PORT = 8400;
const METRICS_PORT = 9464;
const EVERYWHERE = "0.0.0.0";

/** What of `offstage.yaml` has to be different in a container, where the process is alone with its loopback. */
export interface ContainerSettings {
  readonly settings: JsonObject;
  readonly changes: readonly string[];
  readonly metricsPort: number | null;
  /** What others reach besides webhooks. */
  readonly paths: readonly string[];
}

/** Errors: `EXPORT_REFUSED` for what `serve` would refuse at an address that others reach, and only a person can settle. */
export function containerSettings({ settings, program }: ExportSource, postgres: string | null): ContainerSettings {
  const changes: string[] = [];
  refuseUntoldProxies(settings);
  const { metrics, ...serve } = part(settings, "serve");
  const port = metricsPort(metrics, changes);
  const { api, ...rest } = serve;
  if (api === true) changes.push("serve.api: without tokens it is for the machine itself, where nobody is. Left out.");
  changes.unshift("serve.listen: every address. What reaches it is the network's matter.", "serve.reload: the files are what was deployed. A change is deployed anew.");
  const { store: _, ...others } = settings;
  const store = storeSettings(part(settings, "store"), postgres, changes);
  const links = part(part(settings, "approvals"), "links")["url"] !== undefined;
  return {
    settings: {
      version: 1, ...others, ...(store === null ? {} : { store }),
      serve: { ...rest, listen: `${EVERYWHERE}:${PORT}`, reload: false, ...(typeof api === "object" ? { api } : {}), ...(metrics === undefined ? {} : { metrics: port === null ? metrics : { ...objectOf(metrics), listen: `${EVERYWHERE}:${port}` } }) },
    },
    changes, metricsPort: port ?? (metrics === undefined ? null : PORT),
    paths: [...(typeof api === "object" ? ["/api/v1"] : []), ...(links ? ["/approve"] : []), ...waitedFor(program)],
  };
}

/** An address of their own, where they had one or none was asked for a token: the network says who reaches it. */
function metricsPort(metrics: Json | undefined, changes: string[]): number | null {
  if (metrics === undefined) return null;
  const own = objectOf(metrics);
  if (own["listen"] === undefined && own["token"] !== undefined) return null;
  changes.push(`serve.metrics: at a port of their own, ${METRICS_PORT}, for who collects them.`);
  return METRICS_PORT;
}

function storeSettings(store: JsonObject, postgres: string | null, changes: string[]): JsonObject | null {
  const { file, ...rest } = store;
  if (postgres !== null && rest["postgres"] === undefined) {
    changes.push(`store: in PostgreSQL, at the URL in ${postgres}.`);
    return { ...rest, postgres: `\${env:${postgres}}` };
  }
  if (file !== undefined) changes.push("store.file: below .offstage, which is the folder that is kept.");
  return Object.keys(rest).length === 0 ? null : rest;
}

/** Sources whose deliveries only a step waits for are received as well. */
function waitedFor(program: ExportSource["program"]): readonly string[] {
  const own = new Set(program.triggers.flatMap((trigger) => (trigger.kind === "webhook" ? [trigger.source] : [])));
  return [...sourcesOf(program)].filter((source) => !own.has(source)).map((source) => `/webhooks/${source}`);
}

function refuseUntoldProxies(settings: JsonObject): void {
  const [source] = Object.entries(part(settings, "webhooks")).find(([, webhook]) => (webhook as JsonObject)["verify"] === "mtls" && (webhook as JsonObject)["from"] === undefined) ?? [];
  if (source === undefined) return;
  throw new OffstageError("EXPORT_REFUSED", `offstage.yaml: the webhook ${source} believes whoever is on this machine, and in a container the proxy is not.`, { hint: `Say from which addresses it comes: webhooks: { ${source}: { from: 10.0.0.0/8 } }.` });
}

function part(object: JsonObject, name: string): JsonObject {
  return objectOf(object[name]);
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
