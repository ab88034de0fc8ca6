import { z } from "zod";
import { durationUpTo } from "./duration-setting.ts";
import { oneOrSeveral } from "./one-or-several.ts";
import { apiFault, apiSchema, type ApiSettings, apiSettings } from "./api-settings.ts";

/** `serve:` of `offstage.yaml`. */
export interface ServeSettings {
  /** Where webhooks are received, and where the process is looked at. */
  readonly listen: ListenSettings;
  /** It is opened also where no webhook is described. */
  readonly opens: boolean;
  /** Edits of workflows, profiles, the lock and the policy are noticed; else they are taken only at SIGHUP. */
  readonly reload: boolean;
  /** How many runs go on side by side. */
  readonly concurrency: number;
  /** For how long runs are tried again that fail because a server cannot be had, ms; 0: they are not. */
  readonly retryMs: number;
  /** null: nothing is counted. */
  readonly metrics: MetricsSettings | null;
  /** null: there is no API. */
  readonly api: ApiSettings | null;
  /** Chat clients work workflows out over it, under the tokens of the API. */
  readonly mcp: boolean;
}

/** An address and a port of this machine. */
export interface ListenSettings {
  readonly host: string;
  readonly port: number;
}

/** Who may see the metrics, and where. */
export interface MetricsSettings {
  /** An address of their own; null: that of `serve.listen`. */
  readonly listen: ListenSettings | null;
  /** References, not resolved. Empty: no token is asked for. */
  readonly tokens: readonly string[];
}

const listenSchema = z.string().transform((text, context) => {
  const [, host = "", port = ""] = /^(\[[\da-f:]+\]|[\w.-]+):(\d{1,5})$/i.exec(text) ?? [];
  if (host !== "" && Number(port) <= 65_535) return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
  context.addIssue({ code: "custom", message: 'Write an address and a port: "127.0.0.1:8400", or "0.0.0.0:8400" for every address of this machine.' });
  return z.NEVER;
});
const token = z.string().min(1);

/** The shape of `serve:`. */
export const serveSchema = z.strictObject({
  listen: listenSchema,
  reload: z.boolean(),
  concurrency: z.int().min(1).max(100),
  retry: z.union([z.literal(false), durationUpTo("30d", "1m")]),
  metrics: z.union([z.literal(true), z.strictObject({ listen: listenSchema, token: oneOrSeveral(token) }).partial()]),
  api: apiSchema,
  mcp: z.boolean(),
}).partial();

/** Loopback: whoever wants the world to reach it says so, or puts a proxy with TLS before it. */
const DEFAULT_LISTEN: ListenSettings = { host: "127.0.0.1", port: 8400 };

/** Few enough for one SQLite file and a laptop; what servers bear is said by their profiles. */
const DEFAULT_CONCURRENCY = 8;

/** A server that is down in the evening is up again in the morning, or somebody has looked. */
const DEFAULT_RETRY_MS = 86_400_000;

/** `serve:` with its defaults. */
export function serveSettings({ listen, reload = true, concurrency, retry = DEFAULT_RETRY_MS, metrics, api, mcp = false }: z.infer<typeof serveSchema> = {}): ServeSettings {
  const { listen: own = null, token: given = [] } = metrics === undefined || metrics === true ? {} : metrics;
  return {
    listen: listen ?? DEFAULT_LISTEN,
    reload,
    concurrency: concurrency ?? DEFAULT_CONCURRENCY,
    retryMs: retry === false ? 0 : retry,
    opens: listen !== undefined || api !== undefined || mcp || (metrics !== undefined && own === null),
    metrics: metrics === undefined ? null : { listen: own, tokens: given },
    api: apiSettings(api),
    mcp,
  };
}

/**
 * Why these metrics may not be shown like this; null when they may. They name workflows, servers and tools: where others reach the address, or a proxy stands before it for
 * webhooks, a token is asked for; an address of their own is for who gathers them, and whoever opens it beyond this machine said so.
 */
function metricsFault({ listen, metrics }: ServeSettings, receivesWebhooks: boolean): string | null {
  if (metrics === null || metrics.tokens.length > 0) return null;
  if (metrics.listen !== null) return metrics.listen.host === listen.host && metrics.listen.port === listen.port && listen.port !== 0 ? "This is the address of serve.listen; leave it out, or name another one." : null;
  const how = 'Give them a token, metrics: { token: "${secret:METRICS_TOKEN}" }, or an address of their own, metrics: { listen: "127.0.0.1:9464" }.';
  if (!isLoopback(listen)) return `Others reach ${listen.host}:${listen.port}, and metrics name workflows, servers and tools. ${how}`;
  return receivesWebhooks ? `Webhooks or the links of approvals lead to this address too, so others reach it through a proxy, and metrics name workflows, servers and tools. ${how}` : null;
}

/** What is wrong with how the process is looked at: where it stands under `serve`, and what to write. */
export function serveFault(serve: ServeSettings, receivesWebhooks: boolean): { readonly field: "metrics" | "api" | "mcp"; readonly message: string } | null {
  const metrics = metricsFault(serve, receivesWebhooks);
  if (metrics !== null) return { field: "metrics", message: metrics };
  const api = apiFault(serve.api, serve.listen, { isLoopback: isLoopback(serve.listen), receivesWebhooks });
  if (api !== null) return { field: "api", message: api };
  // Whoever drafts and applies has to have a name.
  if (!serve.mcp || serve.api?.tokens.some(({ role }) => role === "operator") === true) return null;
  return { field: "mcp", message: 'Whoever works workflows out over HTTP has to be somebody. Give the API a token of that role, api: { tokens: [{ name: ada, role: operator, token: "${secret:ADA_API_TOKEN}" }] }; on this machine `offstage mcp` needs none.' };
}

/** Whether only this machine reaches an address. */
export function isLoopback({ host }: ListenSettings): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
