import { AsyncLocalStorage } from "node:async_hooks";
import { Ajv2020 } from "ajv/dist/2020.js";
import { createBell, createRedactor, type Redactor } from "offstage/base";
import { type RunHost, serveWorkflow, type ServeNews } from "offstage/host";
import { DEFAULT_POLICY, type Policy } from "offstage/model";
import type { Program } from "offstage/program";
import type { Store } from "offstage/state";
import { createHostWorld, type HostWorld } from "../../../../packages/runtime/src/testing/host-world.ts";
import { apiRoutes, createApi } from "../api/create-api.ts";
import { createLiveEvents } from "../api/live-events.ts";
import { openApiDocument } from "../api/openapi.ts";
import type { ApiStage } from "../api/stage.ts";
import type { ApiToken } from "../config/api-settings.ts";

/** A token of each role. */
export const TOKENS: readonly ApiToken[] = [
  { name: "vera", role: "viewer", token: "viewer-0123456789abcdef" },
  { name: "ada", role: "approver", token: "approver-0123456789abcdef" },
  { name: "otto", role: "operator", token: "operator-0123456789abcdef" },
];

/** What a request is made of. */
export interface Sent {
  /** Whose token; null: none. */
  readonly as?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly host?: string;
}

/** What came back. */
export interface Came {
  readonly status: number;
  readonly headers: Headers;
  /** JSON, as the document says it is. */
  readonly body: Record<string, unknown> & { readonly runs?: readonly { readonly id: string }[]; readonly next?: string | null; readonly id?: string };
}

/** The API over a world in memory; every answer is compared with the document, strictly, and a `GET` that takes its turn among those who write is a mistake. */
export interface ApiWorld {
  readonly world: HostWorld;
  readonly host: RunHost;
  readonly redactor: Redactor;
  readonly news: ServeNews[];
  readonly document: Document;
  /** `GET /runs` as otto, unless it is said otherwise. */
  ask(what: string, sent?: Sent): Promise<Came>;
  /** The same, as it is. */
  raw(what: string, sent?: Sent): Promise<Response>;
  /** Operations with the statuses that they were answered with. */
  readonly answered: ReadonlySet<string>;
  close(): Promise<void>;
}

interface Operation {
  readonly responses: { readonly [status: string]: { readonly content: { readonly [type: string]: { readonly schema: object } } } };
}
type Document = { readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }; readonly components: { readonly schemas: object } };

/** Makes an {@link ApiWorld}. Close it in the end. */
export async function createApiWorld(programs: readonly Program[], { tokens = TOKENS, policy }: { readonly tokens?: readonly ApiToken[]; readonly policy?: Policy } = {}): Promise<ApiWorld> {
  const world = await createHostWorld({ create: (args) => args });
  const redactor = createRedactor();
  const news: ServeNews[] = [];
  const live = createLiveEvents({ clock: world.clock, redactor, boot: "b00t" });
  const environment = { ...world.environment({ bell: createBell(), ...(policy === undefined ? {} : { policy }) }), redactor };
  const served = await Promise.all(programs.filter(({ triggers }) => triggers.length > 0).map((program) => serveWorkflow(program, environment)));
  const stage: ApiStage = { store: heldUpByNobodyWhoLooks(world.store), environment, programs: () => programs, reload: () => ({ at: 0, problem: null }), workflows: () => served, servers: ["world", "both"], approving: () => ({ ...DEFAULT_POLICY, grantMaxAgeMs: 3_600_000, ...(policy === undefined ? {} : { approvers: policy.approvers }) }), tokens: () => tokens, live, news: (one) => void news.push(one) };
  const api = createApi(stage, (error) => { throw error; });
  const host = world.host(1, { ...environment, news: (one) => { world.news.push(one); live.observe(one); } });
  const document = openApiDocument(apiRoutes(stage), "1.2.3") as unknown as Document;
  const conforms = checkAgainst(document);
  const answered = new Set<string>();
  const raw: ApiWorld["raw"] = (what, { as = "otto", body, headers = {}, host: name = "127.0.0.1:8400" } = {}) => {
    const [method = "", path = ""] = what.split(" ");
    const token = tokens.find((one) => one.name === as)?.token ?? as;
    return requests.run(method, () => api.answer(new Request(`http://${name}/api/v1${path}`, { method, headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers }, ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }) })));
  };
  return {
    world, host, redactor, news, document, raw, answered,
    async ask(what, sent) {
      const response = await raw(what, sent);
      const text = await response.text();
      const operation = conforms(what, response, JSON.parse(text));
      if (operation !== null) answered.add(`${operation} ${response.status}`);
      return { status: response.status, headers: response.headers, body: JSON.parse(text) as Came["body"] };
    },
    async close() {
      api.close();
      await world.close();
    },
  };
}

/** The method of the request that is being answered. */
const requests = new AsyncLocalStorage<string>();

function heldUpByNobodyWhoLooks(store: Store): Store {
  return {
    ...store,
    transact(how, body) {
      if (requests.getStore() === "GET" && how.reads !== true) throw new Error("A GET takes its turn among those who write.");
      return store.transact(how, body);
    },
  };
}

/** Gives the operation; null where the document has none. Throws where an answer is not as the document says. */
function checkAgainst(document: Document): (what: string, response: Response, body: unknown) => string | null {
  const ajv = new Ajv2020({ strict: false });
  const strict = closed(document) as Document;
  const compiled = new Map<object, ReturnType<typeof ajv.compile>>();
  return (what, response, body) => {
    const [method = "", path = ""] = what.split("?")[0]?.split(" ") ?? [];
    const place = Object.keys(document.paths).find((one) => new RegExp(`^${one.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(`/api/v1${path}`));
    const operation = place === undefined ? undefined : strict.paths[place]?.[method.toLowerCase()];
    if (place === undefined || operation === undefined) return null;
    const type = response.headers.get("content-type") ?? "";
    const schema = operation.responses[response.status]?.content[type]?.schema;
    if (schema === undefined) throw new Error(`${what}: the document has no ${response.status} ${type}`);
    const validate = compiled.get(schema) ?? ajv.compile({ ...schema, components: strict.components });
    compiled.set(schema, validate);
    if (!validate(body)) throw new Error(`${what}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`);
    return `${method} ${place}`;
  };
}

/** No field that the document does not know. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== "object" || part === null) return part;
  const inner = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, closed(value)]));
  return inner["type"] === "object" && "properties" in inner && !("additionalProperties" in inner) ? { ...inner, additionalProperties: false } : inner;
}
