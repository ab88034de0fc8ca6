import { expect, test } from "vitest";
import { exportSourceOf } from "../testing/export-source.ts";
import { deriveDeployment, requirePostgres, serverFilesParagraphs } from "./index.ts";

const derive = (around: Parameters<typeof exportSourceOf>[0], choices: Partial<Parameters<typeof deriveDeployment>[1]> = {}) => deriveDeployment(exportSourceOf(around), { language: "workflow", ...choices });

test("schedules have a cron line of numbers where one comes as often, and say what they do about missed and overlapping times", () => {
  const { schedules, needsWorker } = derive({ on: `every("10m"), every("7m", { missed: "skip" }), cron("0 2 * * MON-5", { timezone: "Europe/Berlin", sweep: true, overlap: "skip" })` });
  expect(schedules).toEqual([
    { shown: "every 10m", cron: "*/10 * * * *", intervalMs: 600_000, timeZone: "UTC", sweep: false, overlap: "queue", missed: "once" },
    { shown: "every 7m", cron: null, intervalMs: 420_000, timeZone: "UTC", sweep: false, overlap: "queue", missed: "skip" },
    { shown: "cron 0 2 * * MON-5", cron: "0 2 * * 1-5", intervalMs: null, timeZone: "Europe/Berlin", sweep: true, overlap: "skip", missed: "once" },
  ]);
  expect(needsWorker).toEqual(["no cron line comes as often as every 7m"]);
});

test.each([
  ["nothing but schedules", `every("10m")`, "", []],
  ["webhooks", `webhook("github")`, "", ["it takes deliveries of github"]],
  ["queues", `queue("orders")`, "", ["it takes messages of orders"]],
  ["a wait", `every("10m")`, `await sleep("1h");`, ["a run of it may wait, and somebody has to go on with it"]],
  ["a question", `every("10m")`, `await approve({ message: "go?" });`, ["a run of it may wait, and somebody has to go on with it"]],
  ["its event", `every("10m")`, `if (event?.kind === "schedule") await world.create({ at: event.at });`, ["it reads its event"]],
  ["what was missed", `cron("0 * * * *", { timezone: "UTC", missed: "all" })`, "", ["cron 0 * * * * makes up for every time that was missed"]],
] as const)("single runs would not do for %s", (_what, on, body, reasons) => {
  expect(derive({ on, body: `${body} await world.create({ title: "a" });` }).needsWorker).toEqual(reasons);
});

test("in a container it listens everywhere, metrics have a port of their own, and what is for this machine alone is left out", () => {
  const { settings, changes, metricsPort, paths } = derive({ on: `webhook("github")`, settings: { version: 1, serve: { listen: "127.0.0.1:8400", metrics: true, api: true, concurrency: 3 }, store: { file: "/var/x.db" } } });
  expect(settings).toEqual({ version: 1, serve: { listen: "0.0.0.0:8400", reload: false, concurrency: 3, metrics: { listen: "0.0.0.0:9464" } } });
  expect([metricsPort, paths]).toEqual([9464, ["/webhooks/github"]]);
  expect(changes.join("\n")).toContain("serve.api");
});

test("what others reach follows from the settings and from steps that wait", () => {
  const { paths, metricsPort } = derive({ on: `every("1h")`, body: `await waitFor(webhook("bank"));`, settings: { serve: { api: { tokens: [] }, metrics: { token: "${secret:M}" } }, approvals: { links: { url: "https://x.example" } } } });
  expect([paths, metricsPort]).toEqual([["/api/v1", "/approve", "/webhooks/bank"], 8400]);
});

test("a proxy that is believed on this machine only is no proxy of a container", () => {
  expect(() => derive({ settings: { webhooks: { partner: { verify: "mtls", proxy: "envoy" } } } })).toThrow(expect.objectContaining({ code: "EXPORT_REFUSED" }) as Error);
});

test("a store in PostgreSQL is at the URL in a variable, which is a secret; what has no disk refuses another one", () => {
  const { store, settings, needs } = derive({}, { postgres: "DATABASE_URL" });
  expect([store, settings["store"]]).toEqual([{ kind: "postgres", variable: "DATABASE_URL" }, { postgres: "${env:DATABASE_URL}" }]);
  expect(needs.variables).toEqual([{ name: "DATABASE_URL", secret: true, fallback: null, place: "offstage.yaml, store" }]);
  expect(derive({ settings: { store: { postgres: "${DB}" } } }, { postgres: "DATABASE_URL" }).store).toEqual({ kind: "postgres", variable: "DB" });
  requirePostgres({ store }, "AWS Lambda");
  expect(() => requirePostgres(derive({}), "A runner", { withOption: false })).toThrow(expect.objectContaining({ hint: expect.not.stringContaining("--store") as string }) as Error);
  expect(() => requirePostgres(derive({}), "AWS Lambda")).toThrow(expect.objectContaining({ code: "EXPORT_REFUSED", hint: expect.stringContaining("store:") as string }) as Error);
});

test("a run needs nothing of webhooks and queues", () => {
  const needs = { secrets: ["A"].map((name) => ({ name, place: "offstage.yaml" })), variables: [{ name: "SITE", secret: false, fallback: null, place: "mcp.json" }] };
  const source = { ...exportSourceOf({ on: `webhook("a")`, settings: { webhooks: { a: { verify: "github", secret: "${secret:A}" } } }, servers: { wiki: { url: "https://${env:SITE}/mcp" } } }), needs: { files: [], programs: [], ...needs } };
  const { needs: worker, runNeeds, projectNeeds } = deriveDeployment(source, { language: "workflow" });
  const names = ({ secrets, variables }: typeof worker) => [...secrets, ...variables].map(({ name }) => name);
  expect([worker, runNeeds, projectNeeds].map(names)).toEqual([["A", "SITE"], ["SITE"], ["A", "SITE"]]);
});

test("what servers are started from is known, and which ports are spoken to", () => {
  const { programs, reaches, needs } = derive({
    on: `queue("jobs")`,
    servers: { jira: { command: "npx", args: ["-y", "@nexus2520/jira-mcp-server@1.2.0"] }, time: { command: "uvx", args: ["--from", "mcp-server-time==1.0", "time"] }, own: { command: "node", args: ["x.js"] }, wiki: { url: "https://wiki.example:8443/mcp" } },
    settings: { servers: { wiki: { auth: { kind: "login" } } }, queues: { jobs: { kind: "redis", url: "redis://10.0.0.7:6380" } } },
  });
  expect(programs).toEqual([
    { server: "jira", command: "npx", fetches: { by: "npm", spec: "@nexus2520/jira-mcp-server@1.2.0" } },
    { server: "time", command: "uvx", fetches: { by: "pypi", spec: "mcp-server-time==1.0" } },
    { server: "own", command: "node", fetches: null },
  ]);
  expect(reaches).toEqual([443, 6379, 6380, 8443]);
  expect(needs.variables.map(({ name }) => name)).toEqual(["OFFSTAGE_KEY"]);
});

test("a file that several servers are started with is told once, with whose it is", () => {
  const [told] = serverFilesParagraphs([{ server: "a", path: "/opt/node" }, { server: "a", path: "a.mjs" }, { server: "b", path: "/opt/node" }]);
  expect(told).toMatch(/: `\/opt\/node` \(a, b\), `a\.mjs` \(a\)\.$/);
});
