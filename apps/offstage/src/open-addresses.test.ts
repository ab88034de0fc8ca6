import type { Health } from "offstage/telemetry";
import { afterEach, expect, test } from "vitest";
import { freePort } from "../../../packages/runtime/src/testing/free-port.ts";
import type { ServeSettings } from "./config/serve-settings.ts";
import { type Addresses, openAddresses, type OpenNews } from "./open-addresses.ts";

const HEALTH: Health = { turned: () => undefined, stopping: () => undefined, isAlive: () => true, isReady: () => Promise.resolve({ ready: true, role: "leader", store: "answers", stopping: false }) };
const FREE = { host: "127.0.0.1", port: 0 };
const WEBHOOKS: Addresses["webhooks"] = { sources: ["hub"], receive: () => Promise.resolve(new Response("", { status: 202 })) };

let opened: { close(): Promise<void> } | null = null;
afterEach(async () => {
  await opened?.close();
  opened = null;
});

async function open(settings: Partial<ServeSettings>, webhooks: Addresses["webhooks"] = null, tokens: readonly string[] = [], doors: Addresses["doors"] = []): Promise<readonly OpenNews[]> {
  const news: OpenNews[] = [];
  const text = () => Promise.resolve({ type: "text/plain", body: "offstage_lease_held 1\n" });
  opened = await openAddresses({ settings: { listen: FREE, opens: false, metrics: null, api: null, concurrency: 1, ...settings } as ServeSettings, health: HEALTH, metrics: settings.metrics ? { tokens: () => tokens, text } : null, webhooks, doors, news: (one) => void news.push(one) });
  return news;
}

const statuses = async ([first]: readonly OpenNews[], paths: readonly string[]): Promise<readonly number[]> => Promise.all(paths.map(async (path) => (await fetch(`${first?.url ?? ""}${path}`, { method: path.startsWith("/webhooks") ? "POST" : "GET" })).status));
const PATHS = ["/webhooks/hub", "/healthz", "/readyz", "/metrics", "/"];

test("nothing is opened that nobody asked for", async () => {
  expect(await open({})).toEqual([]);
});

test("an address that was named has health, and nothing else", async () => {
  const news = await open({ opens: true });
  expect(news.map(({ paths }) => paths)).toEqual([["/healthz", "/readyz"]]);
  expect(await statuses(news, PATHS)).toEqual([404, 200, 200, 404, 404]);
});

test("metrics at the address of webhooks want their token; at one of their own they are not at the other", async () => {
  const one = await open({ metrics: { listen: null, tokens: ["${env:T}"] } }, WEBHOOKS, ["the-token"]);
  expect(await statuses(one, PATHS)).toEqual([202, 200, 200, 401, 202]);
  expect((await fetch(`${one[0]?.url ?? ""}/metrics`, { headers: { authorization: "Bearer the-token" } })).status).toBe(200);
  await opened?.close();
  const two = await open({ metrics: { listen: FREE, tokens: [] } }, WEBHOOKS);
  expect(two.map(({ paths }) => paths)).toEqual([["/webhooks/hub", "/healthz", "/readyz"], ["/healthz", "/readyz", "/metrics"]]);
  expect([await statuses(two, PATHS), await statuses(two.slice(1), PATHS)]).toEqual([[202, 200, 200, 202, 202], [404, 200, 200, 200, 404]]);
});

test("when the second address is taken, the first is not left open", async () => {
  const [taken] = await open({ opens: true });
  const [first, second] = [await freePort(), Number(new URL(taken?.url ?? "").port)];
  await expect(open({ opens: true, listen: { host: "127.0.0.1", port: first }, metrics: { listen: { host: "127.0.0.1", port: second }, tokens: [] } })).rejects.toMatchObject({ code: "PORT_UNAVAILABLE", message: expect.stringContaining("another process has it, maybe an `offstage serve`") as string, hint: expect.stringContaining("with port 0 each takes one that is free") as string });
  await expect(fetch(`http://127.0.0.1:${first}/healthz`)).rejects.toThrow("fetch failed");
});

test("the API is answered under its path, at the address that is served, and not at that of the metrics", async () => {
  const api = { path: "/api/v1", answer: () => Promise.resolve(new Response(null, { status: 418 })) };
  const news = await open({ opens: true, metrics: { listen: FREE, tokens: [] } }, null, [], [api]);
  expect(news.map(({ paths }) => paths.includes("/api/v1"))).toEqual([true, false]);
  const paths = ["/api/v1/runs", "/api/v1", "/api/v10/runs", "/healthz"];
  expect(await statuses(news, paths)).toEqual([418, 418, 404, 200]);
  expect(await statuses(news.slice(1), paths)).toEqual([404, 404, 404, 200]);
});
