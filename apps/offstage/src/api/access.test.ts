import { afterAll, beforeAll, expect, test } from "vitest";
import { createRedactor } from "offstage/base";
import { resolveApiTokens } from "../config/resolve-api.ts";
import { type ApiWorld, createApiWorld, TOKENS } from "../testing/api-world.ts";

let api: ApiWorld;
let open: ApiWorld;
beforeAll(async () => {
  api = await createApiWorld([]);
  open = await createApiWorld([], { tokens: [] });
});
afterAll(async () => {
  await api.close();
  await open.close();
});

test("nothing is told without a token that is known, not even what there is", async () => {
  for (const as of [null, "viewer-0123456789abcdeF", "", "x"]) {
    for (const what of ["GET /runs", "GET /none", "DELETE /runs", "GET /openapi.json", "GET /events"]) expect([as, what, (await api.raw(what, { as })).status]).toEqual([as, what, 401]);
  }
  const { headers, body } = await api.ask("GET /runs", { as: null });
  expect(headers.get("www-authenticate")).toContain("Bearer");
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(body).toMatchObject({ status: 401, code: "API_TOKEN_NEEDED" });
});

test("each role may do what those before it may, and no more", async () => {
  const answers = async (as: string): Promise<readonly number[]> => [(await api.ask("GET /runs", { as })).status, (await api.ask("POST /approvals/none/deny", { as })).status, (await api.ask("POST /runs/none/cancel", { as })).status, (await api.ask("POST /pauses", { as })).status];
  expect(await answers("vera")).toEqual([200, 403, 403, 403]);
  expect(await answers("ada")).toEqual([200, 404, 403, 403]);
  expect(await answers("otto")).toEqual([200, 404, 404, 200]);
});

test("what is not there, and a method that is not answered, are told", async () => {
  for (const path of ["/", "/none", "/runs/", "/runs/a/b", "/runs/%E0%A4%A"]) expect([path, (await api.raw(`GET ${path}`)).status]).toEqual([path, 404]);
  expect((await api.raw("GET /openapi-json")).status).toBe(404);
  const refused = await api.raw("DELETE /runs");
  expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET"]);
});

test("pages of other origins are answered nothing, with a token or without", async () => {
  for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { origin: "http://127.0.0.1:9999" }]) {
    for (const one of [api, open]) {
      const answer = await one.raw("GET /runs", { headers });
      expect([headers, answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([headers, 403, null]);
    }
    expect((await api.raw("OPTIONS /runs", { headers })).status).toBe(403);
  }
  expect((await api.ask("GET /runs", { headers: { origin: "http://127.0.0.1:8400", "sec-fetch-site": "same-origin" } })).status).toBe(200);
});

test("without tokens this machine may look by its own name, and nobody may do anything", async () => {
  expect((await open.ask("GET /runs", { as: null })).status).toBe(200);
  expect((await open.ask("GET /runs", { as: null, host: "[::1]:8400" })).status).toBe(200);
  // A name that a page's owner points to this machine, and a proxy that sends others on.
  expect((await open.ask("GET /runs", { as: null, host: "evil.example:8400" })).status).toBe(403);
  expect((await open.ask("GET /runs", { as: null, headers: { "x-forwarded-for": "10.0.0.1" } })).status).toBe(403);
  for (const what of ["POST /pauses", "POST /approvals/none/approve", "POST /runs/none/cancel"]) expect([what, (await open.ask(what, { as: null })).status]).toEqual([what, 403]);
});

test("a token is long enough that nobody guesses it, is one owner's, and is kept out of texts", () => {
  const sources = { env: {}, folder: "/", inputs: { declared: new Map(), values: {} }, isSecret: () => false, run: null };
  const redactor = createRedactor();
  expect(resolveApiTokens({ tokens: TOKENS }, sources, redactor)).toEqual(TOKENS);
  expect(redactor.redact("operator-0123456789abcdef")).toBe("[redacted the API token of otto]");
  const [vera, ada] = TOKENS as readonly [(typeof TOKENS)[0], (typeof TOKENS)[0]];
  expect(() => resolveApiTokens({ tokens: [{ ...ada, token: "too-short-one" }] }, sources, redactor)).toThrow(expect.objectContaining({ code: "SECRET_TOO_SHORT" }));
  expect(() => resolveApiTokens({ tokens: [vera, { ...ada, token: vera.token }] }, sources, redactor)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});
