import type { Data } from "offstage/base";
import { z } from "zod";
import type { Route } from "./route.ts";
import { API_PATH } from "./router.ts";
import { NAMED_SHAPES, problem } from "./shapes.ts";

/** What any request may be answered with besides. */
const ALWAYS = [400, 401, 403, 500, 503] as const;

const DESCRIPTIONS: { readonly [status: number]: string } = {
  200: "Here it is.", 202: "It is on the disk.", 400: "The request is not as it has to be.", 401: "A token is needed.", 403: "The token's role does not allow it, or a page of another origin asks.", 404: "There is no such thing.", 409: "It is not as the request takes it to be.",
  413: "The body is too large.", 415: "The body is no JSON.", 422: "What is asked for cannot be.", 500: "A mistake of ours.", 503: "The store cannot be used now; ask again.",
};

type Schemas = { readonly [name: string]: { readonly [keyword: string]: unknown } };

/** The OpenAPI 3.1 document of routes, made from the schemas that requests and answers have. */
export function openApiDocument(routes: readonly Route[], version: string): Data {
  const { named, of } = schemasOf(routes);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) paths[`${API_PATH}${route.path}`] = { ...paths[`${API_PATH}${route.path}`], [route.method.toLowerCase()]: operationOf(route, of) };
  return {
    openapi: "3.1.0",
    info: { title: "Offstage", version, description: "What runs do, what waits for people, and the words that they say to it. Instants are milliseconds since the epoch; fields may be added.", license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/" }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", description: "One of serve.api.tokens of offstage.yaml. Where none is named, this machine may look without one." } },
      schemas: named,
    },
  } as unknown as Data;
}

function operationOf({ method, path, role, summary, query, body, headers, answer, problems }: Route, of: SchemaOf): object {
  const statuses = [...new Set([...ALWAYS, ...(body === null ? [] : [413, 415]), ...problems])].toSorted((a, b) => a - b);
  const content = answer.shape === null ? { "text/event-stream": { schema: { type: "string" } } } : { "application/json": { schema: of(answer.shape) } };
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()).replaceAll(/\W/g, "")}`,
    summary, description: `Role: ${role}.`,
    parameters: [...pathParameters(path), ...queryParameters(query, of), ...Object.entries(headers).map(([name, description]) => ({ name, in: "header", required: false, description, schema: { type: "string" } }))],
    ...(body === null ? {} : { requestBody: { required: false, content: { "application/json": { schema: of(body) } } } }),
    responses: {
      [answer.status]: { description: DESCRIPTIONS[answer.status] ?? "", content },
      ...Object.fromEntries(statuses.map((status) => [status, { description: DESCRIPTIONS[status] ?? "", content: { "application/problem+json": { schema: of(problem) } } }])),
    },
  };
}

function pathParameters(path: string): readonly object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }));
}

function queryParameters(query: z.ZodObject | null, of: SchemaOf): readonly object[] {
  if (query === null) return [];
  const { properties = {}, required = [] } = of(query) as { readonly properties?: Schemas; readonly required?: readonly string[] };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({ name, in: "query", required: required.includes(name), ...(description === undefined ? {} : { description }), schema }));
}

/** A shape as the document has it where it is used: those that have a name are referred to by it. */
type SchemaOf = (shape: z.ZodType) => object;

/** All shapes of a document at once, so that they refer to the named ones. */
function schemasOf(routes: readonly Route[]): { readonly named: Schemas; readonly of: SchemaOf } {
  const registry = z.registry<{ id: string }>();
  const inline = new Map(routes.flatMap(({ query, body, answer }) => [query, body, answer.shape]).filter((shape) => shape !== null && !NAMED_SHAPES.has(shape)).map((shape, index) => [shape as z.ZodType, `inline ${index}`]));
  for (const [shape, id] of [...NAMED_SHAPES, ...inline]) registry.add(shape, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, io: "input", unrepresentable: "any" }) as unknown as { readonly schemas: Schemas };
  return {
    named: Object.fromEntries([...NAMED_SHAPES.values()].map((id) => [id, bare(schemas[id] ?? {})])),
    of: (shape) => (NAMED_SHAPES.has(shape) ? { $ref: `#/components/schemas/${NAMED_SHAPES.get(shape) ?? ""}` } : bare(schemas[inline.get(shape) ?? ""] ?? {})),
  };
}

/** Without what only says where it stands. */
function bare(schema: { readonly [keyword: string]: unknown }): { readonly [keyword: string]: unknown } {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !["$id", "$schema", "id"].includes(keyword)));
}
