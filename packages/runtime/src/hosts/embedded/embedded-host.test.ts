import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OffstageError } from "../../base/index.ts";
import type { RunHandle, RunHost } from "../../host/index.ts";
import type { Program } from "../../program/index.ts";
import type { Store, StoreTx } from "../../state/index.ts";
import { bodyProgram, programOf } from "../../testing/compile-source.ts";
import { CALL, READ, SEND, startIn } from "../../testing/host-runs.ts";
import { createHostWorld, type HostTool, type HostWorld, newsOf } from "../../testing/host-world.ts";

let world: HostWorld;
afterEach(() => world.close());

async function begin(tools: { readonly [tool: string]: HostTool } = {}): Promise<void> {
  world = await createHostWorld(tools);
}

const start = (host: RunHost, program: Program, any = ""): Promise<RunHandle> => startIn(world, host, program, any);

describe("one process", () => {
  beforeEach(() => begin({ get: () => "read" }));

  test("runs a workflow to its end and keeps it", async () => {
    const host = world.host(1);
    const { id, finished } = await start(host, SEND, "hello");
    const run = await finished;
    expect(run).toMatchObject({ id, rootRunId: id, status: "succeeded", phase: "run", output: "sent", inputs: { any: "hello" }, counts: { calls: 1, writes: 1, replayed: 0 } });
    expect(world.called).toEqual(['send {"text":"hello"}']);
    expect(await host.get(id)).toEqual(run);
    expect(newsOf(world, "run-ended")).toEqual(["test"]);
  });

  test("answers a once from the ledger in the next run, and counts that", async () => {
    const host = world.host(1);
    await (await start(host, SEND)).finished;
    expect(await (await start(host, SEND)).finished).toMatchObject({ status: "succeeded", counts: { writes: 0, replayed: 1 } });
    expect(world.called).toHaveLength(1);
  });

  test("drives runs one after the other, oldest first", async () => {
    const host = world.host(1);
    const handles = [await start(host, READ, "1"), await start(host, SEND, "2"), await start(host, READ, "3")];
    expect((await Promise.all(handles.map((handle) => handle.finished))).map((run) => run.status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect((await world.runs()).map((run) => run.inputs["any"])).toEqual(["3", "2", "1"]);
  });

  test("RUN_UNKNOWN for a run that the store does not have, with where to look", async () => {
    const unknown = { code: "RUN_UNKNOWN", message: expect.stringContaining("no-such"), hint: expect.stringContaining("offstage runs") };
    await expect(world.host(1).get("no-such")).rejects.toMatchObject(unknown);
    await expect(world.host(1).continue("no-such")).rejects.toMatchObject(unknown);
  });

  test("continues a run as the same root with the same program and event, and new reads", async () => {
    const host = world.host(1);
    const perRun = bodyProgram("await once.perRun(() => world.send({})); return await world.get({});");
    const first = await (await start(host, perRun)).finished;
    const second = await (await host.continue(first.id)).finished;
    expect(second).toMatchObject({ rootRunId: first.id, programHash: first.programHash, status: "succeeded" });
    expect(second.id).not.toBe(first.id);
    // What the root run wrote is not written again; what it read is.
    expect(world.called).toEqual(["send {}", "get {}", "get {}"]);
  });
});

describe("limits", () => {
  const limited = (limits: string, body: string): Program => programOf(`
import { workflow, once, each, fail } from "offstage";
import { world } from "#servers";
export default workflow({ name: "limited", on: [], inputs: { any: "" }, limits: ${limits} }, async () => {
${body}
});`);
  beforeEach(() => begin({ get: () => world.clock.advance(40_000).then(() => null) }));

  test("LIMIT_CALLS ends the run, past every catch", async () => {
    const program = limited("{ calls: 2 }", 'for (const n of ["1", "2", "3"]) { try { await world.get({ n }); } catch { throw fail("caught"); } }');
    expect(await (await start(world.host(1), program)).finished).toMatchObject({ status: "failed", error: { code: "LIMIT_CALLS" } });
    expect(world.called).toHaveLength(2);
  });

  test("LIMIT_DURATION ends the run at its next step", async () => {
    const program = limited('{ duration: "1m" }', 'for (const n of ["1", "2", "3"]) await world.get({ n });');
    expect(await (await start(world.host(1), program)).finished).toMatchObject({ status: "failed", error: { code: "LIMIT_DURATION" } });
    expect(world.called).toHaveLength(2);
  });

  test("LIMIT_WRITES ends the run before the write that is too many; what was done stays done, and counts no more in the next run", async () => {
    const program = limited("{ writes: 2 }", 'await each(["1", "2", "3"], { key: (n) => n, onError: "continue" }, async (n) => { await once(n, () => world.send({ n })); });');
    const host = world.host(1);
    const first = await (await start(host, program)).finished;
    expect(first).toMatchObject({ status: "failed", error: { code: "LIMIT_WRITES", hint: expect.stringContaining("limits.writes") as string }, counts: { writes: 2 } });
    expect(await (await start(host, program)).finished).toMatchObject({ status: "succeeded", counts: { writes: 1, replayed: 2 } });
    expect(world.called).toEqual(['send {"n":"1"}', 'send {"n":"2"}', 'send {"n":"3"}']);
  });

  test("a plan shows that its apply would meet LIMIT_WRITES", async () => {
    const program = limited("{ writes: 1 }", 'await once("1", () => world.send({})); await once("2", () => world.send({}));');
    const { run } = await world.host(1).plan({ program, inputs: {}, event: CALL, cancelled: new AbortController().signal });
    expect(run).toMatchObject({ status: "failed", error: { code: "LIMIT_WRITES" } });
    expect(world.called).toEqual([]);
  });
});

describe("two processes", () => {
  test("the one that does not drive the store hands its run over, says so, and tells how it ended", async () => {
    const answer = Promise.withResolvers<number>();
    await begin({ get: () => answer.promise });
    const first = await start(world.host(1), READ);
    await world.clock.advance(0);
    const second = await start(world.host(2), SEND);
    await world.clock.advance(1_000);
    expect(newsOf(world, "run-waiting")).toEqual(["Process 1 on here, another Offstage, drives this store; it has the run now."]);
    expect(world.called).toEqual(["get {}"]);
    answer.resolve(1);
    const [one] = await Promise.all([first.finished, world.clock.advance(1_000)]);
    const two = await second.finished;
    expect([one.status, two.status]).toEqual(["succeeded", "succeeded"]);
    expect(world.called).toEqual(["get {}", 'send {"text":""}']);
  });

  test("a run that a dead process left is gone on with by the next, from what it has journaled; what it read is not read again", async () => {
    const answers = ["first", "second"];
    await begin({ get: () => answers.shift() ?? "third", send: () => new Promise(() => undefined) });
    const program = bodyProgram('const read = await world.get({}); await each(["x"], { key: (x) => x, onError: "continue" }, async (x) => { await once(x, () => world.send({ read })); }); return read;');
    const { id } = await start(world.host(1), program);
    await world.clock.advance(0);
    expect(world.called).toEqual(["get {}", 'send {"read":"first"}']);
    world.kill(1);
    const host = world.host(2);
    await (await start(host, READ)).finished;
    // The write was begun and nobody knows how it ended: it is not made again.
    expect(await host.get(id)).toMatchObject({ status: "needs-attention", output: "first", ambiguous: [{ label: "once x" }] });
    expect(world.called).toEqual(["get {}", 'send {"read":"first"}', "get {}"]);
    expect(world.news.filter((news) => news.kind === "run-started").map((news) => news.resumed)).toEqual([false, true, false]);
  });

  test("a run that a dead process only queued is driven by the next", async () => {
    const answer = Promise.withResolvers<number>();
    await begin({ get: () => answer.promise });
    const host = world.host(1);
    await start(host, READ);
    await world.clock.advance(0);
    const queued = await start(world.host(2), SEND);
    world.kill(1);
    world.kill(2);
    answer.resolve(1);
    const next = world.host(3);
    await (await start(next, READ)).finished;
    expect((await next.get(queued.id)).status).toBe("succeeded");
    expect(world.called.filter((call) => call.startsWith("send"))).toHaveLength(1);
  });

  test("a process that lost the store sends nothing more, and follows who has it", async () => {
    const answer = Promise.withResolvers<string>();
    await begin({ get: () => (world.called.length === 1 ? answer.promise : "second") });
    const program = bodyProgram('const read = await world.get({}); await once("k", () => world.send({ read })); return read;');
    const first = await start(world.host(1), program);
    await world.clock.advance(0);
    world.mistakeForDead(1);
    const second = await start(world.host(2), READ);
    await second.finished;
    answer.resolve("first");
    await world.clock.advance(1_000);
    expect(await first.finished).toMatchObject({ status: "succeeded", output: "second" });
    expect(world.called.filter((call) => call.startsWith("send"))).toEqual(['send {"read":"second"}']);
  });
});

describe("a run that this process cannot drive", () => {
  const missing = new OffstageError("SECRET_MISSING", "mcp.json: the server other needs OTHER_TOKEN.");
  const OTHER = bodyProgram('await once("o", () => other.send({})); return "other";');
  const without = { connect: (servers: readonly string[]) => (servers.includes("other") ? Promise.reject(missing) : Promise.resolve()) };

  test("says why and is left as it is; the runs after it do not wait for it", async () => {
    await begin();
    const lacking = world.host(1, without);
    const left = await start(lacking, OTHER);
    await expect(left.finished).rejects.toMatchObject({ code: "SECRET_MISSING" });
    const next = world.host(2, without);
    expect(await (await start(next, SEND)).finished).toMatchObject({ status: "succeeded" });
    expect(newsOf(world, "run-waiting")[1]).toBe(`Run ${left.id} of test stays as it is. ${missing.message}`);
    expect(world.called).toEqual(['send {"text":""}']);
    // A process that can, does.
    const able = world.host(3);
    await (await start(able, READ)).finished;
    expect(await able.get(left.id)).toMatchObject({ status: "succeeded", output: "other" });
  });

  test("because another version began it is told so, and keeps nobody waiting", async () => {
    await begin();
    const host = world.host(1);
    await expect((await start(host, { ...SEND, semantics: 99 as Program["semantics"] })).finished).rejects.toMatchObject({ code: "NOT_YET", hint: expect.stringContaining("version") as string });
    expect(await (await start(host, SEND)).finished).toMatchObject({ status: "succeeded" });
  });

  test("is no plan either: nothing is kept of it", async () => {
    await begin();
    await expect(world.host(1, without).plan({ program: OTHER, inputs: {}, event: CALL, cancelled: new AbortController().signal })).rejects.toMatchObject({ code: "SECRET_MISSING" });
    expect(await world.runs()).toEqual([]);
  });
});

describe("a workflow that was renamed", () => {
  const named = (name: string, was = ""): Program => programOf(`
import { workflow, once } from "offstage";
import { world } from "#servers";
export default workflow({ name: "${name}", ${was === "" ? "" : `was: "${was}", `}on: [], inputs: { any: "" } }, async () => { await once("k", () => world.send({ by: "${name}" })); });`);
  beforeEach(() => begin());

  test("keeps its scope by `was`, through several names: what is done stays done", async () => {
    const host = world.host(1);
    for (const program of [named("old"), named("newer", "old"), named("newest", "newer")]) expect(await (await start(host, program)).finished).toMatchObject({ status: "succeeded", scope: "old" });
    expect(world.called).toEqual(['send {"by":"old"}']);
  });

  test("without `was` it is another workflow", async () => {
    const host = world.host(1);
    await (await start(host, named("old"))).finished;
    expect(await (await start(host, named("another"))).finished).toMatchObject({ scope: "another" });
    expect(world.called).toHaveLength(2);
  });
});

describe("a store that fails", () => {
  /** A store that fails once, at the first transaction whose rows the test recognises. */
  function failing(store: Store, at: (tx: StoreTx, fail: () => never) => Partial<StoreTx>): Store {
    const fail = (): never => {
      throw new OffstageError("STORE_FULL", "The disk is full.");
    };
    return { ...store, transact: (how, body) => store.transact(how, (tx) => body({ ...tx, ...at(tx, fail) })) };
  }

  test("while a write is intended leaves the run to be continued, and nothing was sent", async () => {
    await begin();
    let full = true;
    const store = failing(world.store, (tx, fail) => ({ putEffect: (entry, expected) => (full && entry.status === "intended" ? fail() : tx.putEffect(entry, expected)) }));
    const first = await start(world.host(1, {}, store), SEND);
    await expect(first.finished).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(world.called).toEqual([]);
    full = false;
    const host = world.host(1);
    expect(await host.get(first.id)).toMatchObject({ status: "running" });
    await (await start(host, READ)).finished;
    expect(await host.get(first.id)).toMatchObject({ status: "succeeded" });
    expect(world.called).toEqual(['send {"text":""}', "get {}"]);
  });

  test("while an outcome is written leaves it unknown, and it is not sent again", async () => {
    await begin();
    let full = true;
    const store = failing(world.store, (tx, fail) => ({ putEffect: (entry, expected) => (full && entry.status === "done" ? fail() : tx.putEffect(entry, expected)) }));
    const first = await start(world.host(1, {}, store), SEND);
    await expect(first.finished).rejects.toMatchObject({ code: "STORE_FULL" });
    full = false;
    const host = world.host(1);
    await (await start(host, READ)).finished;
    expect(await host.get(first.id)).toMatchObject({ status: "needs-attention" });
    expect(world.called.filter((call) => call.startsWith("send"))).toHaveLength(1);
  });

  test("while the end is written leaves the run to be continued, from the ledger", async () => {
    await begin();
    let full = true;
    const store = failing(world.store, (tx, fail) => ({ putRun: (run) => (full && run.status === "succeeded" ? fail() : tx.putRun(run)) }));
    const first = await start(world.host(1, {}, store), SEND);
    await expect(first.finished).rejects.toMatchObject({ code: "STORE_FULL" });
    full = false;
    const host = world.host(2, {});
    await (await start(host, READ)).finished;
    expect(await host.get(first.id)).toMatchObject({ status: "succeeded", counts: { replayed: 1 } });
    expect(world.called.filter((call) => call.startsWith("send"))).toHaveLength(1);
  });

  test("in one item keeps the journal of the others: what they wrote is what they ask for again", async () => {
    const answers = ["1", "2", "3", "4"];
    await begin({ get: () => answers.shift() ?? "none" });
    let left = 1;
    const store = failing(world.store, (tx, fail) => ({ appendJournal: (run, rows) => (left-- > 0 ? fail() : tx.appendJournal(run, rows)) }));
    const gate = Promise.withResolvers<null>();
    const program = bodyProgram('await each(["a", "b"], { key: (x) => x, parallel: 2 }, async (x) => { const read = await world.get({ x }); if (x === "b") await world.lookup({}); await once.perRun(() => world.send({ x, read })); });');
    const slow = { ...world.environment().calls, read: async (request: Parameters<ReturnType<HostWorld["environment"]>["calls"]["read"]>[0]) => (request.tool === "lookup" ? gate.promise.then(() => ({ kind: "value" as const, value: null, gone: false })) : world.environment().calls.read(request)) };
    const first = await start(world.host(1, { calls: slow }, store), program);
    await world.clock.advance(0);
    gate.resolve(null);
    await expect(first.finished).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(world.called).toContain('send {"x":"b","read":"2"}');
    const host = world.host(1);
    await (await start(host, READ)).finished;
    expect(await host.get(first.id)).toMatchObject({ status: "succeeded", error: null });
    expect(world.called.filter((call) => call.startsWith("send")).toSorted()).toEqual(['send {"x":"a","read":"1"}', 'send {"x":"b","read":"2"}']);
  });
});
