import { expect, test } from "vitest";
import { createRedactor, type Json } from "../../base/index.ts";
import { sampleArrival, sampleRun } from "../../testing/store-samples.ts";
import type { Observed } from "../observed.ts";
import { startLog } from "./start-log.ts";

const hold = { effect: "e", step: "s", label: "l", why: "w", waits: true };

async function recordsOf(...told: readonly (readonly [Observed, string])[]): Promise<readonly { readonly [name: string]: Json }[]> {
  const redactor = createRedactor();
  redactor.register("hunter2-hunter2", "a password");
  const lines: string[] = [];
  const log = await startLog({ write: (line) => void lines.push(line), now: () => Date.UTC(2026, 10, 2, 9), redactor, resource: { name: "night-shift", version: "1.2.3" }, traceOf: (runId) => (runId === "r1" ? "a".repeat(32) : null) });
  for (const [observed, body] of told) log.observed(observed, body);
  return lines.map((line) => JSON.parse(line) as { readonly [name: string]: Json });
}

test("a run's end is one record, by the names of OpenTelemetry's log data model", async () => {
  const run = sampleRun({ id: "r1", rootRunId: "r0", workflow: "leaks", status: "needs-attention", ambiguous: [hold], drivenMs: 1_500, counts: { calls: 3, writes: 2, replayed: 0 }, error: null });
  expect(await recordsOf([{ kind: "run-ended", run }, "ended leaks"])).toEqual([{
    severity_text: "WARN", severity_number: 13, timestamp: "2026-11-02T09:00:00.000Z", event_name: "offstage.run.ended", trace_id: "a".repeat(32), body: "ended leaks",
    attributes: { "offstage.run.id": "r1", "offstage.workflow.name": "leaks", "offstage.run.cause": run.event.kind, "offstage.run.root_id": "r0", "offstage.run.status": "needs-attention", "offstage.run.calls": 3, "offstage.run.writes": 2, "offstage.run.held": 0, "offstage.run.ambiguous": 1, "offstage.run.failures": 0, "offstage.run.driven_ms": 1_500 },
    resource: { "service.name": "night-shift", "service.version": "1.2.3" },
  }]);
});

test("how much a record matters follows from how it went", async () => {
  const failed = sampleRun({ id: "r", status: "failed", error: { code: "FAILED", message: "m" } });
  const write = { runId: "r", server: "jira", tool: "create", label: "l", detail: "d" };
  const told: readonly Observed[] = [
    { kind: "run-started", run: failed, resumed: true }, { kind: "run-ended", run: failed }, { kind: "run-parked", run: sampleRun({ status: "parked" }) },
    { kind: "effect-done", ...write, outcome: "made" }, { kind: "effect-ambiguous", ...write, outcome: "ambiguous" }, { kind: "dropped", arrival: sampleArrival("a") }, { kind: "arrived", arrival: sampleArrival("a") },
    { kind: "failed", error: { code: "BUG", message: "m" } }, { kind: "refused", source: "hub", status: 401, why: "w" }, { kind: "led" }, { kind: "tool-changed", tool: "jira.create" }, { kind: "run-waiting", why: "w" }, { kind: "queue-lost", queue: "orders" }, { kind: "pruned", pruned: { runs: 1, arrivals: 2, windows: 0, programs: 0, blobs: 0, bytes: 0 } },
  ];
  expect((await recordsOf(...told.map((one) => [one, "b"] as const))).map((record) => `${String(record["severity_text"])} ${String(record["event_name"])}`)).toEqual([
    "INFO offstage.run.resumed", "ERROR offstage.run.ended", "INFO offstage.run.parked", "INFO offstage.write.settled", "WARN offstage.write.settled", "WARN offstage.arrival.dropped", "INFO offstage.arrival.taken",
    "ERROR offstage.trigger.failed", "WARN offstage.webhook.refused", "INFO offstage.lease.led", "WARN offstage.tool.changed", "WARN offstage.run.left", "WARN offstage.queue.lost", "INFO offstage.store.pruned",
  ]);
});

test("what is only counted is no record; a secret is in none, and a text cannot begin another record", async () => {
  const records = await recordsOf(
    [{ kind: "transaction-ended", mode: "read", seconds: 1, error: null }, "b"],
    [{ kind: "effect-skipped", runId: "r", server: "s", tool: null }, "b"],
    [{ kind: "log", runId: "r", text: "t" }, 'hunter2-hunter2\n{"severity_text":"ERROR"}'],
    [{ kind: "delivered", source: "hub", id: "hunter2-hunter2", brought: { arrivals: [], waits: 0 } }, "b"],
  );
  expect(records.map((record) => record["event_name"])).toEqual(["offstage.workflow.logged", "offstage.webhook.delivered"]);
  expect(JSON.stringify(records)).not.toContain("hunter2");
});
