import { afterEach, beforeEach, expect, test } from "vitest";
import { serveWorkflow, serveWorkflows } from "../../host/index.ts";
import type { Arrival } from "../../model/index.ts";
import { bodyProgram, programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";
import { createMemoryStore } from "../../testing/memory-store.ts";
import { sampleArrival, sampleRun } from "../../testing/store-samples.ts";
import { createSchedules } from "../../triggers/schedule/index.ts";
import type { Observed } from "../observed.ts";
import { observedSessions } from "../observed-sessions.ts";
import { observedStore } from "../observed-store.ts";
import { openMetrics } from "./open-metrics.ts";
import type { Metrics, Standing } from "./metrics.ts";

const NOTHING: Standing = { tally: { runs: [], arrivals: [], requests: 0, questions: 0 }, circuits: new Map() };

let metrics: Metrics;
let world: HostWorld;
beforeEach(async () => {
  metrics = openMetrics({ version: "1.2.3" });
  world = await createHostWorld();
});
afterEach(() => world.close());

/** The samples of ours, as they are written, without those that are zero. */
async function samples(standing = NOTHING): Promise<readonly string[]> {
  const { body } = await metrics.text(() => Promise.resolve(standing));
  return body.split("\n").filter((line) => /^(offstage|mcp)_/.test(line) && !line.endsWith(" 0") && !line.includes("_bucket"));
}

test("runs are counted by their workflow, cause and end, writes by server, tool and what became of them", async () => {
  const host = world.host(1, { news: metrics.observe });
  for (let again = 0; again < 2; again++) await (await host.start({ program: bodyProgram('await once("k", () => world.send({ secret: "hunter2" })); return 1;'), inputs: {}, event: { kind: "call" } })).finished;
  expect(await samples()).toEqual(expect.arrayContaining([
    'offstage_runs_started_total{workflow="test",cause="call"} 2',
    'offstage_runs_ended_total{workflow="test",status="succeeded"} 2',
    'offstage_run_duration_seconds_count{workflow="test",status="succeeded"} 2',
    'offstage_writes_total{server="world",tool="send",outcome="made"} 1',
    'offstage_writes_total{server="world",tool="send",outcome="replayed"} 1',
  ]));
});

test("what triggers bring is counted from its coming to the run's beginning, and the lease with it", async () => {
  const environment = world.environment({ news: metrics.observe });
  const workflows = [await serveWorkflow(programOf('import { every, workflow } from "offstage";\nexport default workflow({ name: "clock", on: [every("10m")] }, async () => 1);'), environment)];
  const stopping = new AbortController();
  const [host, served] = [world.host(1, { news: metrics.observe }), () => workflows];
  const ended = serveWorkflows({ store: world.store, host, environment, workflows: served, sources: [createSchedules(world.store, environment, served)], news: metrics.observe, stopping: stopping.signal });
  await world.clock.advance(1_200_000);
  stopping.abort();
  await ended;
  const told = await samples();
  expect(told).toEqual(expect.arrayContaining(["offstage_lease_held 1", 'offstage_runs_started_total{workflow="clock",cause="schedule"} 2', 'offstage_arrivals_total{workflow="clock",trigger="every 10m",outcome="taken"} 2', 'offstage_arrivals_total{workflow="clock",trigger="every 10m",outcome="started"} 2', 'offstage_run_start_delay_seconds_count{workflow="clock"} 2']));
});

test("a start is as late as the event that led to it was due, not as the run was queued", async () => {
  const arrival = sampleArrival("a", { arrivedAt: 1_000, dueAt: 5_000 });
  const run = sampleRun({ id: "r", workflow: "leaks", createdAt: 9_000, startedAt: 65_000 });
  metrics.observe({ kind: "started", run, arrival });
  metrics.observe({ kind: "run-started", run, resumed: false });
  metrics.observe({ kind: "run-started", run, resumed: true });
  expect(await samples()).toEqual(expect.arrayContaining(['offstage_run_start_delay_seconds_sum{workflow="leaks"} 60', 'offstage_runs_resumed_total{workflow="leaks"} 1']));
});

test("a delivery is counted by its status, and what it brought by trigger", async () => {
  const arrivals: readonly Arrival[] = [sampleArrival("1", { trigger: "webhook:hub" }), sampleArrival("2", { trigger: "webhook:hub", status: "dropped", why: "its trigger failed: hunter2" })];
  metrics.observe({ kind: "delivered", source: "hub", id: "hunter2", brought: { arrivals, waits: 0 } });
  metrics.observe({ kind: "refused", source: "hub", status: 401, why: "hunter2" });
  const told = await samples();
  expect(told).toEqual(expect.arrayContaining(['offstage_webhook_deliveries_total{source="hub",code="202"} 1', 'offstage_webhook_deliveries_total{source="hub",code="401"} 1', 'offstage_arrivals_total{workflow="leaks",trigger="webhook:hub",outcome="taken"} 1', 'offstage_arrivals_total{workflow="leaks",trigger="webhook:hub",outcome="dropped"} 1']));
  expect(told.join("\n")).not.toContain("hunter2");
});

test("calls and transactions tell how long they took and how they went, by the clock that they are given", async () => {
  let now = 0;
  const tick = (): number => (now += 250);
  const answers = { down: { kind: "error", error: { code: "SERVER_EXITED", message: "m" }, sent: true }, bad: { kind: "result", isError: true, structured: undefined, content: [] } } as const;
  const session = { call: (tool: string) => Promise.resolve(answers[tool as "down" | "bad"] ?? { ...answers.bad, isError: false }), offer: () => Promise.resolve({ kind: "result", result: {} } as const) };
  const sessions = observedSessions((server) => (server === "gone" ? Promise.reject(new Error("hunter2")) : Promise.resolve(session)), metrics.observe, tick);
  const { call, offer } = await sessions("jira");
  for (const tool of ["good", "bad", "down"]) await call(tool, { text: "hunter2" }, { timeoutMs: 1 });
  await offer({ kind: "resource", uri: "secret://hunter2" }, { timeoutMs: 1 });
  await expect(sessions("gone")).rejects.toThrow("hunter2");
  await observedStore(createMemoryStore(), metrics.observe, tick).transact({ durable: true }, async () => 1);
  const told = await samples();
  const count = (labels: string): string => `mcp_client_operation_duration_seconds_sum{server="jira",${labels}} 0.25`;
  expect(told).toEqual(expect.arrayContaining([count('mcp_method_name="tools/call",gen_ai_tool_name="good",error_type=""'), count('mcp_method_name="tools/call",gen_ai_tool_name="bad",error_type="tool_error"'), count('mcp_method_name="tools/call",gen_ai_tool_name="down",error_type="SERVER_EXITED"'), count('mcp_method_name="resources/read",gen_ai_tool_name="",error_type=""'), 'offstage_server_sessions_failed_total{server="gone",error_type="BUG"} 1', 'offstage_store_transaction_duration_seconds_sum{mode="durable"} 0.25']));
  expect(told.join("\n")).not.toContain("hunter2");
});

test("what stands is as it is at the moment of asking, and what is gone is not told any more", async () => {
  const first = await samples({ tally: { runs: [{ workflow: "leaks", status: "parked", count: 3 }], arrivals: [{ workflow: "leaks", count: 2, firstDueAt: 5_500 }], requests: 4, questions: 1 }, circuits: new Map([["jira", "open"]]) });
  expect(first).toEqual(['offstage_build_info{version="1.2.3",node_version="' + process.versions.node + '"} 1', "offstage_last_reload_successful 1", 'offstage_runs{workflow="leaks",status="parked"} 3', 'offstage_arrivals_waiting{workflow="leaks"} 2', 'offstage_arrivals_oldest_due_timestamp_seconds{workflow="leaks"} 5.5', 'offstage_approvals_open{kind="permission"} 4', 'offstage_approvals_open{kind="question"} 1', 'offstage_server_circuit_state{server="jira",state="open"} 1']);
});

test("whether the last edit was taken is told, and when one was", async () => {
  metrics.observe({ kind: "reloaded", at: 5_500, files: ["workflows/a.ts"], added: [], changed: ["a"], removed: [] });
  metrics.observe({ kind: "restart-needed", what: ["mcp.json"] });
  expect(await samples()).toEqual(expect.arrayContaining(["offstage_last_reload_successful 1", "offstage_last_reload_success_timestamp_seconds 5.5"]));
});

test("an edit that was refused is told of until one is taken", async () => {
  metrics.observe({ kind: "reload-refused", at: 5_500, code: "WORKFLOW_INVALID" });
  expect((await samples()).filter((line) => line.includes("reload"))).toEqual([]);
});

test("everything else that is told is no metric, and breaks nothing", async () => {
  const others: readonly Observed[] = [{ kind: "listening", workflow: "w", triggers: ["every 10m"] }, { kind: "log", runId: "r", text: "t" }, { kind: "failed", error: { code: "BUG", message: "m" } }, { kind: "run-waiting", why: "hunter2" }, { kind: "followed" }, { kind: "queue-ready", queue: "orders" }, { kind: "queue-lost", queue: "jobs" }, { kind: "queue-full", queue: "orders" }, { kind: "queue-aside", queue: "orders" }, { kind: "pruned", pruned: { runs: 1, arrivals: 2, windows: 0, programs: 0, blobs: 0, bytes: 0 } }];
  for (const one of others) metrics.observe(one);
  expect(await samples()).toEqual(expect.arrayContaining(['offstage_problems_total{kind="failed"} 1', 'offstage_problems_total{kind="run-waiting"} 1', 'offstage_problems_total{kind="queue-aside"} 1', 'offstage_queue_connected{queue="orders"} 1']));
});
