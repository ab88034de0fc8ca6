import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Validator } from "@seriousme/openapi-schema-validator";
import { DEFAULT_POLICY } from "offstage/model";
import { programOf } from "../../../../packages/runtime/src/testing/compile-source.ts";
import { type ApiWorld, createApiWorld } from "../testing/api-world.ts";
import { liveEvent } from "./shapes.ts";

const send = programOf(`import { every, once, record, workflow } from "offstage"; import { world } from "#servers";
const item = record("item", { identity: (n: string) => n, find: async (n) => [], create: (n) => world.create({ n }), keep: (made) => ({ n: made.n }) });
export default workflow({ name: "send", description: "Sends.", on: [every("1h")], inputs: { who: "you" }, limits: { writes: 5 } }, async ({ inputs }) => { await item.ensure(inputs.who); await once("say:" + inputs.who, () => world.send({ who: inputs.who })); return inputs.who; });`);
const question = programOf(`import { approve, workflow } from "offstage";
export default workflow({ name: "question", on: [], inputs: { who: "" } }, async ({ inputs }) => (await approve({ message: "Go on with " + inputs.who + "?", by: ["ada"] })).outcome);`);

let api: ApiWorld;
beforeAll(async () => {
  api = await createApiWorld([question, send], { policy: { ...DEFAULT_POLICY, rules: [{ verdict: "approve", tool: "send" }] } });
});
afterAll(() => api.close());

const start = async (name: string, who: string): Promise<string> => {
  const { body } = await api.ask(`POST /workflows/${name}/runs`, { body: { inputs: { who } } });
  await api.host.work();
  return String(body.id);
};
/** The answer that the guide shows, which says what somebody reads who may not answer. */
const shownProblem = (): string => /^```json\n(.*)\n```$/m.exec(readFileSync(new URL("../../../../docs/guides/api.md", import.meta.url), "utf8"))?.[1] ?? "";
const waiting = async (): Promise<{ readonly permissions: readonly { readonly id: string; readonly runId: string }[]; readonly questions: readonly { readonly id: string; readonly runId: string }[] }> => (await api.ask("GET /approvals", { as: "vera" })).body as never;

describe("runs", () => {
  test("the workflows are told, with what a run of them takes", async () => {
    expect((await api.ask("GET /workflows", { as: "vera" })).body).toMatchObject({ workflows: [{ name: "question", triggers: [], inputs: [{ name: "who", required: false, default: "" }] }, { name: "send", description: "Sends.", triggers: ["every 1h"], records: ["item"], servers: ["world"], limits: { writes: 5 }, paused: false }] });
  });

  test("one is started once for its key, is told where it is, and its story names who started it", async () => {
    const key = { headers: { "idempotency-key": "k-1" }, body: { inputs: { who: "kim" } } };
    const first = await api.ask("POST /workflows/send/runs", key);
    expect(first).toMatchObject({ status: 202, body: { workflow: "send" } });
    expect(first.headers.get("location")).toBe(`/api/v1/runs/${String(first.body.id)}`);
    expect((await api.ask("POST /workflows/send/runs", key)).body).toEqual(first.body);
    expect(api.news.filter(({ kind }) => kind === "started")).toHaveLength(1);
    await api.host.work();
    expect(await api.ask(`GET /runs/${String(first.body.id)}`)).toMatchObject({ status: 200, body: { run: { status: "pending", event: { kind: "call", by: "otto" }, inputs: { who: "kim" }, held: [{ label: "once say:kim" }] }, effects: [{ tool: "create", status: "done" }], moreEffects: false, started: [] } });
    expect(await api.ask("POST /workflows/send/runs", { ...key, body: { inputs: { who: "other" } } })).toMatchObject({ status: 422, body: { type: "urn:offstage:error:IDEMPOTENCY_KEY_REUSED" } });
    expect(await api.ask("POST /workflows/send/runs", { headers: { "idempotency-key": "no spaces" } })).toMatchObject({ status: 400 });
  });

  test("what cannot be started is refused with our codes", async () => {
    expect(await api.ask("POST /workflows/none/runs", { body: {} })).toMatchObject({ status: 404, body: { code: "WORKFLOW_NOT_FOUND" } });
    expect(await api.ask("POST /workflows/send/runs", { body: { inputs: { nobody: 1 } } })).toMatchObject({ status: 422, body: { code: "INPUT_INVALID" } });
    expect(await api.ask("POST /workflows/send/runs", { body: '{"inputs":{"who":9007199254740993}}' })).toMatchObject({ status: 422, body: { code: "INPUT_INVALID" } });
    for (const body of [{ input: {} }, { inputs: [] }, "[", '"\u{1F600}']) expect(await api.ask("POST /workflows/send/runs", { body })).toMatchObject({ status: 400, body: { code: "USAGE" } });
    expect(await api.ask("POST /workflows/send/runs", { body: "inputs=1", headers: { "content-type": "application/x-www-form-urlencoded" } })).toMatchObject({ status: 415 });
    expect(await api.ask("POST /workflows/send/runs", { body: `"${"x".repeat(1 << 20)}"` })).toMatchObject({ status: 413 });
  });

  test("they are listed page by page, each once, and filtered", async () => {
    for (const who of ["a", "b", "c"]) await start("question", who);
    const ids: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { body } = await api.ask(`GET /runs?limit=2&workflow=question${cursor === "" ? "" : `&cursor=${cursor}`}`, { as: "vera" });
      ids.push(...(body.runs ?? []).map(({ id }) => id));
      cursor = body.next ?? null;
    }
    expect(ids).toHaveLength(3);
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect((await api.ask("GET /runs?status=parked&status=queued")).body.runs).toMatchObject([{ workflow: "question", waits: 1, cause: "call" }, {}, {}]);
    expect((await api.ask(`GET /runs?root=${ids[0] ?? ""}`)).body.runs).toHaveLength(1);
    for (const query of ["limit=0", "limit=101", "limit=1&limit=2", "status=none", "nothing=1", "cursor=Zm9v"]) expect(await api.ask(`GET /runs?${query}`)).toMatchObject({ status: 400, body: { code: "USAGE" } });
  });

  test("one is asked to end, and ends", async () => {
    const id = await start("question", "nobody");
    expect(await api.ask(`POST /runs/${id}/cancel`)).toMatchObject({ status: 202, body: { run: { id } } });
    await api.host.work();
    expect((await api.ask(`GET /runs/${id}`)).body).toMatchObject({ run: { status: "cancelled" } });
    expect(await api.ask(`POST /runs/${id}/cancel`)).toMatchObject({ status: 202, body: { run: { status: "cancelled" } } });
    for (const what of ["GET /runs/none", "POST /runs/none/cancel"]) expect(await api.ask(what)).toMatchObject({ status: 404, body: { code: "RUN_UNKNOWN" } });
  });
});

describe("approvals", () => {
  test("a write is permitted by an approver, once and with the reason, and a continuation of its run makes it", async () => {
    const [asked] = (await waiting()).permissions;
    const id = asked?.id ?? "";
    expect(await api.ask(`POST /approvals/${id}/approve`, { as: "vera" })).toMatchObject({ status: 403, body: { code: "API_NOT_ALLOWED" } });
    const first = await api.ask(`POST /approvals/${id}/approve`, { as: "ada", body: { why: "seen" } });
    expect(first).toMatchObject({ status: 200, body: { id, verdict: "approve", by: "ada", why: "seen", runs: [expect.any(String)] } });
    // Whoever was not told asks again, in the same millisecond too.
    await api.host.work();
    expect(await api.ask(`POST /approvals/${id}/approve`, { as: "ada", body: { why: "seen" } })).toMatchObject({ status: 200, body: { by: "ada", runs: first.body.runs } });
    await api.host.work();
    expect(api.world.called.filter((call) => call.startsWith("send"))).toEqual(['send {"who":"kim"}']);
    expect(await api.ask(`GET /approvals/${id}`, { as: "vera" })).toMatchObject({ status: 200, body: { permission: { status: "used", answeredBy: "ada", answeredWhy: "seen" }, question: null } });
    expect(await api.ask(`POST /approvals/${id}/approve`)).toMatchObject({ status: 409, body: { detail: expect.stringContaining("answered by ada") as string } });
    expect(await api.ask(`POST /approvals/${id}/deny`, { as: "ada" })).toMatchObject({ status: 409 });
  });

  test("a grant whose run nobody had go on, because the process was killed between the two, is gone on with when it is said again", async () => {
    await start("send", "lee");
    const [asked] = (await waiting()).permissions;
    const id = asked?.id ?? "";
    const request = await api.world.store.transact({ durable: false }, (tx) => tx.getRequest(id));
    await api.world.store.transact({ durable: true }, async (tx) => { if (request !== null) await tx.putRequest({ ...request, status: "approved", answeredAt: api.world.clock.now(), answeredBy: "ada", expiresAt: api.world.clock.now() + 60_000 }); });
    expect(await api.ask(`POST /approvals/${id}/approve`, { as: "ada" })).toMatchObject({ status: 200, body: { runs: [expect.any(String)] } });
    await api.host.work();
    expect(api.world.called).toContain('send {"who":"lee"}');
  });

  test("a write that was denied is not made, and can be permitted after all", async () => {
    await start("send", "mia");
    const [asked] = (await waiting()).permissions;
    expect(await api.ask(`POST /approvals/${asked?.id ?? ""}/deny`, { as: "ada", body: { why: "no" } })).toMatchObject({ status: 200, body: { verdict: "deny", runs: [] } });
    await api.host.work();
    expect(api.world.called).not.toContain('send {"who":"mia"}');
    await api.world.clock.advance(5);
    expect(await api.ask(`POST /approvals/${asked?.id ?? ""}/approve`)).toMatchObject({ status: 200, body: { by: "otto" } });
    await api.host.work();
    expect(api.world.called).toContain('send {"who":"mia"}');
  });

  test("a question is answered by those whom it names, once, and its run goes on", async () => {
    const [asked] = (await waiting()).questions;
    const id = asked?.id ?? "";
    expect(await api.ask(`POST /approvals/${id}/approve`)).toMatchObject({ status: 403, body: JSON.parse(shownProblem().replace("ci may not", "otto may not")) as object });
    expect(await api.ask(`POST /approvals/${id}/deny`, { as: "ada", body: { why: "later" } })).toMatchObject({ status: 200, body: { verdict: "deny", why: "later", runs: [asked?.runId] } });
    expect(await api.ask(`POST /approvals/${id}/deny`, { as: "ada" })).toMatchObject({ status: 200, body: { why: "later" } });
    expect(await api.ask(`POST /approvals/${id}/approve`, { as: "ada" })).toMatchObject({ status: 409 });
    await api.host.work();
    expect((await api.ask(`GET /runs/${asked?.runId ?? ""}`)).body).toMatchObject({ run: { status: "succeeded", output: "denied" } });
    expect(await api.ask("POST /approvals/none/approve")).toMatchObject({ status: 404, body: { code: "REQUEST_UNKNOWN" } });
    expect(await api.ask("GET /approvals/none")).toMatchObject({ status: 404 });
  });
});

describe("effects, bindings, pauses", () => {
  test("writes are listed page by page, and one that nobody knows of is resolved once", async () => {
    const page = await api.ask("GET /effects?limit=1&status=done");
    expect(page.body).toMatchObject({ effects: [{ status: "done", outcome: { kind: "done" } }], next: expect.any(String) });
    expect((await api.ask(`GET /effects?limit=1&status=done&cursor=${page.body.next ?? ""}`)).body["effects"]).not.toEqual(page.body["effects"]);
    const [settled] = page.body["effects"] as readonly { readonly id: string; readonly runId: string }[];
    expect((await api.ask(`GET /effects?run=${settled?.runId ?? ""}&root=x`)).body["effects"]).toEqual([]);
    expect(await api.ask(`POST /effects/${settled?.id ?? ""}/resolve`, { body: { verdict: "happened" } })).toMatchObject({ status: 409 });
    await api.world.store.transact({ durable: true }, async (tx) => {
      const entry = await tx.getEffect(settled?.id ?? "");
      if (entry !== null) await tx.putEffect({ ...entry, id: "lost", identity: { kind: "once", scope: "send", key: "lost", window: null }, status: "ambiguous", outcome: { kind: "ambiguous", error: { code: "SERVER_TIMEOUT", message: "m" } } }, null);
    });
    expect(await api.ask("POST /effects/lost/resolve", { as: "ada", body: { verdict: "happened" } })).toMatchObject({ status: 403 });
    expect(await api.ask("POST /effects/lost/resolve", { body: {} })).toMatchObject({ status: 400 });
    expect(await api.ask("POST /effects/lost/resolve", { body: { verdict: "happened", result: { key: 1 } } })).toMatchObject({ status: 200, body: { effect: { status: "done", settledBy: "person", outcome: { value: { key: 1 } } } } });
    expect(await api.ask("POST /effects/none/resolve", { body: { verdict: "did-not-happen" } })).toMatchObject({ status: 404, body: { code: "EFFECT_UNKNOWN" } });
  });

  test("bindings are listed page by page", async () => {
    const page = await api.ask("GET /bindings?limit=2&scope=send&record=item&live=true", { as: "vera" });
    expect(page.body).toMatchObject({ bindings: [{ key: "kim", record: "item" }, { key: "lee" }], next: expect.any(String) });
    expect((await api.ask(`GET /bindings?limit=2&cursor=${page.body.next ?? ""}`)).body).toMatchObject({ bindings: [{ key: "mia" }], next: null });
    expect((await api.ask("GET /bindings?limit=3")).body).toMatchObject({ bindings: [{}, {}, {}], next: null });
    expect((await api.ask("GET /bindings?key=kim&live=false")).body).toMatchObject({ bindings: [] });
  });

  test("the pause switch is thrown and lifted", async () => {
    expect((await api.ask("POST /pauses", { body: { pause: ["send", "server:world"] } })).body).toEqual({ paused: ["server:world", "workflow:send"] });
    expect((await api.ask("GET /pauses", { as: "vera" })).body).toEqual({ paused: ["server:world", "workflow:send"] });
    expect((await api.ask("GET /workflows")).body).toMatchObject({ workflows: [{ paused: false }, { paused: true }] });
    expect(await api.ask("POST /pauses", { body: { pause: ["none"] } })).toMatchObject({ status: 400 });
    expect((await api.ask("POST /pauses", { body: { unpause: ["all"] } })).body).toEqual({ paused: [] });
  });
});

test("what happens is told while it does: runs that begin and end, and what they ask of people", async () => {
  const response = await api.raw("GET /events", { as: "vera" });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  const heard: string[] = [];
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const until = async (wanted: string): Promise<void> => {
    while (!heard.join("").includes(wanted)) heard.push((await reader?.read())?.value ?? "");
  };
  await until("here");
  await start("send", "noa");
  await until("permission");
  await start("question", "noa");
  await until('"asks":"question"');
  await reader?.cancel();
  const events = heard.join("").split("\n\n").filter((text) => text.startsWith("id: ")).map((text) => text.split("\n")[1]);
  expect(events).toEqual(["run-started", "run-ended", "approval-opened", "run-started", "run-parked", "approval-opened"].map((kind) => `event: ${kind}`));
  for (const text of heard.join("").matchAll(/data: (.+)/g)) expect(liveEvent.parse(JSON.parse(text[1] ?? ""))).toEqual(JSON.parse(text[1] ?? ""));
});

test("when too many read the events already, one more is told to ask again", async () => {
  const read = await Promise.all(Array.from({ length: 100 }, () => api.raw("GET /events")));
  const more = await api.raw("GET /events");
  expect([more.status, more.headers.get("retry-after"), await more.json()]).toMatchObject([503, "5", { code: "API_BUSY" }]);
  for (const { body } of read) await body?.cancel();
  const again = await api.raw("GET /events");
  expect(again.status).toBe(200);
  await again.body?.cancel();
});

test("no secret goes out, wherever it stands", async () => {
  const secret = "s3cret-in-the-store";
  const id = await start("question", secret);
  api.redactor.register(secret, "canary");
  for (const what of [`GET /runs/${id}`, "GET /approvals", `GET /runs/${secret}`, `GET /${secret}`]) {
    const text = await (await api.raw(what)).text();
    expect(text).not.toContain(secret);
    expect(text).toMatch(/redacted canary|nothing here/i);
  }
});

test("the document is OpenAPI 3.1, and every operation was answered as it says", async () => {
  const { body } = await api.ask("GET /openapi.json", { as: "vera" });
  expect(body).toEqual(JSON.parse(JSON.stringify({ ...api.document, info: body["info"] })));
  expect(await new Validator().validate(body as never)).toEqual({ valid: true });
  const all = Object.entries(api.document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, { responses }]) => `${method.toUpperCase()} ${path} ${Object.keys(responses).find((status) => status.startsWith("2")) ?? ""}`));
  expect(all.filter((one) => !api.answered.has(one))).toEqual(["GET /api/v1/events 200"]);
});
