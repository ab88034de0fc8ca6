import { expect, test } from "vitest";
import { createEndpoints, type MetricsAccess } from "./endpoints.ts";

const READY = { ready: true, role: "leader", store: "answers", stopping: false } as const;
const text = () => Promise.resolve({ type: "text/plain; version=0.0.4", body: "offstage_lease_held 1\n" });

const answering = (access: MetricsAccess | null, { alive = true, ready = true, metrics = text } = {}) => {
  const endpoints = createEndpoints({ health: { isAlive: () => alive, isReady: () => Promise.resolve({ ...READY, ready }) }, metrics: access === null ? null : { access, text: metrics } });
  return async (path: string, headers: Readonly<Record<string, string>> = {}, host = "127.0.0.1:8400", method = "GET"): Promise<number | null> => (await endpoints(new Request(`http://${host}${path}`, { headers, method })))?.status ?? null;
};

test("health is told to everybody, and nothing of the project with it", async () => {
  const endpoints = createEndpoints({ health: { isAlive: () => true, isReady: () => Promise.resolve(READY) }, metrics: null });
  expect(await (await endpoints(new Request("http://a/healthz")))?.json()).toEqual({ status: "ok" });
  expect(await (await endpoints(new Request("http://a/readyz")))?.json()).toEqual({ status: "ready", role: "leader", store: "answers", stopping: false });
  const ill = answering(null, { alive: false, ready: false });
  expect([await ill("/healthz"), await ill("/readyz"), await ill("/metrics"), await ill("/webhooks/a"), await ill("/healthz/x")]).toEqual([503, 503, null, null, null]);
  expect([await ill("/healthz", {}, "a", "POST"), await answering(null)("/healthz", {}, "a", "HEAD")]).toEqual([405, 200]);
});

test("metrics with a token are for who has it, wherever they are", async () => {
  const ask = answering({ kind: "tokens", tokens: ["the-new-token", "the-old-token"] });
  const sent = async (authorization: string): Promise<number | null> => ask("/metrics", { authorization }, "metrics.example");
  expect(await Promise.all(["Bearer the-old-token", "bearer the-new-token"].map(sent))).toEqual([200, 200]);
  expect(await Promise.all(["Bearer the-new-toke", "Bearer", "Basic the-new-token", "Bearer the-new-token the-old-token"].map(sent))).toEqual([401, 401, 401, 401]);
  expect(await ask("/metrics")).toBe(401);
});

test("metrics of this machine are not for a proxy that sends others on, nor for a page whose name was pointed here", async () => {
  const ask = answering({ kind: "local" });
  expect([await ask("/metrics"), await ask("/metrics", {}, "localhost:8400"), await ask("/metrics", {}, "[::1]:8400")]).toEqual([200, 200, 200]);
  expect([await ask("/metrics", {}, "rebound.example:8400"), await ask("/metrics", {}, "127.0.0.1.example"), await ask("/metrics", { "x-forwarded-for": "203.0.113.7" }), await ask("/metrics", { via: "1.1 proxy" })]).toEqual([403, 403, 403, 403]);
  expect(await answering({ kind: "anybody" })("/metrics", {}, "10.0.0.7:9464")).toBe(200);
});

test("metrics that cannot be had are a failed scrape, and say nothing of why", async () => {
  expect(await answering({ kind: "anybody" }, { metrics: () => Promise.reject(new Error("the store of /home/me is full")) })("/metrics")).toBe(503);
});
