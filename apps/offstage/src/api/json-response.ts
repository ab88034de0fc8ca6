import { type Data, stringifyExact } from "offstage/base";

/** JSON that nobody keeps, and that no browser takes for something else. Integers beyond 2^53-1 keep their digits. */
export function jsonResponse(status: number, body: Data, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${stringifyExact(body)}\n`, { status, headers: { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers } });
}
