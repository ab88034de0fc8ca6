import { type Data, isOffstageError, OffstageError, parseExact, type Redactor } from "offstage/base";
import { readBody } from "offstage/triggers/webhook";
import { z } from "zod";
import type { ApiToken } from "../config/api-settings.ts";
import { callerOf, needRole } from "./access.ts";
import { jsonResponse } from "./json-response.ts";
import { mediaTypeOf } from "./media-type.ts";
import { ApiError, problemOf } from "./problem.ts";
import type { Answer, Route } from "./route.ts";

/** Where the API begins. */
export const API_PATH = "/api/v1";

/** More than anybody has to say. Bytes. */
const MAX_BODY = 1 << 20;

/** What {@link createRouter} needs. */
export interface RouterOptions {
  readonly routes: readonly Route[];
  /** Empty: whoever is on this machine may look. */
  readonly tokens: () => readonly ApiToken[];
  readonly redactor: Redactor;
  /** Hears of mistakes of ours: whoever asked is told no more than that. */
  readonly failed: (error: unknown) => void;
}

/** Answers requests under {@link API_PATH}: who asks, what is asked, then the route. Whatever goes out is redacted. */
export function createRouter({ routes, tokens, redactor, failed }: RouterOptions): (request: Request) => Promise<Response> {
  const places = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  return async (request) => {
    try {
      // Before anything is told, what there is included.
      const caller = callerOf(request, tokens());
      const { pathname, searchParams } = new URL(request.url);
      const { route, params } = find(places, request.method, pathname);
      needRole(caller, route.role);
      const query = route.query === null ? {} : check(route.query, queryOf(route.query, searchParams), "The query");
      const body = route.body === null ? null : check(route.body, await jsonOf(request), "The body");
      return answerOf(await route.handle({ params, query, body, caller, request }), redactor);
    } catch (error) {
      const problem = problemOf(error, redactor);
      if (problem.status === 500) failed(error);
      return problem;
    }
  };
}

function answerOf(answer: Answer, redactor: Redactor): Response {
  return answer instanceof Response ? answer : jsonResponse(answer.status, redactor.redactData(answer.body), answer.headers);
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${API_PATH}${path.replaceAll(".", "\\.").replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

function find(places: readonly { readonly route: Route; readonly pattern: RegExp }[], method: string, pathname: string): { readonly route: Route; readonly params: { readonly [name: string]: string } } {
  const here = places.flatMap(({ route, pattern }) => {
    const found = pattern.exec(pathname);
    return found === null ? [] : [{ route, params: decoded(found.groups ?? {}) }];
  });
  if (here.length === 0) throw new ApiError(404, "USAGE", "There is nothing here.", { hint: `GET ${API_PATH}/openapi.json tells what there is.` });
  const asked = here.find(({ route }) => route.method === method);
  if (asked !== undefined) return asked;
  const allow = here.map(({ route }) => route.method).join(", ");
  throw new ApiError(405, "USAGE", `Only ${allow} is answered here.`, { headers: { allow } });
}

function decoded(groups: Readonly<Record<string, string>>): { readonly [name: string]: string } {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    throw new ApiError(404, "USAGE", "The path is no URL.");
  }
}

/** A field that takes several is a list, however often it stands there; any other that stands there twice is a fault of it. */
function queryOf(schema: z.ZodObject, given: URLSearchParams): { readonly [name: string]: string | readonly string[] } {
  const fields = schema.shape as { readonly [name: string]: z.ZodType };
  return Object.fromEntries([...new Set(given.keys())].map((name) => {
    const all = given.getAll(name);
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
    return [name, inner instanceof z.ZodArray || all.length > 1 ? all : (all[0] ?? "")];
  }));
}

/** A form of a page is no JSON, so no page sends any without asking first. */
async function jsonOf(request: Request): Promise<Data> {
  const bytes = await readBody(request, MAX_BODY);
  if (bytes === null) throw new ApiError(413, "USAGE", `The body is larger than ${MAX_BODY} bytes.`);
  if (bytes.length === 0) return {};
  if (mediaTypeOf(request) !== "application/json") throw new ApiError(415, "USAGE", "The body is to be application/json.");
  try {
    return parseExact(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new OffstageError("USAGE", `The body is no JSON${isOffstageError(error) ? `: ${error.message}` : " in UTF-8."}`, { cause: error });
  }
}

function check<Schema extends z.ZodType>(schema: Schema, given: unknown, what: string): z.output<Schema> {
  const checked = schema.safeParse(given);
  if (checked.success) return checked.data;
  const faults = checked.error.issues.slice(0, 5).map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
  throw new OffstageError("USAGE", `${what} is not as it has to be: ${faults.join("; ")}.`);
}
