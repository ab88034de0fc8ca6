import { type Data, OffstageError, parseExact, type Redactor } from "../../base/index.ts";
import { bringEvent, type Brought, type Environment, type ServedWorkflow } from "../../host/index.ts";
import type { RunEvent } from "../../model/index.ts";
import type { Store } from "../../state/index.ts";
import { createRateGate, type Rate, type RateGate } from "./rate.ts";
import { readBody } from "./read-body.ts";
import { PROOF_HEADERS, verifyDelivery, type WebhookScheme } from "./verify.ts";

/** A source of webhooks that the project knows. */
export interface WebhookSource {
  readonly name: string;
  /** Read for each delivery: its secrets may be rotated. */
  readonly scheme: WebhookScheme;
  /** A larger body is refused. Bytes. */
  readonly maxBytes: number;
  /** More proven deliveries than that are put off; null: no limit. */
  readonly rate: Rate | null;
}

/** What {@link createWebhookReceiver} needs. */
export interface ReceiverOptions {
  readonly store: Store;
  readonly environment: Pick<Environment, "clock" | "random"> & { readonly redactor: Redactor };
  readonly workflows: () => readonly ServedWorkflow[];
  readonly sources: readonly WebhookSource[];
  readonly news: (news: WebhookNews) => void;
}

/** What became of a delivery. */
export type WebhookNews =
  | { readonly kind: "delivered"; readonly source: string; readonly id: string; readonly brought: Brought }
  | { readonly kind: "refused"; readonly source: string; readonly status: number; readonly why: string };

const PATH = /^\/webhooks\/([^/]+)\/?$/;

/**
 * Answers deliveries of webhooks, at `POST /webhooks/<source>`. 202: the event is in the store. 400: its key or id cannot be kept; 401: it is not proven to be the source's own; 413: too large;
 * `peer` is the address of who sent it. 404, 405: not a place for deliveries; 429: too many now, 503: the store cannot take it now, so send it again. The raw body is checked before it is parsed.
 */
export function createWebhookReceiver(options: ReceiverOptions): (request: Request, peer?: string | null) => Promise<Response> {
  const sources = new Map(options.sources.map((source) => [source.name, { source, gate: source.rate === null ? null : createRateGate(source.rate) }]));
  return async (request, peer = null) => {
    const name = PATH.exec(new URL(request.url).pathname)?.[1];
    const found = name === undefined ? undefined : sources.get(name);
    if (found === undefined) return answer(404, "There is no such webhook.");
    if (request.method !== "POST") return answer(405, "Deliveries are sent by POST.", { allow: "POST" });
    return receive(options, { ...found, scheme: found.source.scheme }, request, peer);
  };
}

async function receive({ store, environment, workflows, news }: ReceiverOptions, { source, scheme, gate }: { readonly source: WebhookSource; readonly scheme: WebhookScheme; readonly gate: RateGate | null }, request: Request, peer: string | null): Promise<Response> {
  const refuse = (status: number, why: string, headers: Record<string, string> = {}): Response => {
    news({ kind: "refused", source: source.name, status, why });
    return answer(status, why, headers);
  };
  const body = await readBody(request, source.maxBytes);
  if (body === null) return refuse(413, `The body is larger than ${source.maxBytes} bytes.`);
  const verdict = verifyDelivery(scheme, { header: (name) => request.headers.get(name), body, peer }, environment.clock.now());
  if (verdict.kind === "refused") return refuse(401, `The delivery is not proven to be of ${source.name}: ${verdict.why}.`);
  const waitMs = gate?.wait(environment.clock.now()) ?? 0;
  if (waitMs > 0) return refuse(429, `More deliveries of ${source.name} came than its rate allows.`, { "retry-after": String(Math.ceil(waitMs / 1_000)) });
  const parsed = parsedBody(body);
  const challenge = scheme.kind === "slack" ? textAt(parsed, "challenge", (type) => type === "url_verification") : null;
  if (challenge !== null) return answer(200, challenge);
  const id = verdict.id ?? idInBody(scheme, parsed) ?? Buffer.from(environment.random(16)).toString("hex");
  const event: RunEvent = { kind: "webhook", source: source.name, headers: headersOf(request, scheme), body: parsed };
  try {
    const brought = await bringEvent(store, environment, workflows(), { topic: `webhook:${source.name}`, event, id });
    news({ kind: "delivered", source: source.name, id, brought });
    return answer(202, "Accepted.");
  } catch (error) {
    if (!(error instanceof OffstageError)) throw error;
    // Sent again, it would be the same: a key, or an id, with half of a surrogate pair.
    if (error.code === "VALUE_INVALID") return refuse(400, "It holds half of a surrogate pair where no store can keep it.");
    return error.code === "EVENT_INVALID" ? refuse(413, error.message) : refuse(503, `It cannot be kept now: ${error.code}.`, { "retry-after": "5" });
  }
}

/** What is no JSON stays the text that it is. */
function parsedBody(body: Uint8Array): Data {
  const text = new TextDecoder().decode(body);
  try {
    return parseExact(text);
  } catch {
    return text;
  }
}

function headersOf(request: Request, scheme: WebhookScheme): { readonly [name: string]: string } {
  const proof = scheme.kind === "hmac" ? scheme.header : scheme.kind === "mtls" ? scheme.rule.header : "";
  return Object.fromEntries([...request.headers].filter(([name]) => !PROOF_HEADERS.has(name) && name !== proof));
}

/** Stripe's and Slack's ids are in the event itself, under the signature. */
function idInBody({ kind }: WebhookScheme, body: Data): string | null {
  if (kind === "stripe") return textAt(body, "id");
  return kind === "slack" ? textAt(body, "event_id") : null;
}

function textAt(body: Data, name: string, isRight: (type: unknown) => boolean = () => true): string | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  const fields = body as { readonly [name: string]: Data };
  const found = Object.hasOwn(fields, name) && isRight(fields["type"]) ? fields[name] : undefined;
  return typeof found === "string" && found !== "" ? found : null;
}

function answer(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", ...headers } });
}
