import type { Data } from "offstage/base";
import type { z } from "zod";
import type { ApiRole } from "../config/api-settings.ts";
import type { Caller } from "./access.ts";

/** What a request asks, checked. */
export interface Asked<Query, Body> {
  /** Of the path, decoded. */
  readonly params: { readonly [name: string]: string };
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly request: Request;
}

/** What a route answers with: JSON, or a stream of its own. */
export type Answer = { readonly status: number; readonly body: Data; readonly headers?: Readonly<Record<string, string>> } | Response;

/** One path and method: what router, document and tests know of it. */
export interface Route {
  readonly method: "GET" | "POST";
  /** Under `/api/v1`: `/runs/{id}`. */
  readonly path: string;
  readonly role: ApiRole;
  readonly summary: string;
  readonly query: z.ZodObject | null;
  readonly body: z.ZodType | null;
  /** Headers that it looks at, with what they say. */
  readonly headers: { readonly [name: string]: string };
  /** The status of what is not a problem, and the shape of it; null: server-sent events. */
  readonly answer: { readonly status: number; readonly shape: z.ZodType | null };
  /** The statuses of problems, besides those that every route has. */
  readonly problems: readonly number[];
  handle(asked: Asked<unknown, unknown>): Promise<Answer>;
}

/** A route over the types of its own query and body. */
export function route<Query extends z.ZodObject = z.ZodObject<Record<never, never>>, Body extends z.ZodType = z.ZodType>(
  made: Pick<Route, "method" | "path" | "role" | "summary" | "answer"> & Partial<Pick<Route, "headers" | "problems">> & { readonly query?: Query; readonly body?: Body; handle(asked: Asked<z.output<Query>, z.output<Body>>): Promise<Answer> },
): Route {
  const { query = null, body = null, headers = {}, problems = [], handle } = made;
  return { ...made, query, body, headers, problems, handle: (asked) => handle(asked as Asked<z.output<Query>, z.output<Body>>) };
}
