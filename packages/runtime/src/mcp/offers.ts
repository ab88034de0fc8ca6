import type { Client } from "@modelcontextprotocol/client";
import { type Data, deepFreeze, type Redactor } from "../base/index.ts";
import type { Lasting } from "./lasting.ts";
import { type ListItem, type ListKind, readList, type ServerList } from "./read-list.ts";

/** What a server offers besides tools, as it described it. Frozen, redacted; lists that it does not have are empty. */
export interface Offers {
  readonly server: string;
  /** Each with a `uri`. */
  readonly resources: readonly ListItem[];
  /** Each with a `uriTemplate` (RFC 6570). */
  readonly templates: readonly ListItem[];
  /** Each with a `name`. */
  readonly prompts: readonly ListItem[];
  /** Whether it says how the arguments of prompts and templates may go on. */
  readonly completes: boolean;
  /** Whether it tells when a resource changes. */
  readonly tellsOfResources: boolean;
}

const RESOURCES = { method: "resources/list", member: "resources", key: "uri" } as const;
const TEMPLATES = { method: "resources/templates/list", member: "resourceTemplates", key: "uriTemplate" } as const;
const PROMPTS = { method: "prompts/list", member: "prompts", key: "name" } as const;

/** JSON-RPC's. */
const METHOD_NOT_FOUND = -32_601;

/** Reads the lists that the server says it has. */
export async function readOffers(server: string, client: Client, redactor: Redactor, signal: AbortSignal): Promise<Lasting<Offers>> {
  const { resources, prompts, completions } = client.getServerCapabilities() ?? {};
  const [listed, templates, prompted] = await Promise.all([
    // Many that have resources cannot list them, or have no templates, and say so only when asked.
    resources === undefined ? NONE : orNone(server, client, RESOURCES, signal),
    resources === undefined ? NONE : orNone(server, client, TEMPLATES, signal),
    prompts === undefined ? NONE : orNone(server, client, PROMPTS, signal),
  ]);
  const offers = { server, resources: listed.items, templates: templates.items, prompts: prompted.items, completes: completions !== undefined, tellsOfResources: resources?.subscribe === true };
  const told = [listed, templates, prompted].flatMap(({ ttlMs }) => (ttlMs === null ? [] : [ttlMs]));
  return { value: deepFreeze(redactor.redactData(offers as unknown as Data)) as unknown as Offers, ttlMs: told.length === 0 ? null : Math.min(...told) };
}

const NONE: ServerList = { items: [], ttlMs: null };

async function orNone(server: string, client: Client, kind: ListKind, signal: AbortSignal): Promise<ServerList> {
  try {
    return await readList(server, client, kind, signal);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === METHOD_NOT_FOUND) return NONE;
    throw error;
  }
}
