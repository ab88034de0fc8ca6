import { bearerToken, isLocal, isSameToken } from "./access.ts";
import type { Health } from "./health.ts";

/** Who may see the metrics, which name workflows, servers and tools. */
export type MetricsAccess =
  /** Whoever has one of these tokens: `Authorization: Bearer …`. */
  | { readonly kind: "tokens"; readonly tokens: readonly string[] }
  /** Whoever is on this machine, and is not sent on by a proxy or a page in a browser. */
  | { readonly kind: "local" }
  /** Whoever reaches the address: it is one of its own, and nobody from outside is meant to. */
  | { readonly kind: "anybody" };

/** What {@link createEndpoints} answers with. */
export interface EndpointsOptions {
  readonly health: Pick<Health, "isAlive" | "isReady">;
  /** null: there are none at this address. */
  readonly metrics: { readonly access: MetricsAccess; readonly text: () => Promise<{ readonly type: string; readonly body: string }> } | null;
}

/** Whether a path is one of those below. */
export type Endpoints = (request: Request) => Promise<Response> | null;

/**
 * `/healthz`: 200 while the loop turns, 503 when it is stuck. `/readyz`: 200 when the store answers and it is known who drives it, else 503. `/metrics`: Prometheus' text
 * format. Null for every other path. What the first two say tells nothing of the project.
 */
export function createEndpoints({ health, metrics }: EndpointsOptions): Endpoints {
  const answers = new Map<string, (request: Request) => Promise<Response>>([
    ["/healthz", async () => (health.isAlive() ? json(200, { status: "ok" }) : json(503, { status: "stuck" }))],
    ["/readyz", async () => {
      const { ready, ...rest } = await health.isReady();
      return json(ready ? 200 : 503, { status: ready ? "ready" : "not ready", ...rest });
    }],
  ]);
  if (metrics !== null) answers.set("/metrics", (request) => answerMetrics(metrics, request));
  return (request) => {
    const answer = answers.get(new URL(request.url).pathname);
    if (answer === undefined) return null;
    return request.method === "GET" || request.method === "HEAD" ? answer(request) : Promise.resolve(json(405, { status: "only GET" }, { allow: "GET, HEAD" }));
  };
}

async function answerMetrics({ access, text }: NonNullable<EndpointsOptions["metrics"]>, request: Request): Promise<Response> {
  if (access.kind === "tokens" && !hasToken(request, access.tokens)) return json(401, { status: "a token is needed" }, { "www-authenticate": 'Bearer realm="offstage"' });
  if (access.kind === "local" && !isLocal(request)) return json(403, { status: "only for this machine; give serve.metrics a token" });
  try {
    const { type, body } = await text();
    return new Response(body, { headers: { "content-type": type, ...NEVER_KEPT } });
  } catch {
    // Whoever gathers sees a failed scrape; why the store fails is told where it is used.
    return json(503, { status: "the store does not answer" });
  }
}

function hasToken(request: Request, tokens: readonly string[]): boolean {
  const sent = bearerToken(request);
  return sent !== null && tokens.map((token) => isSameToken(sent, token)).includes(true);
}

const NEVER_KEPT = { "cache-control": "no-store" } as const;

function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${JSON.stringify(body)}\n`, { status, headers: { "content-type": "application/json", ...NEVER_KEPT, ...headers } });
}
