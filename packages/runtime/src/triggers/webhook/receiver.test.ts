import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRedactor, OffstageError, UnsafeInteger } from "../../base/index.ts";
import { serveWorkflow, serveWorkflows } from "../../host/index.ts";
import type { Run } from "../../model/index.ts";
import type { Store } from "../../state/index.ts";
import { programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";
import { createWebhookReceiver, type WebhookNews } from "./index.ts";

const SECRET = "a-github-secret";
const SOURCE = `
import { workflow, webhook, once, waitFor } from "offstage";
import { world } from "#servers";
export default workflow({ name: "pushed", on: [webhook("github", { when: (event) => event.headers["x-github-event"] === "push", key: (event) => event.body.ref })], limits: { writes: 9 } }, async ({ event, run }) => {
  if (event?.kind !== "webhook") return;
  await once(run.id, () => world.send({ ref: event.body.ref, n: event.body.n }));
  if (event.body.wait) {
    const next = await waitFor(webhook("github"), { when: (one) => one.headers["x-github-event"] === "ping" });
    await once(\`pinged \${run.id}\`, () => world.send({ pinged: next?.body.zen }));
    if (!event.body.twice) return;
    const other = await waitFor(webhook("github"), { when: (one) => one.headers["x-github-event"] === "ping" });
    await once(\`again \${run.id}\`, () => world.send({ again: other?.body.zen }));
  }
});`;

let world: HostWorld;
let news: WebhookNews[];
let serving: { readonly stop: () => Promise<void> };
let post: (body: unknown, headers?: Readonly<Record<string, string>>, path?: string, secret?: string) => Promise<Response>;
let receiveOver: (store: Store) => (request: Request) => Promise<Response>;

beforeEach(async () => {
  world = await createHostWorld();
  news = [];
  const redactor = createRedactor();
  redactor.register("hunter2-hunter2", "a password");
  const environment = { ...world.environment(), redactor };
  const workflows = [await serveWorkflow(programOf(SOURCE), environment)];
  receiveOver = (store) => createWebhookReceiver({ store, environment, workflows: () => workflows, sources: [{ name: "github", scheme: { kind: "github", secrets: [SECRET] }, maxBytes: 1_000, rate: { count: 20, perMs: 60_000 } }, { name: "chat", scheme: { kind: "slack", secrets: [SECRET] }, maxBytes: 1_000, rate: null }], news: (one) => void news.push(one) });
  const receive = receiveOver(world.store);
  post = (body, headers = {}, path = "/webhooks/github", secret = SECRET) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const signature = `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
    return receive(new Request(`http://here${path}`, { method: "POST", body: text, headers: { "X-GitHub-Event": "push", "X-Hub-Signature-256": signature, ...headers } }));
  };
  const [host, stopping] = [world.host(1), new AbortController()];
  const ended = serveWorkflows({ store: world.store, host, environment, workflows: () => workflows, sources: [], news: () => undefined, stopping: stopping.signal });
  serving = { stop: () => (stopping.abort(), ended) };
});
afterEach(async () => {
  await serving.stop();
  await world.close();
});

const runs = (): Promise<readonly Run[]> => world.store.transact({ durable: false }, async (tx) => (await tx.listRuns({ limit: 99 })).toReversed());
const push = (n: number, ref = "main"): object => ({ ref, n });

describe("a delivery", () => {
  test("beyond the rate of its source is put off and kept nowhere, and passes later; what is not proven takes nobody's place", async () => {
    for (let n = 0; n < 30; n++) expect((await post(push(n), {}, "/webhooks/github", "another-secret")).status).toBe(401);
    for (let n = 0; n < 20; n++) expect((await post(push(n))).status).toBe(202);
    const late = await post(push(20));
    expect([late.status, late.headers.get("retry-after")]).toEqual([429, "3"]);
    expect(news.at(-1)).toMatchObject({ kind: "refused", source: "github", status: 429 });
    await world.clock.advance(3_000);
    expect((await post(push(20))).status).toBe(202);
  });

  test("whose key no store can keep is refused for good, not put off", async () => {
    const answer = await post(push(1, "\ud800"), { "X-GitHub-Delivery": "d1" });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([400, null]);
    expect(news.at(-1)).toMatchObject({ kind: "refused", source: "github", status: 400 });
    expect((await post(push(1), { "X-GitHub-Delivery": "d1" })).status).toBe(202);
  });

  test("that is proven is in the store when it is accepted, and starts one run, however often it is sent", async () => {
    expect((await post(push(1), { "X-GitHub-Delivery": "d1" })).status).toBe(202);
    const kept = await world.store.transact({ durable: false }, (tx) => tx.getArrival("pushed", "webhook:github", "d1"));
    expect(kept).toMatchObject({ workflow: "pushed", trigger: "webhook:github", id: "d1", key: "main" });
    await world.clock.advance(1_000);
    for (let again = 0; again < 3; again++) expect((await post(push(1), { "X-GitHub-Delivery": "d1" })).status).toBe(202);
    await world.clock.advance(1_000);
    expect(world.called).toEqual(['send {"ref":"main","n":1}']);
    const [run] = await runs();
    expect(run?.event).toEqual({ kind: "webhook", source: "github", headers: { "content-type": "text/plain;charset=UTF-8", "x-github-delivery": "d1", "x-github-event": "push" }, body: push(1) });
  });

  test("without an id is one of its own each time; what the trigger does not want starts nothing", async () => {
    await post(push(1));
    await post(push(1));
    await post(push(2), { "X-GitHub-Event": "star" });
    await world.clock.advance(2_000);
    expect(world.called).toHaveLength(2);
  });

  test.each([
    ["of another's secret", 401, () => post(push(1), {}, undefined, "another-secret")],
    ["without a signature", 401, () => post(push(1), { "X-Hub-Signature-256": "" })],
    ["that is too large", 413, () => post({ ref: "x".repeat(2_000) })],
    ["to a place that is none", 404, () => post(push(1), {}, "/webhooks/other")],
    ["to a place below", 404, () => post(push(1), {}, "/webhooks/github/x")],
    ["by another method", 405, () => receiveOver(world.store)(new Request("http://here/webhooks/github"))],
  ])("%s is answered with its status, and nothing of it is kept", async (_, status, send) => {
    expect((await send()).status).toBe(status);
    await world.clock.advance(1_000);
    expect(await runs()).toEqual([]);
  });

  test("is not read beyond what it may have, whatever its length says", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => (sent++, controller.enqueue(new Uint8Array(100))) });
    const answer = await receiveOver(world.store)(new Request("http://here/webhooks/github", { method: "POST", body: endless, duplex: "half" }));
    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(20);
  });

  test("that the store cannot take is to be sent again", async () => {
    const full: Store = { ...world.store, transact: () => Promise.reject(new OffstageError("STORE_UNAVAILABLE", "The disk is full.")) };
    const text = JSON.stringify(push(1));
    const answer = await receiveOver(full)(new Request("http://here/webhooks/github", { method: "POST", body: text, headers: { "X-Hub-Signature-256": `sha256=${createHmac("sha256", SECRET).update(text).digest("hex")}` } }));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  });

  test("loses its proof and every secret before it is kept; what is no JSON stays text, and long integers keep their digits", async () => {
    await post('{"ref":"hunter2-hunter2","n":9007199254740993}', { authorization: "Bearer x", cookie: "a=b" });
    await post("ref=main", { "X-GitHub-Event": "push" });
    await world.clock.advance(1_000);
    const [run] = await runs();
    expect(Object.keys(run?.event.kind === "webhook" ? run.event.headers : {})).toEqual(["content-type", "x-github-event"]);
    expect(JSON.stringify(run?.event)).not.toContain("hunter2-hunter2");
    expect(run?.event).toMatchObject({ body: { n: new UnsafeInteger("9007199254740993") } });
    // Its trigger looks into a body that is a text: kept as dropped, with the reason.
    expect(news.at(-1)).toMatchObject({ brought: { arrivals: [{ status: "dropped", why: expect.stringContaining("its trigger failed") as unknown }] } });
  });

  test("goes to the steps that wait for its source too, once for each run", async () => {
    await post({ ...push(1), wait: true }, { "X-GitHub-Delivery": "d1" });
    await world.clock.advance(1_000);
    expect((await runs())[0]?.status).toBe("parked");
    for (let again = 0; again < 2; again++) await post({ zen: "Speak like a human." }, { "X-GitHub-Event": "ping", "X-GitHub-Delivery": "d2" });
    await world.clock.advance(1_000);
    expect(world.called).toEqual(['send {"ref":"main","n":1}', 'send {"pinged":"Speak like a human."}']);
    expect((await runs()).map(({ status }) => status)).toEqual(["succeeded"]);
  });

  test("that a run has looked at is not offered to a step of it that waits only later", async () => {
    await post({ ...push(1), wait: true, twice: true }, { "X-GitHub-Delivery": "d1" });
    await world.clock.advance(1_000);
    for (let again = 0; again < 2; again++) {
      await post({ zen: "one" }, { "X-GitHub-Event": "ping", "X-GitHub-Delivery": "d2" });
      await world.clock.advance(1_000);
    }
    expect((await runs())[0]).toMatchObject({ status: "parked" });
    await post({ zen: "two" }, { "X-GitHub-Event": "ping", "X-GitHub-Delivery": "d3" });
    await world.clock.advance(1_000);
    expect(world.called.slice(1)).toEqual(['send {"pinged":"one"}', 'send {"again":"two"}']);
  });

  test("of one key do not overlap, those of others do not wait", async () => {
    await post({ ...push(1), wait: true });
    await post(push(2));
    await post(push(3, "next"));
    await world.clock.advance(2_000);
    expect(world.called).toEqual(['send {"ref":"main","n":1}', 'send {"ref":"next","n":3}']);
  });
});

test("Slack's question whether the address is ours is answered, when it is signed", async () => {
  const [text, time] = [JSON.stringify({ type: "url_verification", challenge: "c-1" }), String(world.clock.now() / 1_000)];
  const ask = (secret: string): Promise<Response> => receiveOver(world.store)(new Request("http://here/webhooks/chat", { method: "POST", body: text, headers: { "X-Slack-Request-Timestamp": time, "X-Slack-Signature": `v0=${createHmac("sha256", secret).update(`v0:${time}:${text}`).digest("hex")}` } }));
  expect(await (await ask(SECRET)).text()).toBe("c-1\n");
  expect((await ask("another-secret")).status).toBe(401);
});
