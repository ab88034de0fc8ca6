import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import type { FetchLike } from "@modelcontextprotocol/client";
import { type Clock, formatDuration, isOffstageError, OffstageError } from "../../base/index.ts";
import { startTimeLimit } from "../time-limit.ts";
import { proxiesOf } from "../http/proxies-of.ts";
import { type AddressClass, classifyAddress, hostOf, isLocalName } from "./address-class.ts";
import { unsafe } from "./auth-errors.ts";

/** For one discovery document, registration or token, ms. */
const ANSWER_WITHIN_MS = 20_000;
/** Metadata documents have a few thousand bytes, tokens too. */
const MOST_BYTES = 256 * 1024;
const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Looks a name up: all its addresses. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** Variables of this process. */
export type InheritedEnv = { readonly [name: string]: string | undefined };

/** What a guarded fetch needs to know. */
export interface GuardOptions {
  /** The MCP server that we were told to speak to: where it is, its authorization server may be. */
  readonly serverUrl: URL;
  readonly clock: Clock;
  /** The system's, unless a test has another. */
  readonly resolve?: Resolve;
  /** Bytes of one answer. */
  readonly maxBytes?: number;
  /** Ours: the proxies of it are used, as for requests to servers. None when absent. */
  readonly inheritedEnv?: InheritedEnv;
}

/**
 * Fetches what a server's metadata points to: discovery documents, registrations, tokens. The URLs are a stranger's, so (the
 * specification's rules against SSRF): https, except on loopback when the MCP server itself is on it; no address that is
 * loopback, private, link-local or a cloud's metadata service, unless the MCP server itself is on one of that kind; the address that was
 * checked is the one that is connected to, so that a name cannot change in between (behind a proxy, names are the proxy's to look up); redirects are answers here, and the SDK
 * follows those within one origin, a few; an answer has a size and a time.
 */
export function createGuardedFetch(options: GuardOptions): FetchLike {
  const resolve = options.resolve ?? ((host) => systemLookup(host, { all: true, verbatim: true }));
  // Once, before anything that the server said could be followed: its name cannot come to mean something else later.
  const allowed = allowedClasses(options.serverUrl, resolve);
  allowed.catch(() => undefined);
  return async (input, init) => {
    const url = new URL(input);
    const classes = await allowed;
    refuseUrl(url, classes);
    const limit = startTimeLimit(options.clock, ANSWER_WITHIN_MS, init?.signal ?? undefined);
    try {
      return await send(url, init, { lookup: checkedLookup(resolve, classes), signal: limit.signal, maxBytes: options.maxBytes ?? MOST_BYTES, proxies: isOnLoopback(url) ? NO_PROXIES : proxiesOf(options.inheritedEnv ?? {}) });
    } catch (thrown) {
      const error = rootOf(thrown);
      if (isOffstageError(error)) throw error;
      if (limit.cause() === "cancelled") throw new OffstageError("CANCELLED", `The request to ${url.origin} was cancelled.`);
      const why = limit.cause() === "timeout" ? `it did not answer within ${formatDuration(ANSWER_WITHIN_MS)}` : ((error as NodeJS.ErrnoException).code ?? "the connection failed");
      throw new OffstageError("AUTH_FAILED", `The authorization server at ${url.origin} cannot be reached: ${why}.`, { hint: "Try again; check the network from this machine." });
    } finally {
      limit.release();
    }
  };
}

/** Whether a URL may be opened or sent to at all: the rules that need no look-up. Errors: `AUTH_UNSAFE`. */
export function refuseInsecure(url: URL, serverUrl: URL): void {
  refuseUrl(url, isOnLoopback(serverUrl) ? new Set(["public", "loopback"]) : new Set(["public", "private"]));
}

/** Whether a URL names this machine, by name or by number. */
export function isOnLoopback(url: URL): boolean {
  const host = hostOf(url);
  return isLocalName(host) || (isIP(host) !== 0 && classifyAddress(host) === "loopback");
}

function refuseUrl(url: URL, classes: ReadonlySet<AddressClass>): void {
  if (url.username !== "" || url.password !== "") throw unsafe(`${url.origin} is asked for with a password in its URL.`);
  const local = isOnLoopback(url);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && local && classes.has("loopback"))) throw unsafe(`${url.origin === "null" ? url.protocol : url.origin} is no https URL, and tokens go nowhere else.`);
  const host = hostOf(url);
  if (local && !classes.has("loopback")) throw forbidden(host, "loopback");
  if (isIP(host) !== 0) refuseAddress(host, host, classes);
}

function refuseAddress(host: string, address: string, classes: ReadonlySet<AddressClass>): void {
  const kind = classifyAddress(address);
  if (!classes.has(kind)) throw forbidden(host, kind);
}

function forbidden(host: string, kind: AddressClass): OffstageError {
  return unsafe(`The host ${host} has a ${kind} address: a server that is elsewhere may not send us there.`);
}

async function allowedClasses(serverUrl: URL, resolve: Resolve): Promise<ReadonlySet<AddressClass>> {
  const host = hostOf(serverUrl);
  if (isOnLoopback(serverUrl)) return new Set(["public", "loopback"]);
  if (isIP(host) !== 0) return new Set(["public", classifyAddress(host)]);
  // Behind a proxy there may be nobody to ask.
  const addresses = await resolve(host).catch(() => []);
  // A name that means several kinds of places, or this machine without saying so, is treated as a stranger's.
  const inside = addresses.length > 0 && addresses.every(({ address }) => classifyAddress(address) === "private");
  return new Set(inside ? ["public", "private"] : ["public"]);
}

/** A look-up for a connection: all addresses have to be allowed, and no second look-up follows. */
function checkedLookup(resolve: Resolve, classes: ReadonlySet<AddressClass>): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        for (const { address } of addresses) refuseAddress(host, address, classes);
        const [first] = addresses;
        if (first === undefined) throw Object.assign(new Error("no address"), { code: "ENOTFOUND" });
        if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
    ).catch((error: unknown) => callback(error as NodeJS.ErrnoException, "", 0));
  };
}

interface Sending {
  readonly lookup: LookupFunction;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly proxies: ReturnType<typeof proxiesOf>;
}

const NO_PROXIES = proxiesOf({});

/** Loaded when a token is got, and not before. */
async function send(url: URL, init: RequestInit | undefined, { lookup, signal, maxBytes, proxies }: Sending): Promise<Response> {
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  // A connection of its own: one that is shared may have been opened to an address that nobody checked.
  const dispatcher = new EnvHttpProxyAgent({ ...proxies, connect: { lookup } });
  try {
    const answer = await fetch(url, { ...init, headers: [...new Headers(init?.headers)], redirect: "manual", signal, dispatcher } as never);
    const body = await readWithin(answer.body as AsyncIterable<Uint8Array> | null, maxBytes, url);
    const headers = [...answer.headers].filter(([name]) => name !== "content-encoding" && name !== "content-length");
    return new Response(NO_BODY.has(answer.status) ? null : body, { status: answer.status, headers });
  } finally {
    await dispatcher.destroy();
  }
}

async function readWithin(body: AsyncIterable<Uint8Array> | null, maxBytes: number, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > maxBytes) throw unsafe(`${url.origin} answers with more than ${maxBytes} bytes, which no metadata and no token has.`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** What began the chain: the fetch wraps what its connection met. */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; root instanceof Error && !isOffstageError(root) && root.cause !== undefined && depth < 5; depth++) root = root.cause;
  return root;
}
