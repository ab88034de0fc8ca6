import { type Endpoints, createEndpoints, type Health, type Metrics, type MetricsAccess } from "offstage/telemetry";
import { isLoopback, type ListenSettings, type ServeSettings } from "./config/serve-settings.ts";
import { listen, type Listening } from "./listen.ts";

/** An address that is open: where it is, and what is answered there. */
export interface OpenNews {
  readonly kind: "open";
  readonly url: string;
  readonly paths: readonly string[];
}

/** What is answered at a path, and under it. */
export interface Answered {
  readonly path: string;
  readonly answer: (request: Request) => Promise<Response>;
}

/** What {@link openAddresses} needs. */
export interface Addresses {
  readonly settings: ServeSettings;
  readonly health: Health;
  /** null: nothing is counted. */
  readonly metrics: { readonly tokens: () => readonly string[]; readonly text: () => ReturnType<Metrics["text"]> } | null;
  /** Who answers deliveries of webhooks; null: none is described. */
  readonly webhooks: { readonly sources: readonly string[]; readonly receive: (request: Request, peer: string | null) => Promise<Response> } | null;
  /** Who answers under a path: the API, the links of approvals, chat clients. */
  readonly doors: readonly Answered[];
  readonly news: (news: OpenNews) => void;
}

/** Opens what somebody asked for: one address for webhooks and for those who look at the process, and another one for its metrics. Errors: `PORT_UNAVAILABLE`. */
export async function openAddresses(addresses: Addresses): Promise<{ close(): Promise<void> }> {
  const { settings: { listen: place, opens, metrics: wanted }, webhooks, doors } = addresses;
  const own = wanted?.listen ?? null;
  const opened: Listening[] = [];
  const close = async (): Promise<void> => void (await Promise.all(opened.map((one) => one.close())));
  try {
    if (webhooks !== null || doors.length > 0 || opens) opened.push(await openOne(addresses, place, { webhooks, doors, withMetrics: own === null }));
    if (own !== null) opened.push(await openOne(addresses, own, { webhooks: null, doors: [], withMetrics: true }));
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

async function openOne({ settings, health, metrics, news }: Addresses, place: ListenSettings, { webhooks, doors, withMetrics }: Pick<Addresses, "webhooks" | "doors"> & { readonly withMetrics: boolean }): Promise<Listening> {
  const shown = withMetrics && metrics !== null ? { text: metrics.text, access: accessOf(settings, place, metrics.tokens) } : null;
  const endpoints: Endpoints = createEndpoints({ health, metrics: shown });
  const nowhere = async (): Promise<Response> => new Response("There is nothing here.\n", { status: 404 });
  const under = (request: Request): Promise<Response> | null => doors.find(({ path }) => `${new URL(request.url).pathname}/`.startsWith(`${path}/`))?.answer(request) ?? null;
  const opened = await listen(place, (request, peer) => endpoints(request) ?? under(request) ?? (webhooks?.receive ?? nowhere)(request, peer));
  news({ kind: "open", url: opened.url, paths: [...(webhooks?.sources ?? []).map((name) => `/webhooks/${name}`), ...doors.map(({ path }) => path), "/healthz", "/readyz", ...(shown === null ? [] : ["/metrics"])] });
  return opened;
}

function accessOf({ metrics }: ServeSettings, place: ListenSettings, tokens: () => readonly string[]): MetricsAccess {
  if (tokens().length > 0) return { kind: "tokens", get tokens() { return tokens(); } };
  // Beyond this machine without a token: only at an address that was opened for it.
  return isLoopback(place) || metrics?.listen === null ? { kind: "local" } : { kind: "anybody" };
}
