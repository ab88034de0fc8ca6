import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Chat, YES } from "../testing/chat.ts";
import { chatSuite } from "../testing/chat.suite.ts";
import { createDeskChats, planIn, starts } from "../testing/desk-chats.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
const chats = createDeskChats(() => desk.folder);
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(async () => {
  await chats.close();
  desk.remove();
});
beforeEach(() => desk.reset());

// In the other era: mcp.long.test.ts.
chatSuite("modern", () => desk, chats);

test("two sessions on one project do not lose each other's texts, and one goes on where another was killed", async () => {
  const { name, file, text } = chats.named();
  const [one, other] = await Promise.all([chats.open({ person: () => YES }), chats.open({ person: () => YES })]);
  expect(await one.call("write", { file, text })).toMatchObject({ failed: false });
  expect(await other.call("write", { file, text })).toMatchObject({ failed: true, text: expect.stringContaining("revision 1") as string });
  expect((await other.call("read", { name: file })).text).toContain("draft, revision 1");
  expect(await other.call("write", { file, old: "Hello", new: "Welcome" })).toMatchObject({ failed: false });
  expect(await one.call("write", { file, text, revision: 1 })).toMatchObject({ failed: true });
  const plan = planIn(await one.call("plan", { workflow: name }));
  one.kill();
  expect(await other.call("apply", { plan })).toMatchObject({ failed: false });
  expect(desk.writes()).toEqual([expect.stringContaining("Welcome Printer"), expect.stringContaining("Welcome Quote")]);
}, 60_000);

test("clients are told which tools only read, and which only add", async () => {
  const { client } = await chats.open();
  const { tools } = await client.listTools();
  const kinds = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint === true ? "reads" : annotations?.destructiveHint === false ? "adds" : "may destroy"]));
  const [reads, adds] = [["find_tools", "read", "check", "plan", "test", "runs"], ["try_read", "write", "adopt", "export"]];
  expect(kinds).toEqual({ ...Object.fromEntries(reads.map((name) => [name, "reads"])), ...Object.fromEntries(adds.map((name) => [name, "adds"])), apply: "may destroy", decide: "may destroy" });
}, 60_000);

test("wrong turns are told so that they can be mended", async () => {
  const chat = await chats.open({ person: () => YES });
  const { name, file, text } = chats.named();
  const reply = async (...call: Parameters<Chat["call"]>): Promise<string> => {
    const { text: told, failed } = await chat.call(...call);
    expect(failed).toBe(true);
    return told;
  };
  expect(await reply("try_read", { tool: "desk.list_request" })).toContain("Nearest: list_requests");
  expect(await reply("try_read", { tool: "desk.say", args: { text: "x" } })).toMatch(/desk\.say: .*write/);
  expect(await reply("try_read", { tool: "list" })).toContain("server.tool");
  expect(await reply("plan", { workflow: "nothing" })).toContain("There is no workflows/nothing.ts");
  expect(await reply("write", { file: "../mcp.json", text: "{}" })).toContain("cannot be written here");
  expect(await reply("write", { file, text: text.replace("return requests.length;", "while (true) {}") })).toContain("range(n)");
  expect(await reply("write", { file, text: text.replace("on: []", 'on: [every("1h")]').replace("{ each, once", "{ each, every").replace(/once\(.*=> (desk.*)\);/, "$1;"), revision: 1 })).toContain("WRITE_WITHOUT_IDENTITY");
  expect(await reply("write", { file, text, old: "a", new: "b" })).toContain("either text");
  expect(await reply("write", { file, text: text.replace("requests.length", "desk.nothing({})"), revision: 2 })).toContain("nothing");
  expect(await reply("apply", { plan: "none" })).toContain("no plan none");
  expect(await reply("adopt", { file: "workflows/none.ts" })).toContain("Nothing is drafted");
  expect(await reply("runs", { run: "none" })).toContain("none");
  expect(await reply("export", { workflow: "announce", target: "cobol" })).toMatch(/"typescript"[^]*"cloud-run"/);
  expect(await reply("test", { workflow: name })).toMatch(/does not check|error/);
  expect(await chat.call("write", { file, text, revision: 3 })).toMatchObject({ failed: false });
  const parent = chats.named(starts(name));
  expect(await chat.call("write", { file: parent.file, text: parent.text })).toMatchObject({ failed: false });
  // Its writes are in no plan, and nobody has seen them.
  expect(await reply("apply", { plan: planIn(await chat.call("plan", { workflow: parent.name })) })).toContain(`starts ${name}, which is drafted`);
  // Nobody is asked about what would be refused then.
  const old = planIn(await chat.call("plan", { workflow: name }));
  await chat.call("write", { file, old: "Hello", new: "Welcome" });
  expect(await reply("apply", { plan: old })).toContain("this changed: the workflow");
  expect([chat.asked, desk.writes()]).toEqual([[], []]);
}, 60_000);
