import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { HAS_TERMINAL, runAtTerminal } from "../testing/at-terminal.ts";
import { type Chat, YES } from "../testing/chat.ts";
import { chatSuite } from "../testing/chat.suite.ts";
import { startCommand } from "../testing/command-process.ts";
import { createDeskChats, greet, planIn, starts } from "../testing/desk-chats.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
const chats = createDeskChats(() => desk.folder);
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());
beforeEach(() => desk.reset());
// A chat that is open may keep a server, and one test looks whether none is left.
afterEach(() => chats.close());

chatSuite("legacy", () => desk, chats);

test("a draft is taken back by a session that has seen it, and by no other", async () => {
  const [one, other] = await Promise.all([chats.open(), chats.open()]);
  const slip = "const x: = 1;";
  expect(await one.call("write", { file: "todo.ts", text: slip })).toMatchObject({ failed: true, text: expect.stringContaining("workflows/todo.ts, revision 1") as string });
  expect(await other.call("check")).toMatchObject({ failed: true, text: expect.stringContaining("todo: ") as string });
  for (const more of [{ text: slip }, { old: "x", new: "y" }, { fix: true }]) expect(await one.call("write", { file: "todo", discard: true, revision: 1, ...more })).toMatchObject({ failed: true, text: expect.stringContaining("or discard") as string });
  expect(await other.call("write", { file: "todo", old: "x", new: "y" })).toMatchObject({ failed: true });
  for (const command of ["check", "plan", "run"]) expect(await desk.run(command, "todo")).toMatchObject({ code: 2, err: expect.stringContaining("There is a draft of it: offstage adopt workflows/todo.ts") as string });
  for (const seen of [{}, { revision: 1 }]) expect(await one.call("write", { file: "todo", discard: true, ...seen })).toMatchObject({ failed: true, text: expect.stringContaining("at revision 2") as string });
  expect(await other.call("write", { file: "todo", discard: true, revision: 2 })).toEqual({ failed: false, text: "The draft of workflows/todo.ts is taken back." });
  expect(await one.call("write", { file: "todo", discard: true, revision: 2 })).toMatchObject({ failed: true, text: expect.stringContaining("Nothing is drafted as workflows/todo.ts") as string });
  expect((await one.call("check")).text).not.toContain("todo");
  expect((await desk.run("check", "todo")).err).not.toContain("draft");
  // What the project has holds again.
  await one.call("write", { file: "announce", text: slip });
  expect(await other.call("write", { file: "announce", discard: true, revision: 1 })).toMatchObject({ text: expect.stringContaining("what the project has holds again") as string });
  expect(await one.call("check", { workflow: "announce" })).toMatchObject({ failed: false, text: expect.stringContaining("announce: checks") as string });
  // And it is drafted anew by whoever wants to.
  expect(await one.call("write", { file: "todo", text: chats.named().text })).toMatchObject({ text: expect.stringContaining("workflows/todo.ts, revision 4") as string });
  await one.call("write", { file: "todo", discard: true, revision: 4 });
}, 60_000);

test("a yes counts for what was shown: a plan that was made meanwhile is asked about anew", async () => {
  const { file, text } = chats.named();
  let chat: Chat | null = null;
  const person = async () => {
    // While the person reads, another session changes what they look at.
    if (chat?.asked.length === 1) await (await chats.open()).call("write", { file, text: text.replace("Hello", "Bye"), revision: 1 });
    return YES;
  };
  chat = await chats.open({ person });
  await chat.call("write", { file, text });
  expect(await chat.call("adopt", { file })).toMatchObject({ failed: false });
  expect(chat.asked).toEqual([expect.stringContaining("Hello"), expect.stringContaining("Bye")]);
  expect(desk.read(file)).toContain("Bye");
}, 60_000);

test.skipIf(!HAS_TERMINAL)("the command that a client which cannot ask is told shows the plan at a terminal, asks, and takes only a yes for one", async () => {
  const { name, file, text } = chats.named();
  const chat = await chats.open();
  await chat.call("write", { file, text });
  const plan = planIn(await chat.call("plan", { workflow: name }));
  const refused = await runAtTerminal(desk.folder, ["apply", plan, "--ask"], "y");
  expect(refused).toMatchObject({ code: 3, seen: expect.stringContaining('text = "Hello Printer is on fire"') as string });
  expect(desk.writes()).toEqual([]);
  expect(await runAtTerminal(desk.folder, ["apply", plan, "--ask"], "yes")).toMatchObject({ code: 0, seen: expect.stringContaining("2 writes") as string });
  expect(desk.writes()).toHaveLength(2);
}, 60_000);

test("what is bound is found again offline: a rehearsal asks what the plan asked whose answers it has", async () => {
  const chat = await chats.open({ person: () => YES });
  const planned = await chat.call("plan", { workflow: "tickets" });
  expect(await chat.call("apply", { plan: planIn(planned) })).toMatchObject({ failed: false });
  expect((await chat.call("plan", { workflow: "tickets" })).text).toContain("Nothing is to be written");
  expect(await chat.call("test", { workflow: "tickets" })).toMatchObject({ failed: false, text: expect.stringMatching(/Plan, offline: planned\n {2}no writes/) as string });
}, 60_000);

test("what is too long to be asked about is told so with the plan, and by which command a person permits it", async () => {
  desk.reset({ requests: Array.from({ length: 80 }, (_, n) => ({ id: `r${n}`, title: "long ".repeat(80) })) });
  const chat = await chats.open({ person: () => YES });
  const { name, file, text } = chats.named();
  await chat.call("write", { file, text: text.replace("writes: 20", "writes: 100") });
  const { text: told } = await chat.call("plan", { workflow: name });
  const plan = /offstage apply (\S+) --ask/.exec(told)?.[1];
  expect(told).toMatch(/too long to be shown and permitted here[^]*offstage apply \S+ --ask --project/);
  expect(await chat.call("apply", { plan })).toMatchObject({ failed: true, text: expect.stringContaining("too long") as string });
  expect([chat.asked, desk.writes()]).toEqual([[], []]);
}, 60_000);

test("a page is handed no permit for a plan that is too large for it", async () => {
  const chat = await chats.open({ views: true });
  const permitOf = async (name: string): Promise<unknown> => (await chat.client.callTool({ name: "plan", arguments: { workflow: name } }))._meta?.["offstage/permit"];
  const { name, file, text } = chats.named();
  await chat.call("write", { file, text });
  expect(await permitOf(name)).toEqual(expect.any(String));
  const large = chats.named(text.replace("text: `", "text: `${\"x\".repeat(600_000)}"));
  expect(await chat.call("write", { file: large.file, text: large.text.replaceAll(name, large.name) })).toMatchObject({ failed: false });
  expect(await permitOf(large.name)).toBeUndefined();
}, 60_000);

test("what a draft starts is adopted first: its writes are in no plan, and nobody has seen them", async () => {
  const chat = await chats.open({ person: () => YES });
  const child = chats.named();
  const parent = chats.named(starts(child.name));
  await chat.call("write", { file: child.file, text: child.text });
  expect(await chat.call("write", { file: parent.file, text: parent.text })).toMatchObject({ failed: false });
  const plan = planIn(await chat.call("plan", { workflow: parent.name }));
  expect(await chat.call("apply", { plan })).toMatchObject({ failed: true, text: expect.stringContaining(`starts ${child.name}, which is drafted`) as string });
  expect(await desk.run("apply", plan)).toMatchObject({ code: 1, err: expect.stringContaining("DRAFT_STARTED") as string });
  // What imports a draft does not check without it.
  expect(await chat.call("adopt", { file: parent.file })).toMatchObject({ failed: true, text: expect.stringContaining("IMPORT_NOT_FOUND") as string });
  expect([chat.asked, desk.writes()]).toEqual([[], []]);
  expect(await chat.call("adopt", { file: child.file })).toMatchObject({ failed: false });
  expect(await chat.call("apply", { plan })).toMatchObject({ failed: false });
  // Drafted anew, it is nobody's again.
  await chat.call("write", { file: child.file, text: child.text.replace("Hello", "Bye") });
  await chat.call("write", { file: parent.file, old: '"today"', new: '"tomorrow"' });
  const next = planIn(await chat.call("plan", { workflow: parent.name }));
  expect(await chat.call("apply", { plan: next })).toMatchObject({ failed: true, text: expect.stringContaining("drafted") as string });
  expect(desk.writes().filter((write) => write.includes("Bye"))).toEqual([]);
}, 60_000);

test("beside a service that drives the store, what is applied is handed over to it, and made once", async () => {
  const service = startCommand(desk.folder, ["serve", "tickets"], null);
  try {
    const chat = await chats.open({ person: () => YES });
    await chat.call("write", { file: "greet", text: greet() });
    const plan = planIn(await chat.call("plan", { workflow: "greet" }));
    const [one, other] = await Promise.all([chat.call("apply", { plan }), chat.call("apply", { plan })]);
    // The second one was asked about too, and goes on with the same run, or is told that it was applied.
    expect([one, other].filter(({ failed }) => !failed).length).toBeGreaterThan(0);
    expect(desk.writes().filter((write) => write.startsWith("say"))).toHaveLength(2);
    expect(service.child.exitCode).toBeNull();
  } finally {
    service.child.kill("SIGTERM");
    expect((await service.ended).code).toBe(0);
  }
}, 60_000);

test("when its client goes, or it is told to end, it ends, and no server of its is left", async () => {
  for (const end of [(chat: Chat) => chat.close(), async (chat: Chat) => { chat.terminate(); await chat.close(); }]) {
    const chat = await chats.open();
    expect(await chat.call("try_read", { tool: "desk.list_requests" })).toMatchObject({ failed: false });
    await end(chat);
    await vi.waitUntil(() => !isRunning(chat.pid) && serversOf(desk.folder).length === 0, { timeout: 20_000, interval: 50 });
  }
}, 60_000);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Processes that were started with the state of this project's desk. */
function serversOf(folder: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(join(folder, "desk.json"));
    } catch {
      return false;
    }
  });
}

test("a server that dies is told, and the chat goes on", async () => {
  const chat = await chats.open({ person: () => YES });
  desk.change({ faults: [{ tool: "list_requests", how: "die" }] });
  expect(await chat.call("try_read", { tool: "desk.list_requests" })).toMatchObject({ failed: true, text: expect.stringContaining("SERVER_EXITED") as string });
  expect(await chat.call("try_read", { tool: "desk.list_requests" })).toMatchObject({ failed: false });
}, 60_000);
