import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type AuthWorld, createAuthWorld } from "../../../../packages/runtime/src/testing/auth-world.ts";
import { browse } from "../../../../packages/runtime/src/testing/oauth-server.ts";
import { runCommandLine } from "../main.ts";
import { createTestProject, type TestProject } from "../testing/command-line.ts";

// What commands do with a server that asks for tokens, over its real transport.

const WORKFLOW = `import { once, workflow } from "offstage";
import { ledger } from "#servers";

export default workflow({ name: "book", on: [], limits: { writes: 2 } }, async () => {
  await once("entry", () => ledger.add({}));
});
`;

let world: AuthWorld;
let project: TestProject;

beforeAll(async () => void (world = await createAuthWorld()));
beforeEach(() => {
  project = createTestProject({ "mcp.json": JSON.stringify({ mcpServers: { ledger: { url: world.mcp.url } } }), "workflows/book.ts": WORKFLOW });
  settings("kind: login, clientId: desk");
});
afterEach(() => {
  world.reset();
  project.remove();
});
afterAll(() => world.close());

function settings(auth: string): void {
  project.write("key", "a key that has thirty-two characters");
  project.write("offstage.yaml", `servers: { ledger: { auth: { ${auth} } } }\ntokens: { key: "\${file:key}" }\n`);
}

async function login(): Promise<void> {
  const code = await runCommandLine(["login", "ledger"], {
    stdout: { write: () => undefined },
    stderr: {
      write(text) {
        const shown = /^http\S+$/m.exec(text)?.[0];
        if (shown !== undefined) void browse(new URL(shown)).then((back) => fetch(back));
      },
    },
    env: { PATH: process.env["PATH"] }, cwd: project.folder, signal: new AbortController().signal,
  });
  expect(code).toBe(0);
}

/** Everything that is on disk of the project. */
function disk(folder = project.folder): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).join("\n");
}

test("without a login a command says what to type, opens nothing, and writes nothing", async () => {
  for (const argv of [["servers"], ["call", "ledger.add", "--yes"]]) {
    const end = await project.run(...argv);
    expect([argv[0], end.code]).toEqual([argv[0], 1]);
    expect(`${end.out}${end.err}`).toContain("offstage login ledger");
  }
  expect(world.mcp.calls()).toBe(0);
});

test("after a login it is locked, planned, run and called without a person, and no token is anywhere in the clear", async () => {
  await login();
  const calls = world.mcp.calls();
  const ends = [await project.run("servers"), await project.run("lock"), await project.run("plan", "book"), await project.run("run", "book"), await project.run("call", "ledger.add", "--yes")];
  expect(ends.map(({ code, err }) => (code === 0 ? "" : err))).toEqual(["", "", "", "", ""]);
  expect(world.mcp.calls()).toBe(calls + 2);
  const seen = `${disk()}\n${ends.map(({ out, err }) => `${out}${err}`).join("\n")}`;
  for (const token of world.oauth.tokens()) expect(seen).not.toContain(token);
});

test("a write is made once when its server refuses the token in the middle", async () => {
  await login();
  expect((await project.run("lock")).code).toBe(0);
  const calls = world.mcp.calls();
  world.mcp.behaviour.revoked = world.oauth.tokens()[0] ?? null;
  expect(await project.run("run", "book")).toMatchObject({ code: 0 });
  expect(world.mcp.calls()).toBe(calls + 1);
});

test("a run whose login is over by then fails before the write, which is known not to have happened", async () => {
  await login();
  expect((await project.run("lock")).code).toBe(0);
  await world.oauth.revokeGrants();
  const calls = world.mcp.calls();
  const end = await project.run("run", "book", "--json");
  expect(end.code).toBe(1);
  expect(`${end.out}${end.err}`).toContain("LOGIN_NEEDED");
  expect(`${end.out}${end.err}`).not.toContain("EFFECT_AMBIGUOUS");
  expect(world.mcp.calls()).toBe(calls);
});

test("a client of its own needs nobody", async () => {
  settings(`kind: client-credentials, clientId: machine, clientSecret: machine-secret-123, issuer: "${world.oauth.issuer}"`);
  const end = await project.run("servers");
  expect(end).toMatchObject({ code: 0, out: expect.stringContaining("ledger") as string });
  expect(`${end.out}${end.err}${disk(join(project.folder, ".offstage"))}`).not.toContain("machine-secret-123");
});
