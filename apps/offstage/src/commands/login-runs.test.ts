import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLedgerProject, visit } from "../testing/ledger-project.ts";

// What commands do with a server that asks for tokens, over its real transport.

const WORKFLOW = `import { once, workflow } from "offstage";
import { ledger } from "#servers";

export default workflow({ name: "book", on: [], limits: { writes: 2 } }, async () => {
  await once("entry", () => ledger.add({}));
});
`;

const ledger = await createLedgerProject({ "workflows/book.ts": WORKFLOW });
const { world, settings } = ledger;

async function login(): Promise<void> {
  expect((await ledger.run(["login", "ledger"], visit)).code).toBe(0);
}

/** Everything that is on disk of the project. */
function disk(folder = ledger.project.folder): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).join("\n");
}

test("without a login a command says what to type, opens nothing, and writes nothing", async () => {
  for (const argv of [["servers"], ["call", "ledger.add", "--yes"]]) {
    const end = await ledger.project.run(...argv);
    expect([argv[0], end.code]).toEqual([argv[0], 1]);
    expect(`${end.out}${end.err}`).toContain("offstage login ledger");
  }
  expect(world.mcp.calls()).toBe(0);
});

test("after a login it is locked, planned, run and called without a person, and no token is anywhere in the clear", async () => {
  await login();
  const calls = world.mcp.calls();
  const ends = [await ledger.project.run("servers"), await ledger.project.run("lock"), await ledger.project.run("plan", "book"), await ledger.project.run("run", "book"), await ledger.project.run("call", "ledger.add", "--yes")];
  expect(ends.map(({ code, err }) => (code === 0 ? "" : err))).toEqual(["", "", "", "", ""]);
  expect(world.mcp.calls()).toBe(calls + 2);
  const seen = `${disk()}\n${ends.map(({ out, err }) => `${out}${err}`).join("\n")}`;
  for (const token of world.oauth.tokens()) expect(seen).not.toContain(token);
});

test("a write is made once when its server refuses the token in the middle", async () => {
  await login();
  expect((await ledger.project.run("lock")).code).toBe(0);
  const calls = world.mcp.calls();
  world.mcp.behaviour.revoked = world.oauth.tokens()[0] ?? null;
  expect(await ledger.project.run("run", "book")).toMatchObject({ code: 0 });
  expect(world.mcp.calls()).toBe(calls + 1);
});

test("a run whose login is over by then fails before the write, which is known not to have happened", async () => {
  await login();
  expect((await ledger.project.run("lock")).code).toBe(0);
  await world.oauth.revokeGrants();
  const calls = world.mcp.calls();
  const end = await ledger.project.run("run", "book", "--json");
  expect(end.code).toBe(1);
  expect(`${end.out}${end.err}`).toContain("LOGIN_NEEDED");
  expect(`${end.out}${end.err}`).not.toContain("EFFECT_AMBIGUOUS");
  expect(world.mcp.calls()).toBe(calls);
});

test("a client of its own needs nobody", async () => {
  settings(`kind: client-credentials, clientId: machine, clientSecret: machine-secret-123, issuer: "${world.oauth.issuer}"`);
  const end = await ledger.project.run("servers");
  expect(end).toMatchObject({ code: 0, out: expect.stringContaining("ledger") as string });
  expect(`${end.out}${end.err}${disk(join(ledger.project.folder, ".offstage"))}`).not.toContain("machine-secret-123");
});
