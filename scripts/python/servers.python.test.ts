import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createRedactor, type Data, parseExact, stringifyExact } from "offstage/base";
import { type CallOutcome, createCalls, type Offer } from "offstage/calls";
import { createServerPool, type ServerConfig } from "offstage/mcp";
import { catalogueOf, lockServer, printLock } from "offstage/tools";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadProject } from "../../apps/offstage/src/project/load-project.ts";
import { type Emulators, startEmulators } from "../../demo/emulators.ts";
import { createDemoProject } from "../../demo/project.ts";
import { startHttpWorkshop } from "../../packages/runtime/src/testing/http-workshop.ts";
import { createMemoryBlobs } from "../../packages/runtime/src/testing/memory-blobs.ts";
import { startOAuthServer } from "../../packages/runtime/src/testing/oauth-server.ts";
import { startProtectedServer } from "../../packages/runtime/src/testing/protected-server.ts";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";
import { askingServer, brokenServer, modernWorkshopServer, workshopServer } from "../../packages/runtime/src/testing/workshop.ts";

/** The same calls of the same real servers, by TypeScript and by Python: what each makes of the answers has to be the same. */
type Effect = "read" | "write";
type Asked = { readonly server: string; readonly tool: string; readonly args: Data; readonly effect?: Effect } | { readonly server: string; readonly offer: Offer };
interface Played {
  readonly outcomes: readonly Data[];
  readonly faults: Data;
  readonly log: readonly string[];
}

const PYTHON = process.env["OFFSTAGE_PYTHON"] ?? "python3";
const SECRET = "swordfish-1234";
const FAULTY = fileURLToPath(new URL("../../packages/python/src/offstage/testing/faulty_server.py", import.meta.url));
const run = promisify(execFile);
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "offstage-python-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

async function byTypeScript(servers: readonly ServerConfig[], asked: readonly Asked[], secrets: readonly string[], timeoutMs: number): Promise<Omit<Played, "faults"> & { readonly lock: string }> {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.register(secret, "TOKEN");
  const log: string[] = [];
  const pool = createServerPool({ servers, clock: realClock, redactor, inheritedEnv: process.env, clientVersion: "0.0.0", connectTimeoutMs: 60_000, onStderr: (server, line) => void log.push(`${server}: ${line}`) });
  let effect: Effect = "read";
  const calls = createCalls({ sessions: (name) => pool.session(name), rules: { rule: () => ({ effect, sensitive: [], rate: {} }) }, redactor, clock: realClock, timeoutMs: () => timeoutMs, blobs: createMemoryBlobs() });
  try {
    const outcomes: Data[] = [];
    for (const one of asked) {
      effect = ("effect" in one ? one.effect : undefined) ?? "read";
      outcomes.push(("offer" in one ? await calls.readOffer(one) : await calls.call(one.server, one.tool, one.args)) as unknown as CallOutcome & Data);
    }
    const locked = new Map<string, ReturnType<typeof lockServer>>();
    for (const { name } of servers.filter(({ name: one }) => one !== "silent")) {
      const listing = await pool.catalogue(name).catch(() => null);
      if (listing !== null) locked.set(name, lockServer(catalogueOf(listing).catalogue, name, () => []));
    }
    return { outcomes, log, lock: printLock({ version: 1, servers: locked }) };
  } finally {
    await pool.close();
  }
}

async function byPython(folder: string, asked: readonly Asked[], secrets: readonly string[], timeoutMs: number): Promise<Played & { readonly raw: string }> {
  const file = join(folder, "asked.json");
  writeFileSync(file, stringifyExact({ folder, calls: asked, secrets, timeoutMs }));
  const { stdout, stderr } = await run(PYTHON, ["-m", "offstage.testing.play_calls", file], { maxBuffer: 64 * 1024 * 1024, env: process.env });
  const lines = stdout.trimEnd().split("\n").map((line) => parseExact(line) as { readonly [name: string]: Data });
  const { faults = null, log = [] } = lines.pop() ?? {};
  return { outcomes: lines, faults, log: log as readonly string[], raw: `${stdout}${stderr}` };
}

/** As `mcp.json` has them: nothing of a config is a secret in these tests. */
function writeServers(folder: string, servers: readonly ServerConfig[]): void {
  const entries = servers.map((server) => [server.name, server.kind === "stdio" ? { command: server.command, args: server.args, env: server.env } : { url: server.url, headers: server.headers }] as const);
  writeFileSync(join(folder, "mcp.json"), JSON.stringify({ mcpServers: Object.fromEntries(entries) }));
}

/** Hints name the files of either, and only TypeScript says where a text nests too deeply; times, hashes of commits and the colours of labels differ from run to run. */
const comparable = (outcomes: readonly Data[]): readonly unknown[] => outcomes.map((outcome) => parseExact(stringifyExact(outcome).replaceAll(/,"hint":"(?:[^"\\]|\\.)*"/g, "").replaceAll(/ \(at offset \d+\)/g, "").replaceAll(/\b[0-9a-f]{40}\b|(?<="color":")[0-9a-f]{6}/g, "CHANCE").replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/g, "TIME")));

/** What each made of the same calls; nothing of Python's is not as TypeScript pinned it, and no secret is told. */
async function byBoth(servers: readonly ServerConfig[], asked: readonly Asked[], timeoutMs = 25_000): Promise<{ readonly python: readonly unknown[]; readonly typeScript: readonly unknown[]; readonly log: readonly string[] }> {
  const folder = mkdtempSync(join(dir, "project-"));
  writeServers(folder, servers);
  const typeScript = await byTypeScript(servers, asked, [SECRET], timeoutMs);
  writeFileSync(join(folder, "offstage.lock"), typeScript.lock);
  const python = await byPython(folder, asked, [SECRET], timeoutMs);
  expect(python.faults).toEqual([]);
  expect(python.raw).not.toContain(SECRET);
  return { python: comparable(python.outcomes), typeScript: comparable(typeScript.outcomes), log: python.log };
}

const of = (server: string, effect: Effect, tools: Readonly<Record<string, Data>>): readonly Asked[] => Object.entries(tools).map(([tool, args]) => ({ server, tool, args, effect }));

const WORKSHOP = { add: { a: 1, b: 2.5 }, echo: { text: `token=${SECRET} é 😀` }, arguments: { none: null, list: [1, { deep: null }], number: -0.5, text: "é 😀" }, structured: {}, unfaithful: {}, json_text: {}, markdown: {}, two_blocks: {}, big_structured: {}, big_text: {}, deep: {}, picture: {}, fails: { text: `${SECRET} is wrong` }, throws: {}, nobody: {} };
const OFFERS: readonly Offer[] = [{ kind: "resource", uri: "shop://json" }, { kind: "resource", uri: "shop://text" }, { kind: "resource", uri: "shop://two" }, { kind: "resource", uri: "shop://nothing" }, { kind: "prompt", name: "greet", args: { what: SECRET } }];

test.each([["legacy", workshopServer()], ["modern", modernWorkshopServer()]])("a server of the %s era on stdio", async (_, server) => {
  const { python, typeScript } = await byBoth([server], [...of("workshop", "write", WORKSHOP), ...of("workshop", "read", WORKSHOP), ...OFFERS.map((offer) => ({ server: "workshop", offer })), ...of("workshop", "write", { die: {} }), ...of("workshop", "read", { structured: {} })]);
  expect(python).toEqual(typeScript);
}, 120_000);

test.each(["sessions", "stateless", "modern"] as const)("a server over HTTP, %s", async (serving) => {
  const server = await startHttpWorkshop(serving);
  try {
    const { name } = server.config;
    const { python, typeScript } = await byBoth([server.config], [...of(name, "write", WORKSHOP), ...of(name, "read", WORKSHOP), ...OFFERS.map((offer) => ({ server: name, offer }))]);
    expect(python).toEqual(typeScript);
  } finally {
    await server.close();
  }
}, 120_000);

test("a server that asks back in the middle of a call is declined by both", async () => {
  const { python, typeScript } = await byBoth([askingServer()], of("asking", "write", { form: {}, page: {}, model: {}, folders: {}, later: {}, wants_login: {}, steps: {} }));
  expect(python).toEqual(typeScript);
}, 120_000);

test("servers on bad days", async () => {
  const faulty = (name: string, ...flags: readonly string[]): ServerConfig => ({ name, kind: "stdio", command: PYTHON, args: [FAULTY, ...flags], env: {} });
  const tools = { structured: {}, none_structured: {}, json_text: {}, markdown: {}, two_blocks: {}, strange: {}, no_content: {}, image: {}, big_structured: {}, big_text: {}, deep: {}, surrogate: {}, no_result: {}, is_error: { text: `no ${SECRET}` }, invalid: {}, broken: {}, echo: { text: SECRET }, huge: { size: 11 * 1024 * 1024 }, asks: {}, say: { text: `with ${SECRET}` }, nobody: {}, die: {}, counted: {}, late: { seconds: 4 } };
  const { python, typeScript, log } = await byBoth([faulty("faulty"), faulty("quits", "--quits"), faulty("garbage", "--garbage"), brokenServer("exits")], [...of("faulty", "write", tools), ...of("faulty", "read", tools), ...["quits", "garbage", "exits"].flatMap((name) => of(name, "write", { any: {} }))], 2_500);
  expect(python).toEqual(typeScript);
  expect(log).toContainEqual("faulty: with [redacted TOKEN]");
}, 120_000);

test("the real servers of the demo: GitHub's and Jira's", async () => {
  const asked: readonly Asked[] = [
    ...of("github", "read", { list_pull_requests: { owner: "acme", repo: "api", state: "open", per_page: 10 }, get_pull_request: { owner: "acme", repo: "api", pull_number: 1 } }),
    { server: "github", tool: "get_pull_request", args: { owner: "acme", repo: "api", pull_number: 999 }, effect: "read" },
    ...of("github", "write", { add_issue_comment: { owner: "acme", repo: "api", issue_number: 1, body: "Tracked as PROD-1 — “é”" } }),
    ...["create", "get", "update", "delete_nothing"].map((action): Asked => ({ server: "jira", tool: "jira_issues", args: action === "create" ? { action, projectKey: "PROD", issueType: "Bug", summary: "Memory leak", labels: ["gh-1"], description: "Pull request: here" } : { action, issueKey: "PROD-1", summary: "Renamed" }, effect: "write" })),
    ...of("jira", "write", { jira_workflow: { action: "get_transitions", issueKey: "PROD-1" }, jira_comments: { action: "add", issueKey: "PROD-1", comment: "Hello" } }),
    { server: "jira", tool: "jira_workflow", args: { action: "transition", issueKey: "PROD-1", transitionId: "31" }, effect: "write" },
    { server: "jira", tool: "jira_issues", args: { action: "get", issueKey: "PROD-999" }, effect: "read" },
    ...of("jira", "read", { jira_search: { jql: "project = PROD" } }),
  ];
  let emulators: Emulators = await startEmulators({ dir: join(dir, "first"), lagMs: 0 });
  const project = createDemoProject({ dir: join(dir, "demo"), emulators });
  const tokens = [emulators.github.token, emulators.jira.token];
  const portOf = ({ url }: { readonly url: string }): number => Number(new URL(url).port);
  const [githubPort, jiraPort] = [portOf(emulators.github), portOf(emulators.jira)];
  const loaded = loadProject(project.dir, { env: process.env, redactor: createRedactor() });
  const typeScript = await byTypeScript(loaded.servers.map(({ name }) => loaded.server(name).config), asked, tokens, 60_000);
  await emulators.close();
  writeFileSync(join(project.dir, "offstage.lock"), typeScript.lock);
  // Connections to those that ended are still in the pool of this process: the first request fails.
  const again = (name: string): Promise<Emulators> => startEmulators({ dir: join(dir, name), lagMs: 0, githubPort, jiraPort });
  emulators = await again("second").catch(() => again("third"));
  const python = await byPython(project.dir, asked, [], 60_000);
  await emulators.close();
  expect(comparable(python.outcomes)).toEqual(comparable(typeScript.outcomes));
  expect(python.outcomes).toHaveLength(asked.length);
  expect(python.faults).toEqual([]);
  for (const token of tokens) expect(python.raw).not.toContain(token);
  expect(readFileSync(join(project.dir, "mcp.json"), "utf8")).not.toContain(tokens[0]);
}, 240_000);

test("a server behind an authorization server is reached by client credentials, whose secret goes to the named issuer only", async () => {
  const oauth = await startOAuthServer();
  const ledger = await startProtectedServer(oauth);
  const keys: unknown[] = [];
  oauth.behaviour.intercept = (request) => {
    keys.push(request.headers["x-api-key"] ?? null);
    return Promise.resolve(false);
  };
  const folder = mkdtempSync(join(dir, "oauth-"));
  const project = (issuer: string): void => {
    writeFileSync(join(folder, "mcp.json"), JSON.stringify({ mcpServers: { ledger: { url: ledger.url, headers: { "X-Api-Key": "api-key-of-ledger" } } } }));
    writeFileSync(join(folder, "secret"), "machine-secret-123\n");
    writeFileSync(join(folder, "settings.json"), JSON.stringify({ servers: { ledger: { auth: { kind: "client-credentials", clientId: "machine", clientSecret: "${file:secret}", issuer } } } }));
  };
  const add: Asked = { server: "ledger", tool: "add", args: {}, effect: "write" };
  try {
    project(oauth.issuer);
    const { outcomes, raw } = await byPython(folder, [add, add], [], 20_000);
    expect(outcomes).toMatchObject([{ kind: "value", value: { text: "entry 1" } }, { kind: "value", value: { text: "entry 2" } }]);
    const sent = ledger.authorizations.filter((one) => one !== null);
    expect(new Set(sent).size).toBe(1);
    for (const secret of [...sent.map((one) => one.replace("Bearer ", "")), "machine-secret-123"]) expect(raw).not.toContain(secret);
    // The headers of the server's entry are for the server alone.
    expect(new Set(keys)).toEqual(new Set([null]));
    const before = oauth.tokenRequests.length;
    project("https://elsewhere.example");
    const refused = await byPython(folder, [add], [], 20_000);
    expect(refused.outcomes).toMatchObject([{ kind: "error", refused: true }]);
    expect(oauth.tokenRequests.length).toBe(before);
    expect(ledger.calls()).toBe(2);
  } finally {
    await ledger.close();
    await oauth.close();
  }
}, 120_000);
