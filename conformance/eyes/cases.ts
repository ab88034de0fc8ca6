import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { readAlerts, readDashboard, RULES_FILE, RULES_TEST_FILE } from "./deployed.ts";
import type { Certificates } from "./certificates.ts";
import type { Nginx } from "./nginx.ts";
import type { OtlpReceiver, ReceivedSpan } from "./otlp-receiver.ts";
import type { Prometheus } from "./prometheus.ts";
import { CANARY, SECRET, type Served } from "./served.ts";

/** One thing that has to hold of a process that serves. */
export interface Case {
  readonly name: string;
  run(world: World): Promise<void>;
}

/** A process that serves, and who looks at it. */
export interface World {
  readonly served: Served;
  readonly traces: OtlpReceiver;
  readonly prometheus: Prometheus;
  readonly nginx: Nginx;
  readonly certificates: Certificates;
}

/** What a program says to its input; throws with its words when it does not end well. */
function tool(program: string, args: readonly string[], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: "utf8" });
  assert.equal(status, 0, `${program} ${args.join(" ")} ended with ${status}: ${error?.message ?? ""}${stdout}${stderr}`);
  return `${stdout}${stderr}`.trim();
}

async function assertSeries(prometheus: Prometheus, selector: string, alert: string): Promise<void> {
  assert.notDeepEqual(await prometheus.ask("series", { "match[]": selector }), [], `${alert}: ${selector}`);
}

/** Spans are sent every few seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !holds(); tries++) await sleep(200);
  assert.ok(holds(), "It did not come about in time.");
}

/** The families of ours that have samples. */
function families(text: string): ReadonlySet<string> {
  return new Set(text.split("\n").flatMap((line) => /^((?:offstage|mcp)_\w+?)(?:_bucket|_sum|_count)?(?:\{| )/.exec(line)?.[1] ?? []));
}

/** What everybody may rely on in a record. */
interface Record {
  readonly timestamp: string;
  readonly severity_text: string;
  readonly severity_number: number;
  readonly event_name: string;
  readonly body: string;
  readonly attributes: { readonly [name: string]: unknown };
  readonly resource: { readonly [name: string]: unknown };
}

const GUIDE = readFileSync(new URL("../../docs/guides/watching.md", import.meta.url), "utf8");

/** The names of the guide's table of metrics: whole ones, and ends of those whose beginning stands before them in a row. */
function guideMetrics(): { readonly whole: readonly string[]; readonly ends: readonly string[] } {
  const rows = GUIDE.split("\n").filter((line) => /^\| `(offstage|mcp)_/.test(line)).map((line) => line.split("|")[1] ?? "");
  const names = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name as string));
  return { whole: names.filter((name) => !name.startsWith("_")), ends: names.filter((name) => name.startsWith("_")) };
}

/** The names of records that the guide lists, `offstage.run.` `started`, `resumed`; `offstage.note`. */
function guideEvents(): ReadonlySet<string> {
  const [, list = ""] = /Events are (.*?)`OTEL_SERVICE_NAME`/s.exec(GUIDE) ?? [];
  return new Set(list.split(/;| and /).flatMap((part) => {
    const [first = "", ...ends] = [...part.matchAll(/`([a-z.]+)`/g)].map(([, name]) => name as string);
    return first.endsWith(".") ? ends.map((end) => `${first}${end}`) : [first];
  }));
}

export const CASES: readonly Case[] = [
  {
    name: "promtool finds nothing wrong with the metrics",
    run: async ({ served: { metrics } }) => assert.equal(tool("promtool", ["check", "metrics"], await metrics()), ""),
  },
  {
    name: "every metric that the guide names has samples, and none tells of a payload, a run or a secret",
    async run({ served: { metrics } }) {
      const text = await metrics();
      const declared = [...text.matchAll(/^# TYPE ((?:offstage|mcp)_\w+) /gm)].map(([, name]) => name as string);
      const seen = families(text);
      assert.deepEqual(declared.filter((name) => !seen.has(name)), []);
      const { whole, ends } = guideMetrics();
      assert.ok(whole.length > 20);
      assert.deepEqual(whole.filter((name) => !declared.includes(name)), []);
      assert.deepEqual(declared.filter((name) => !whole.includes(name) && !ends.some((end) => name.endsWith(end))), []);
      for (const hidden of [CANARY, SECRET, "d1", "May it go on"]) assert.ok(!text.includes(hidden), hidden);
      assert.doesNotMatch(text, /1m[0-9a-z]{7}-[0-9a-z]{8}/);
      assert.match(text, /offstage_webhook_deliveries_total\{source="github",code="202"\} 4\n/);
      assert.match(text, /offstage_webhook_deliveries_total\{source="github",code="401"\} 1\n/);
      assert.match(text, /offstage_arrivals_total\{workflow="hear",trigger="webhook:github",outcome="taken"\} 3\n/);
      assert.match(text, /offstage_approvals_open\{kind="permission"\} 1\n/);
      assert.match(text, /offstage_approvals_open\{kind="question"\} 2\n/);
      assert.match(text, /mcp_client_operation_duration_seconds_count\{server="desk",mcp_method_name="tools\/call",gen_ai_tool_name="get_ticket",error_type="tool_error"\} [1-9]/);
      assert.match(text, /offstage_arrivals_waiting\{workflow="hear"\} 1\n/);
      assert.match(text, /offstage_queue_connected\{queue="orders"\} 0\n/);
      assert.match(text, /offstage_lease_held 1\n/);
    },
  },
  {
    name: "with --log json every line of stderr is a record, and no secret and no payload is in one",
    async run({ served: { said } }) {
      // The last line may not be whole yet.
      const records = said().split("\n").slice(0, -1).map((line) => JSON.parse(line) as Record);
      for (const { timestamp, severity_text: text, severity_number: number, resource } of records) {
        assert.ok(new Date(timestamp).toISOString() === timestamp);
        assert.equal({ INFO: 9, WARN: 13, ERROR: 17 }[text], number);
        assert.equal(resource["service.name"], "night-shift");
      }
      const events = new Set(records.map((record) => record.event_name));
      for (const event of ["address.opened", "workflow.served", "lease.led", "arrival.taken", "arrival.started", "run.started", "run.ended", "run.parked", "write.settled", "workflow.logged", "webhook.delivered", "webhook.refused"]) assert.ok(events.has(`offstage.${event}`), event);
      const listed = guideEvents();
      assert.ok(listed.size > 30);
      assert.deepEqual([...events].filter((event) => !listed.has(event)), []);
      const shown = JSON.parse(/^```json\n(.*)\n```$/m.exec(GUIDE)?.[1] ?? "") as Record;
      const alike = records.find(({ event_name: event, attributes }) => event === shown.event_name && attributes["offstage.run.cause"] === "schedule" && attributes["offstage.run.status"] === "succeeded");
      // Where traces are sent, a record has its trace besides.
      assert.deepEqual(Object.keys(shown), Object.keys(alike ?? {}).filter((field) => !["trace_id", "trace_flags"].includes(field)));
      assert.deepEqual(Object.keys(shown.attributes), Object.keys(alike?.attributes ?? {}));
      const failed = records.find(({ event_name: event, attributes }) => event === "offstage.run.ended" && attributes["offstage.workflow.name"] === "failing");
      assert.deepEqual([failed?.severity_text, failed?.attributes["offstage.run.status"], typeof failed?.attributes["offstage.run.id"]], ["ERROR", "failed", "string"]);
      for (const record of records) if (record.event_name !== "offstage.workflow.logged" && record !== failed) assert.ok(!JSON.stringify(record).includes(SECRET));
    },
  },
  {
    name: "traces come by OTLP: a run is one, its calls are spans of it, and no payload is in one",
    async run({ served: { said }, traces: { spans, raw, headers } }) {
      await until(() => spans.some(({ name, attributes }) => name === "run failing" && attributes["offstage.run.status"] === "failed") && spans.some(({ name }) => name === "drive hear"));
      const traceOf = (name: string): readonly ReceivedSpan[] => spans.filter(({ traceId }) => traceId === spans.find((span) => span.name === name)?.traceId);
      const beat = traceOf("run beat");
      assert.deepEqual(beat.map(({ name }) => name).toSorted(), ["drive beat", "run beat", "tools/call list_requests", "tools/call say", ...(beat.length === 5 ? ["tools/call say"] : [])]);
      const [root, driven] = ["run beat", "drive beat"].map((name) => beat.find((span) => span.name === name));
      assert.ok(root !== undefined && driven !== undefined && root.parent === "" && driven.parent === root.spanId && root.endedAt >= root.startedAt && root.startedAt > 0n);
      for (const call of beat.filter(({ kind }) => kind === 3)) {
        assert.equal(call.parent, driven.spanId);
        assert.deepEqual({ ...call.attributes, "gen_ai.tool.name": "" }, { "mcp.method.name": "tools/call", "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "", "offstage.server.name": "desk", "network.transport": "pipe" });
      }
      assert.equal(root.resource["service.name"], "night-shift");
      assert.equal(root.resource["deployment.environment.name"], "eyes");
      const failed = traceOf("run failing");
      assert.deepEqual(failed.map(({ name, status, attributes }) => `${name}: ${status} ${String(attributes["error.type"])}`).toSorted(), ["drive failing: 0 undefined", "run failing: 2 READ_FAILED", "tools/call get_ticket: 2 tool_error"]);
      // What is parked has its first span; that of the whole run comes at its end.
      assert.ok(!spans.some(({ name }) => name === "run hear"));
      assert.equal(headers()["x-api-key"], SECRET);
      assert.ok(!raw().includes(CANARY) && !raw().includes(SECRET) && !said().includes(SECRET));
      assert.match(said(), new RegExp(`"trace_id":"${root.traceId}"`));
    },
  },
  {
    name: "metrics are for who has the token; health is for everybody",
    async run({ served: { url } }) {
      assert.deepEqual(await Promise.all(["/metrics", "/healthz", "/readyz", "/else"].map(async (path) => (await fetch(`${url}${path}`)).status)), [401, 200, 200, 404]);
    },
  },
  {
    name: "promtool takes the alert rules, and each alert comes when it should and not before",
    async run() {
      tool("promtool", ["check", "rules", RULES_FILE]);
      tool("promtool", ["test", "rules", RULES_TEST_FILE]);
      const { alerts, cases } = readAlerts();
      assert.ok(alerts.length > 10);
      assert.deepEqual(cases, alerts);
    },
  },
  {
    name: "a real Prometheus evaluates every rule, over metrics that are there",
    async run({ prometheus }) {
      const { groups } = (await prometheus.ask("rules")) as { readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly query: string; readonly health: string; readonly state: string }[] }[] };
      const rules = groups.flatMap((group) => group.rules);
      assert.deepEqual(rules.map(({ name, health }) => `${name} ${health}`), readAlerts().alerts.map((alert) => `${alert} ok`));
      for (const { name, query } of rules) for (const [selector] of query.matchAll(/offstage_\w+(\{[^}]*\})?/g)) await assertSeries(prometheus, selector, name);
      // What this project has brought about on purpose.
      const states = new Map(rules.map(({ name, state }) => [name, state]));
      for (const alert of ["OffstageQueueLost", "OffstageWaitsForSomebody"]) assert.equal(states.get(alert), "pending", alert);
      for (const alert of ["OffstageNobodyDrives", "OffstageTwoDrive", "OffstageRunsInDoubt", "OffstageStoreFails"]) assert.equal(states.get(alert), "inactive", alert);
    },
  },
  {
    name: "every query of the dashboard gives something, and so does every variable",
    async run({ prometheus }) {
      const { queries, variables } = readDashboard();
      assert.ok(queries.length > 30 && variables.length === 2);
      const empty: string[] = [];
      for (const { title, expr } of queries) {
        const { result } = (await prometheus.ask("query", { query: expr })) as { readonly result: readonly { readonly value: readonly [number, string] }[] };
        if (!result.some(({ value: [, value] }) => Number.isFinite(Number(value)))) empty.push(`${title}: ${expr}`);
      }
      assert.deepEqual(empty, []);
      for (const { series, label } of variables) assert.notDeepEqual(await prometheus.ask(`label/${label}/values`, { "match[]": series }), []);
    },
  },
];
