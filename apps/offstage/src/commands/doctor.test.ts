import { generateKeyPairSync } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { serverProgram } from "../../../../packages/runtime/src/testing/test-servers.ts";
import { createTestProject } from "../testing/command-line.ts";

interface Told {
  readonly code: number;
  readonly findings: Readonly<Record<string, { readonly state: string; readonly what: string; readonly hint: string | null; readonly expiresAt: string | null; readonly renews: boolean }>>;
}

/** What doctor says of servers, each a URL or an entry, with their `auth`. */
async function told(servers: Readonly<Record<string, { readonly entry?: object; readonly auth?: object }>>, files: Readonly<Record<string, string>> = {}): Promise<Told> {
  const entries = Object.fromEntries(Object.entries(servers).map(([name, { entry = { url: "https://mcp.example/mcp" } }]) => [name, entry]));
  const auth = Object.fromEntries(Object.entries(servers).flatMap(([name, one]) => (one.auth === undefined ? [] : [[name, { auth: one.auth }]])));
  const project = createTestProject({ "mcp.json": JSON.stringify({ mcpServers: entries }), "offstage.yaml": JSON.stringify({ servers: auth }), ...files });
  onTestFinished(() => project.remove());
  const { code, out } = await project.run("doctor", "--json");
  const { result } = JSON.parse(out) as { result: { servers: readonly { server: string }[] } };
  return { code, findings: Object.fromEntries(result.servers.map((one) => [one.server, one])) as unknown as Told["findings"] };
}

const jwt = (exp: number): string => ["{}", JSON.stringify({ exp }), "signature"].map((part) => Buffer.from(part).toString("base64url")).join(".");
const FUTURE = 4_000_000_000;
const PAST = 1_500_000_000;

test("a program that is missing, or may not be executed, fails; one that is there is fine", async () => {
  const { code, findings } = await told({ there: { entry: { command: process.execPath } }, named: { entry: { command: "sh" } }, gone: { entry: { command: "no-such-program" } }, file: { entry: { command: "./mcp.json" } } });
  expect(code).toBe(1);
  expect(Object.values(findings).map(({ state }) => state)).toEqual(["fine", "fine", "fails", "fails"]);
  expect(findings["gone"]).toMatchObject({ what: expect.stringContaining("no-such-program") as string, hint: expect.stringContaining("mcp.json") as string });
});

test("with --connect each server is started or reached, and one that does not answer fails with what it said", async () => {
  const project = createTestProject({ "mcp.json": JSON.stringify({ mcpServers: { up: { command: process.execPath, args: serverProgram("changing") }, ends: { command: process.execPath, args: ["-e", "process.exit(3)"] }, away: { url: "http://127.0.0.1:9/mcp" } } }) });
  onTestFinished(() => project.remove());
  expect(await project.run("doctor", "--project", project.folder)).toMatchObject({ code: 0, out: expect.stringContaining(`\`offstage doctor --connect --project ${project.folder}\` does that.`) as string });
  const { code, out } = await project.run("doctor", "--connect", "--json");
  expect(code).toBe(1);
  const { result } = JSON.parse(out) as { result: { ok: boolean; servers: readonly { server: string; state: string; what: string }[] } };
  expect(result).toMatchObject({ ok: false, servers: [{ server: "up", state: "fine", what: expect.stringContaining("it answers, with 4 tools") as string }, { server: "ends", state: "fails", what: expect.stringContaining("exit code 3") as string }, { server: "away", state: "fails", what: expect.stringContaining("127.0.0.1:9") as string }] });
});

test("a missing secret fails, of whichever part", async () => {
  const { code, findings } = await told({ header: { entry: { url: "https://a.example", headers: { Authorization: "Bearer ${env:NOT_THERE_TOKEN}" } } }, auth: { auth: { kind: "bearer", token: "${file:gone}" } }, env: { entry: { command: "sh", env: { A_TOKEN: "${env:NOT_THERE_TOKEN}" } } } });
  expect(code).toBe(1);
  for (const finding of Object.values(findings)) expect(finding).toMatchObject({ state: "fails", what: expect.stringMatching(/NOT_THERE_TOKEN|gone/) as string });
});

test("a token that says when it ends is told with it; one that has ended fails", async () => {
  const { code, findings } = await told({ on: { auth: { kind: "bearer", token: jwt(FUTURE) } }, over: { auth: { kind: "bearer", token: jwt(PAST) } }, header: { entry: { url: "https://a.example", headers: { authorization: `Bearer ${jwt(PAST)}` } } }, opaque: { auth: { kind: "bearer", token: "opaque-token-of-somebody" } } });
  expect(code).toBe(1);
  expect(findings["on"]).toMatchObject({ state: "fine", expiresAt: "2096-10-02T07:06:40.000Z" });
  expect(findings["over"]).toMatchObject({ state: "fails", what: expect.stringContaining("ended at 2017") as string });
  expect(findings["header"]).toMatchObject({ state: "fails" });
  expect(findings["opaque"]).toMatchObject({ state: "fine", expiresAt: null });
});

test("clients of their own need nobody, as long as their key can be read", async () => {
  const own = { clientId: "offstage", issuer: "https://auth.example" };
  const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  const { findings } = await told(
    { secret: { auth: { kind: "client-credentials", ...own, clientSecret: "client-secret-1" } }, key: { auth: { kind: "private-key-jwt", ...own, privateKey: "${file:key.pem}" } }, bad: { auth: { kind: "private-key-jwt", ...own, privateKey: "no key at all" } } },
    { "key.pem": key },
  );
  expect(findings).toMatchObject({ secret: { state: "fine", renews: true }, key: { state: "fine", renews: true }, bad: { state: "fails", hint: expect.stringContaining("PEM") as string } });
});

test("an identity token that has ended fails", async () => {
  const auth = { kind: "enterprise", clientId: "offstage", issuer: "https://auth.example", clientSecret: "client-secret-1", provider: { issuer: "https://idp.example", clientId: "offstage", idToken: "${file:id-token}" } };
  expect((await told({ crm: { auth } }, { "id-token": jwt(PAST) })).findings["crm"]).toMatchObject({ state: "fails", what: expect.stringContaining("identity token ended") as string });
  expect((await told({ crm: { auth } }, { "id-token": jwt(FUTURE) })).findings["crm"]).toMatchObject({ state: "fine" });
});

test("a server that needs a login and has none fails; one that nobody said it of does not", async () => {
  const { code, findings } = await told({ explicit: { auth: { kind: "login" } }, silent: {} });
  expect(code).toBe(1);
  expect(findings).toMatchObject({ explicit: { state: "fails", hint: expect.stringMatching(/`offstage login explicit`.*"Authorization": .*`auth` in offstage\.yaml/) as string }, silent: { state: "fine" } });
});

test.each([
  [{ entry: { command: "sh" }, auth: { kind: "login" } }, "servers with a `url`"],
  [{ entry: { url: "https://a.example", headers: { AUTHORIZATION: "Bearer token-of-a" } }, auth: { kind: "login" } }, "Take one of the two out"],
])("auth where it cannot be is told: %j", async (server, hint) => {
  expect((await told({ a: server })).findings["a"]).toMatchObject({ state: "fails", hint: expect.stringContaining(hint) as string });
});

test("a project without servers has nothing to fear", async () => {
  expect(await told({})).toEqual({ code: 0, findings: {} });
});

test("what a server may reach in its sandbox is told, and what of it is its profile's word", async () => {
  const project = createTestProject({
    "mcp.json": JSON.stringify({ mcpServers: { github: { command: "npx", args: ["-y", "@modelcontextprotocol/server-github@2025.4.8"] }, own: { command: "sh" }, none: { command: "npx", args: ["@modelcontextprotocol/server-github@2025.4.8"] }, open: { command: "npx", args: ["@modelcontextprotocol/server-github@2025.4.8"] } } }),
    "offstage.yaml": "servers: { github: { sandbox: { read: [../reports, \"/srv/data\"], hosts: [registry.npmjs.org, api.github.com] } }, own: { sandbox: true }, none: { sandbox: true } }\n",
    "profiles/own.ts": 'import { profile } from "offstage";\nimport type { own } from "#servers";\nexport default profile<typeof own>("sh", { "*": { rate: { perSecond: 1 } } }, { hosts: ["localhost:8080"] });\n',
    "profiles/none.ts": 'import { profile } from "offstage";\nexport default profile("@modelcontextprotocol/server-github@2025", {}, { hosts: [] });\n',
  });
  onTestFinished(() => project.remove());
  const { code, out } = await project.run("doctor", "--json");
  const { result } = JSON.parse(out) as { result: { servers: readonly { what: string; sandbox: object | null }[] } };
  expect([code, result.servers.map(({ sandbox }) => sandbox)]).toEqual([0, [
    { read: [join(project.folder, "../reports"), "/srv/data"], write: [], hosts: ["registry.npmjs.org", "api.github.com"], profileHosts: [] },
    { read: [], write: [], hosts: [], profileHosts: ["localhost:8080"] },
    // The project says that it speaks to none.
    { read: [], write: [], hosts: [], profileHosts: [] },
    null,
  ]]);
  expect(result.servers[0]?.what).toContain(`in a sandbox: it reads its project, ${join(project.folder, "../reports")}, /srv/data, writes nothing`);
  expect(result.servers[1]?.what).toBe("its program is there; in a sandbox: it reads its project, writes nothing that stays, and reaches localhost:8080 (by its profile)");
  project.write("profiles/own.ts", 'import { profile } from "offstage";\nexport default profile("sh", {}, { hosts: ["https://x"] });\n');
  expect(await project.run("doctor")).toMatchObject({ code: 1, out: expect.stringMatching(/fails {2}own .*profiles\/own\.ts:2:44 HOST_INVALID "https:\/\/x" names no host[^]*1 of these would fail/) as string });
});

test("queues are told beside servers: a broker that nobody reaches fails, asked for only with --connect, and its password stays hidden", async () => {
  const project = createTestProject({ "offstage.yaml": "queues: { orders: { kind: redis, url: \"redis://ada:hunter2-hunter2@127.0.0.1:9\" }, none: { kind: redis, url: \"${env:NOT_THERE}\" } }" });
  onTestFinished(() => project.remove());
  const fails = { queue: "none", state: "fails", what: expect.stringContaining("NOT_THERE") as string };
  const told = async (...more: readonly string[]): Promise<unknown> => JSON.parse((await project.run("doctor", "--json", ...more)).out);
  expect(await told()).toMatchObject({ result: { ok: false, servers: [], queues: [{ queue: "orders", state: "fine", what: "what it needs is there" }, fails] } });
  expect(await told("--connect")).toMatchObject({ result: { queues: [{ queue: "orders", state: "fails", what: expect.stringContaining("ECONNREFUSED") as string }, fails] } });
  const { code, out, err } = await project.run("doctor", "--connect");
  expect([code, out]).toEqual([1, expect.stringContaining("2 of these would fail with nobody there. 2 want a look.")]);
  expect(out + err).not.toContain("hunter2");
});

test("secrets of webhooks, metrics, the API and the store that would be missed are told before the night", async () => {
  const project = createTestProject({ "offstage.yaml": 'webhooks: { ci: { verify: bearer, secret: "${env:NOT_THERE}" } }' });
  onTestFinished(() => project.remove());
  expect(await project.run("doctor")).toMatchObject({ code: 1, out: expect.stringMatching(/fails {2}serve {2}.*webhook ci.*NOT_THERE[^]*1 of these would fail/) as string });
  project.write("offstage.yaml", 'webhooks: { a: { verify: bearer, secret: "${env:NO_A}" }, b: { verify: bearer, secret: ["${secret:NO_B}", "${file:no-file}"] } }\nserve: { metrics: { token: "${env:NO_M}" }, api: { tokens: [{ name: ada, role: viewer, token: "${env:NO_T}" }, { name: bob, role: viewer, token: "${env:NO_T}" }] } }');
  expect(JSON.parse((await project.run("doctor", "--json")).out)).toMatchObject({ result: { serve: {
    what: expect.stringMatching(/webhook a: .*NO_A is not set; .*webhook b: .*NO_B.*; .*webhook b: .*no-file.*; .*metrics\.token: .*NO_M.*; .*api\.tokens: .*NO_T/) as string,
    hint: "Write the secret into that file, or name another one. Set them before you start Offstage: export NO_A=… NO_B=… NO_M=… NO_T=…",
  } } });
  project.write("offstage.yaml", 'webhooks: { ci: { verify: bearer, secret: "long-enough-for-one" } }');
  expect(JSON.parse((await project.run("doctor", "--json")).out)).toMatchObject({ result: { ok: true, serve: { state: "fine", what: "the secrets of its addresses are there", hint: null } } });
  project.write("offstage.yaml", 'store: { postgres: "${env:NO_DATABASE}" }\nserve: { api: { tokens: [{ name: ada, role: viewer, token: "${env:NO_TOKEN}" }] } }');
  expect(await project.run("doctor")).toMatchObject({ code: 1, out: expect.stringMatching(/fails {2}serve {2}.*NO_TOKEN[^]*fails {2}store {2}.*NO_DATABASE[^]*2 of these would fail/) as string });
  project.write("offstage.yaml", "");
  expect(JSON.parse((await project.run("doctor", "--json")).out)).toMatchObject({ result: { serve: null, store: null } });
});

test("what a night would stumble over beside servers is told with what to do, and fails with --strict; nothing is called ready then", async () => {
  const project = createTestProject({
    "mcp.json": JSON.stringify({ mcpServers: { notes: { command: "npx", args: ["-y", "notes-server@latest"] }, pinned: { command: "npx", args: ["-y", "other-server@1.2.3"] } } }),
    "offstage.yaml": 'webhooks: { ci: { verify: bearer, secret: "long-enough-for-one" } }\nstore: { file: own/store.db }\n',
    "workflows/nightly.ts": 'import { approve, cron, workflow } from "offstage";\nexport default workflow({ name: "nightly", on: [cron("0 3 * * *", { timezone: "UTC" })] }, async () => (await approve({ message: "Go on?", by: ["ada"], within: "1d" })).outcome);\n',
  });
  onTestFinished(() => project.remove());
  expect(await project.run("pause", "nightly")).toMatchObject({ code: 0 });
  const { code, out, err } = await project.run("doctor");
  expect([code, out]).toEqual([0, expect.stringMatching(/fine +workflows +1 workflow checks; the next run by a schedule is planned for .* 03:00Z[^]*Nothing of these fails by itself\. \d want a look\. No server/)]);
  for (const told of [/warns +notes +it is made of notes-server@latest/, /warns +webhook ci +no workflow speaks of it/, /warns +workflow nightly \(approve\) +nobody of ada/, /warns +pause +workflow nightly is paused/]) expect(out).toMatch(told);
  expect(out).not.toMatch(/warns +pinned|would run/);
  expect(err).toContain("offstage unpause workflow:nightly");
  const strict = await project.run("doctor", "--strict", "--json");
  expect([strict.code, JSON.parse(strict.out)]).toMatchObject([1, { result: { ok: false, findings: expect.arrayContaining([{ about: "pause", state: "warns", what: "workflow nightly is paused: writes of it are held", hint: "When it may go on: offstage unpause workflow:nightly" }]) as object } }]);
  project.write("workflows/nightly.ts", "export default 1;\n");
  project.write("offstage.lock", "{}");
  expect(await project.run("doctor")).toMatchObject({ code: 1, out: expect.stringMatching(/fails +workflows +offstage\.lock:1 LOCK_INVALID/) as string });
  rmSync(join(project.folder, "offstage.lock"));
  project.write("own/store.db", "this is no store, and was one yesterday".repeat(200));
  const broken = await project.run("doctor");
  expect([broken.code, broken.out]).toEqual([1, expect.stringMatching(/fails +workflow nightly +it does not check: [^]*fails +store +/)]);
});
