import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { freePort } from "../../../../packages/runtime/src/testing/free-port.ts";
import { type Chat, NO, startChatOver, YES } from "../testing/chat.ts";
import { type CommandProcess, startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// A chat client over streamable HTTP, with a service that runs workflows meanwhile.

const TOKENS = { ADA: "operator-0123456789abcdef", EVE: "approver-0123456789abcdef" };
const GREET = `import { once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "greet", description: "d", on: [], limits: { writes: 5 } }, async () => { await once("hello", () => desk.say({ text: "Hello over HTTP" })); });
`;

let desk: DeskProject;
let url: string;
let served: CommandProcess;
beforeEach(async () => {
  desk = await createDeskProject();
  const port = await freePort();
  url = `http://127.0.0.1:${port}/mcp`;
  desk.write("offstage.yaml", `serve:\n  listen: "127.0.0.1:${port}"\n  mcp: true\n  api: { tokens: [{ name: ada, role: operator, token: "\${env:ADA}" }, { name: eve, role: approver, token: "\${env:EVE}" }] }\n`);
  served = startCommand(desk.folder, ["serve", "tickets"], null, TOKENS);
  await vi.waitUntil(async () => (await fetch(url.replace("/mcp", "/readyz")).catch(() => null))?.status === 200, { timeout: 30_000, interval: 50 });
}, 60_000);
afterEach(async () => {
  served.child.kill("SIGTERM");
  await served.ended;
  desk.remove();
});

const open = (person: NonNullable<Parameters<typeof startChatOver>[1]["person"]>, era: "modern" | "legacy" = "modern"): Promise<Chat> => startChatOver(url, { person, era, token: TOKENS.ADA });

test("an operator drafts, plans and applies over HTTP what the service then drives; nobody else comes in", async () => {
  const statuses = await Promise.all([undefined, "Bearer wrong-0123456789abcdef", `Bearer ${TOKENS.EVE}`].map(async (authorization) => (await fetch(url, { method: "POST", body: "{}", headers: { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) } })).status));
  expect(statuses).toEqual([401, 401, 403]);
  expect((await fetch(url, { method: "POST", body: "{}", headers: { "content-type": "application/json", authorization: `Bearer ${TOKENS.ADA}`, origin: "http://evil.example" } })).status).toBe(403);
  const chat = await open(() => YES);
  expect(await chat.call("write", { file: "greet", text: GREET })).toMatchObject({ failed: false });
  const plan = /apply with plan (\S+);/.exec((await chat.call("plan", { workflow: "greet" })).text)?.[1] ?? "";
  const refusing = await open(() => NO);
  expect(await refusing.call("apply", { plan })).toMatchObject({ failed: true });
  // Nobody can be asked there: it is told what to do.
  const older = await open(() => YES, "legacy");
  expect(await older.call("apply", { plan })).toMatchObject({ failed: true, text: expect.stringContaining(`offstage apply ${plan}`) as string });
  expect(await chat.call("apply", { plan })).toMatchObject({ failed: false, text: expect.stringContaining("1 write") as string });
  expect(desk.writes().filter((write) => write.includes("over HTTP"))).toHaveLength(1);
  // Whoever serves has its lease still, and drives on.
  expect((await fetch(url.replace("/mcp", "/readyz"))).status).toBe(200);
  expect((await chat.call("runs", {})).text).toContain("greet");
  await Promise.all([chat, refusing, older].map((one) => one.close()));
}, 60_000);

test("without a token of an operator it is not opened, and what to write is told", async () => {
  desk.write("offstage.yaml", "serve: { mcp: true }\n");
  expect(await desk.run("serve")).toMatchObject({ code: 2, err: expect.stringMatching(/offstage\.yaml:1:\d+ error CONFIG_INVALID[^]*role: operator/) as string });
}, 60_000);
