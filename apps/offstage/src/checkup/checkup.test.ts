import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApprovalRequest, PolicyRule } from "offstage/model";
import type { TriggerNode } from "offstage/program";
import { catalogueOf, EMPTY_LOCK, type Listing, printLock, withServer } from "offstage/tools";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseSettings, type Settings } from "../config/settings.ts";
import { pinServer } from "../project/pin-server.ts";
import { checkPolicyApprovers } from "./approvers.ts";
import { changedTools } from "./changed-tools.ts";
import { checkClock, checkNewest, serversTimes } from "./clock.ts";
import type { Project } from "../project/load-project.ts";
import { checkDisk, type DiskFacts, diskFacts } from "./disk.ts";
import type { NightFinding } from "./night-finding.ts";
import { judgeStore, type StoreFacts } from "./store.ts";
import { checkSchedules } from "./workflows.ts";

const NOW = Date.parse("2026-11-26T03:00:00Z");
const [HOUR, DAY] = [3_600_000, 86_400_000];
const states = (found: readonly NightFinding[]): readonly string[] => found.map(({ state }) => state);

function settings(text: string): Settings {
  const parsed = parseSettings(text, "/project");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.settings;
}

describe("the disk of a store", () => {
  const GIB = 1024 ** 3;
  const FACTS: DiskFacts = { folder: "/srv", writable: true, free: 50 * GIB, size: 100 * GIB, network: null, store: 0 };
  test.each<[string, Partial<DiskFacts>, string, RegExp]>([
    ["has room", {}, "fine", /50\.0 GiB are free/],
    ["has less than a gibibyte", { free: GIB - 1, size: 2 * GIB }, "warns", /1023 MiB of 2\.0 GiB/],
    ["has less than a twentieth", { free: 4.9 * GIB }, "warns", /4\.9 GiB of 100\.0 GiB/],
    ["is as good as full", { free: 1000 }, "fails", /0 MiB of/],
    ["is none that may be written to", { writable: false }, "fails", /may not write into \/srv/],
    ["is of the network", { network: "NFS" }, "warns", /NFS/],
    ["has a large store of which nothing is removed", { store: 2 * GIB }, "warns", /2\.0 GiB, and nothing of it is ever removed/],
  ])("%s", (_, facts, state, what) => {
    expect(checkDisk({ ...FACTS, ...facts }, true)).toMatchObject([{ state, what: expect.stringMatching(what) as string }]);
  });

  test("a large store whose old runs are removed is fine, and a system that says nothing of room does not fail", () => {
    expect(states(checkDisk({ ...FACTS, store: 2 * GIB }, false))).toEqual(["fine"]);
    expect(states(checkDisk({ ...FACTS, free: null, size: null }, true))).toEqual(["fine"]);
  });

  test("is asked for at the folder that is there already", () => {
    const folder = mkdtempSync(join(tmpdir(), "offstage-disk-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, "made"));
    expect(diskFacts(join(folder, "made/not/yet/store.db"))).toMatchObject({ folder: join(folder, "made"), writable: true, free: expect.any(Number) as number, store: 0 });
  });
});

describe("the clock", () => {
  test.each([[29_000, "fine"], [31_000, "warns"], [-31_000, "warns"], [3 * HOUR, "warns"]])("%d ms off: %s", (off, state) => {
    expect(states(checkClock(NOW, [{ whose: "crm", now: NOW + off }]))).toEqual([state]);
  });

  test("is judged by the closest of several, and by none not at all", () => {
    expect(checkClock(NOW, [{ whose: "wrong", now: NOW + DAY }, { whose: "crm", now: NOW + 1000 }])).toMatchObject([{ state: "fine", what: expect.stringContaining("crm") as string }]);
    expect(checkClock(NOW, [])).toEqual([]);
  });

  test("is compared with what servers over HTTP tell, those that answer; nothing that is secret is sent", async () => {
    const heads: unknown[] = [];
    const server = createServer((request, response) => {
      heads.push([request.method, request.headers.authorization]);
      response.writeHead(401, { date: new Date(NOW + 60_000).toUTCString() }).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const urls: Readonly<Record<string, string>> = { crm: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, gone: "http://127.0.0.1:9/mcp" };
    const servers = Object.keys(urls).map((name) => ({ name })) as unknown as Project["servers"];
    const outline = (name: string): ReturnType<Project["outline"]> => ({ kind: "http", name, url: urls[name] ?? "", headers: { Authorization: "Bearer token-of-a" } }) as unknown as ReturnType<Project["outline"]>;
    const told = await serversTimes({ servers, outline }, { now: () => NOW, sleep: () => Promise.resolve() });
    expect(told).toEqual([{ whose: "crm", now: NOW + 60_000 }]);
    expect(checkClock(NOW, told)).toMatchObject([{ state: "warns", what: "this machine's time is 60 s behind that of crm" }]);
    expect(heads).toEqual([["HEAD", undefined]]);
  });

  test("that is behind what the store saw is told", () => {
    expect([checkNewest(NOW, null), checkNewest(NOW, NOW - DAY), checkNewest(NOW, NOW + 20_000)]).toEqual([[], [], []]);
    expect(checkNewest(NOW, NOW + DAY)).toMatchObject([{ state: "warns", what: "it is 2026-11-26 03:00Z on this machine, and the store has something of 2026-11-27 03:00Z" }]);
  });
});

describe("approvals", () => {
  const ruled = (rule: Partial<PolicyRule>, more = ""): readonly NightFinding[] => checkPolicyApprovers(settings(`policy: { rules: [${JSON.stringify({ verdict: "approve", ...rule })}] }\n${more}`));
  const GROUPS = "approvals: { groups: { oncall: [ada, bob], all: [oncall] } }\n";
  const token = (name: string, role: string): string => `{ name: ${name}, role: ${role}, token: "\${env:X}" }`;

  test("that anybody may give are fine", () => {
    expect(ruled({ tool: "send" })).toEqual([]);
  });

  test("that ask for more people than there are fail, and so does a group inside of a group", () => {
    expect(ruled({ by: ["oncall"], count: 3 }, GROUPS)).toMatchObject([{ about: "approvals (offstage.yaml:1)", state: "fails", what: "3 people have to permit it, and there are only ada, bob: it waits for ever" }]);
    expect(ruled({ by: ["all"] }, GROUPS)).toMatchObject([{ state: "fails", what: expect.stringContaining("oncall is a group inside of a group") as string }]);
  });

  test("of people who have neither a token that may answer nor a link are told", () => {
    expect(ruled({ by: ["oncall"] }, GROUPS)).toMatchObject([{ state: "warns", what: expect.stringContaining("nobody of ada, bob") as string }]);
    expect(states(ruled({ by: ["oncall"] }, `${GROUPS}serve: { api: { tokens: [${token("ada", "viewer")}] } }`))).toEqual(["warns"]);
    expect(ruled({ by: ["oncall"] }, `${GROUPS}serve: { api: { tokens: [${token("bob", "approver")}] } }`)).toEqual([]);
    expect(states(ruled({ by: ["oncall"], count: 2 }, `${GROUPS}serve: { api: { tokens: [${token("bob", "operator")}] } }`))).toEqual(["warns"]);
    const linked = (text: string): string => `approvals: { groups: { oncall: [ada, bob] }, links: { url: "https://o.example", key: "\${env:K}" }, notify: { server: chat, tool: post, to: oncall, args: { text: "${text}" } } }`;
    expect([ruled({ by: ["ada"] }, linked("{{ link }}")), states(ruled({ by: ["ada"] }, linked("{{ message }}")))]).toEqual([[], ["warns"]]);
  });
});

describe("schedules", () => {
  const cron = (expression: string): TriggerNode => ({ kind: "cron", expression, timezone: "UTC", overlap: "queue", sweep: false });
  test("that never come fail, those of years ahead are told, all others are fine", () => {
    const told = (...triggers: readonly TriggerNode[]): readonly NightFinding[] => checkSchedules({ name: "nightly", triggers }, NOW);
    expect(told(cron("0 0 30 2 *"))).toMatchObject([{ about: "workflow nightly", state: "fails", what: 'its schedule "0 0 30 2 *" (UTC) never comes' }]);
    expect(told(cron("0 0 29 2 *"))).toMatchObject([{ state: "warns", what: expect.stringContaining("2028-02-29") as string }]);
    expect(told(cron("0 3 * * *"), { kind: "every", intervalMs: HOUR, overlap: "queue", sweep: false }, { kind: "webhook", source: "ci", overlap: "queue", sweep: false })).toEqual([]);
  });
});

describe("a store", () => {
  const FACTS: StoreFacts = { newest: NOW, now: NOW, paused: [], doubt: null, requests: [], grants: [], questionsUntil: [], ambiguous: 0, attention: 0, begun: 0, arrivals: [], lease: null };
  const LEASE = { fence: 1, holder: { host: "a", boot: "b", pid: 1, started: null }, takenAt: NOW - DAY, expiresAt: NOW + 1000 };
  const request = (more: Partial<ApprovalRequest>): ApprovalRequest => ({ id: "r1", openedAt: NOW, by: null, count: 1, ...more }) as ApprovalRequest;
  test.each<[string, Partial<StoreFacts>, string, RegExp]>([
    ["everything is paused", { paused: ["*"] }, "warns", /^everything is paused.*`?When it may go on: offstage unpause all/],
    ["a workflow is paused", { paused: ["workflow:nightly"] }, "warns", /^workflow nightly is paused.*offstage unpause workflow:nightly/],
    ["it was put back", { doubt: { epoch: 2, restoredAt: NOW } }, "fails", /^it was put back at 2026-11-26 03:00Z.*--nothing-lost/],
    ["writes are in doubt", { ambiguous: 2, attention: 2 }, "fails", /^of 2 writes nobody knows whether they happened.*offstage resolve/],
    ["runs need attention", { attention: 1000 }, "warns", /^1000 runs or more ended as needs-attention.*offstage runs/],
    ["nobody serves what began", { begun: 1 }, "warns", /^1 run waits to go on, and no process serves.*offstage serve/],
    ["the process that served is gone", { arrivals: [{ workflow: "a", count: 3, firstDueAt: NOW }], lease: { ...LEASE, expiresAt: NOW - 1 } }, "warns", /^3 events wait to go on/],
    ["events wait for long", { arrivals: [{ workflow: "a", count: 3, firstDueAt: NOW - 2 * HOUR }], lease: LEASE }, "warns", /^3 events wait to start a run, the first since 2026-11-26 01:00Z/],
    ["a request waits for long", { requests: [request({ openedAt: NOW - 4 * DAY }), request({})] }, "warns", /^1 request waits for a person for more than three days, the first since 2026-11-22/],
    ["a request asks for more people than there are", { requests: [request({ by: ["ada"], count: 2 })] }, "fails", /^2 people have to permit it, and there is only ada/],
    ["a question is over soon", { questionsUntil: [NOW + HOUR, NOW - HOUR, NOW + 2 * DAY] }, "warns", /^1 question of workflows is over within a day/],
    ["permissions end soon", { grants: [request({ expiresAt: NOW + HOUR }), request({ expiresAt: NOW + 3 * DAY })] }, "warns", /^1 permission that no run used yet ends within a day/],
  ])("%s", (_, facts, state, text) => {
    const found = judgeStore({ ...FACTS, ...facts }, NOW, settings(""));
    expect(found).toMatchObject([{ state }]);
    expect(`${found[0]?.what} ${found[0]?.hint}`).toMatch(text);
  });

  test("that is served, and in which nothing waits, says nothing", () => {
    expect(judgeStore({ ...FACTS, begun: 3, arrivals: [{ workflow: "a", count: 1, firstDueAt: NOW - 1000 }], lease: LEASE }, NOW, settings(""))).toEqual([]);
  });
});

test("tools that are others than were locked, or gone, are named; new ones and a lock that cannot be read are not", () => {
  const folder = mkdtempSync(join(tmpdir(), "offstage-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const listing = (...tools: readonly (readonly [name: string, description: string])[]): Listing => ({ server: "s", era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: "s", version: "1" }, capabilities: {}, tools: tools.map(([name, description]) => ({ name, description, inputSchema: { type: "object" } })) });
  const locked = catalogueOf(listing(["same", "a"], ["other", "a"], ["gone", "a"])).catalogue;
  writeFileSync(join(folder, "offstage.lock"), printLock(withServer(EMPTY_LOCK, "s", pinServer(locked, "s@1", null, settings("")))));
  const now = listing(["same", "a"], ["other", "b"], ["new", "a"]);
  expect(changedTools({ folder }, now)).toEqual(["gone", "other"]);
  writeFileSync(join(folder, "offstage.lock"), "{}");
  expect(changedTools({ folder }, now)).toEqual([]);
});
