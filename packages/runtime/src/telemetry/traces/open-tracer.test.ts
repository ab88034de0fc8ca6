import { InMemorySpanExporter, type ReadableSpan } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, expect, test } from "vitest";
import { interpret } from "../../engine/index.ts";
import type { Environment } from "../../host/index.ts";
import type { Program } from "../../program/index.ts";
import { bodyProgram } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";
import { openTracer } from "./open-tracer.ts";
import type { RunTracer } from "./run-tracer.ts";
import { rootSpanIdOf, traceIdOf } from "./trace-ids.ts";

const CALL = { kind: "call" } as const;
const RESOURCE = { name: "offstage", version: "1.2.3", attributes: {} };

let world: HostWorld;
/** Of every process; each keeps what it sent when it is closed. */
let sent: ReadableSpan[];
beforeEach(async () => {
  world = await createHostWorld();
  sent = [];
});
afterEach(() => world.close());

/** A process that traces, its environment, and its end: then what it had to send is there. */
function traced(ratio = 1): { readonly changed: Partial<Environment>; readonly tracer: RunTracer; readonly parents: (string | undefined)[]; readonly end: () => Promise<void> } {
  const exporter = new InMemorySpanExporter();
  exporter.shutdown = () => Promise.resolve(void sent.push(...exporter.getFinishedSpans()));
  const tracer = openTracer({ resource: RESOURCE, ratio, timeoutMs: null, onTrouble: () => undefined }, exporter);
  const parents: (string | undefined)[] = [];
  const { calls } = world.environment();
  const sessions = tracer.sessions(async (server) => ({
    async call(tool, args, { traceParent }) {
      parents.push(traceParent);
      const answer = await calls.call(server, tool, args);
      return answer.kind === "value" ? { kind: "result", isError: false, structured: answer.value, content: [] } : { kind: "error", error: answer.error, sent: true };
    },
    offer: () => Promise.resolve({ kind: "result", result: null }),
  }), () => ({ transport: "tcp", host: "world.example", port: 443 }));
  const through = async (server: string, tool: string, args: Parameters<typeof calls.call>[2]) => {
    const reply = await (await sessions(server)).call(tool, args, { timeoutMs: 1 });
    return reply.kind === "result" ? ({ kind: "value", value: reply.structured ?? null, gone: false } as const) : ({ kind: "error", error: reply.error, refused: false, gone: false } as const);
  };
  return {
    tracer, parents,
    changed: { execute: tracer.execute(interpret), news: tracer.observe, calls: { ...calls, call: through, read: ({ server, tool, args }) => through(server, tool, args) } },
    end: () => tracer.close(),
  };
}

async function run(program: Program, process = traced()): Promise<string> {
  const { id, finished } = await world.host(1, process.changed).start({ program, inputs: {}, event: CALL });
  await finished;
  await process.end();
  return id;
}

const shape = (span: ReadableSpan): object => ({ name: span.name, parent: span.parentSpanContext?.spanId, attributes: span.attributes });

test("a run is one trace: the run, each time that it is driven, and its requests, without their arguments", async () => {
  const process = traced();
  const id = await run(bodyProgram('const read = await world.get({ secret: "hunter2" }); await once("k", () => world.send({ read, secret: "hunter2" })); return 1;'), process);
  const [get, send, driven, root] = sent;
  expect(new Set(sent.map((span) => span.spanContext().traceId))).toEqual(new Set([traceIdOf(id)]));
  const of = { "offstage.run.id": id, "offstage.workflow.name": "test", "offstage.run.cause": "call" };
  expect(root === undefined ? null : shape(root)).toEqual({ name: "run test", parent: undefined, attributes: { ...of, "offstage.run.status": "succeeded", "offstage.run.writes": 1 } });
  expect(root?.spanContext().spanId).toBe(rootSpanIdOf(id));
  expect(driven === undefined ? null : shape(driven)).toEqual({ name: "drive test", parent: rootSpanIdOf(id), attributes: { ...of, "offstage.run.status": "succeeded" } });
  const call = { "mcp.method.name": "tools/call", "gen_ai.operation.name": "execute_tool", "offstage.server.name": "world", "network.transport": "tcp", "server.address": "world.example", "server.port": 443 };
  expect([get, send].map((span) => (span === undefined ? null : shape(span)))).toEqual(["get", "send"].map((tool) => ({ name: `tools/call ${tool}`, parent: driven?.spanContext().spanId, attributes: { ...call, "gen_ai.tool.name": tool } })));
  // Each server is told the span of its own request.
  expect(process.parents).toEqual([get, send].map((span) => `00-${traceIdOf(id)}-${span?.spanContext().spanId}-01`));
  expect(JSON.stringify(sent.map((span) => [span.name, span.attributes, span.events]))).not.toContain("hunter2");
});

test("a run that is parked and goes on in another process stays in its trace, and has one span of the whole", async () => {
  const program = bodyProgram('await sleep("1h"); await once("k", () => world.send({})); return 1;');
  const [first, second] = [traced(), traced()];
  const begun = await world.host(1, first.changed).start({ program, inputs: {}, event: CALL });
  expect((await begun.finished).status).toBe("parked");
  await first.end();
  expect(sent.map(({ name }) => name)).toEqual(["drive test"]);
  await world.clock.advance(3_600_000);
  world.kill(1);
  await (await world.host(2, second.changed).resume(begun.id)).finished;
  await second.end();
  expect(sent.map(({ name }) => name)).toEqual(["drive test", "tools/call send", "drive test", "run test"]);
  expect(new Set(sent.map((span) => span.spanContext().traceId))).toEqual(new Set([traceIdOf(begun.id)]));
  expect([sent[0], sent[2]].map((span) => span?.parentSpanContext?.spanId)).toEqual([rootSpanIdOf(begun.id), rootSpanIdOf(begun.id)]);
  expect((sent[3]?.duration[0] ?? 0) >= 3_600).toBe(true);
});

test("what failed says its code, and nothing that anybody said", async () => {
  await world.close();
  world = await createHostWorld({ send: () => { throw new Error("hunter2"); } });
  await run(bodyProgram('await once("k", () => world.send({}));'));
  expect(sent.map(({ name, status, attributes }) => [name, status, attributes["error.type"]])).toEqual([["tools/call send", { code: 2 }, "BUG"], ["drive test", { code: 0 }, undefined], ["run test", { code: 0 }, undefined]]);
  await run(bodyProgram('fail("hunter2");'));
  expect(sent.at(-1)).toMatchObject({ name: "run test", status: { code: 2 } });
  expect(JSON.stringify(sent.map(({ name, status, attributes, events }) => [name, status, attributes, events]))).not.toContain("hunter2");
});

test("a share of runs is traced, the same ones by every process; servers of the others are told so", async () => {
  const process = traced(0);
  await run(bodyProgram("await world.get({}); return 1;"), process);
  expect(sent).toEqual([]);
  expect(process.parents).toEqual([expect.stringMatching(/^00-[\da-f]{32}-[\da-f]{16}-00$/)]);
});

test("runs side by side keep their requests apart", async () => {
  const process = traced();
  const program = bodyProgram('await world.get({ x: 1 }); await world.lookup({}); return 1;');
  const host = world.host(1, { ...process.changed, concurrency: 3 });
  const handles = await Promise.all([1, 2, 3].map(() => host.start({ program, inputs: {}, event: CALL })));
  await Promise.all(handles.map(({ finished }) => finished));
  await process.end();
  for (const { id } of handles) expect(sent.filter((span) => span.spanContext().traceId === traceIdOf(id)).map(({ name }) => name).toSorted()).toEqual(["drive test", "run test", "tools/call get", "tools/call lookup"]);
});
