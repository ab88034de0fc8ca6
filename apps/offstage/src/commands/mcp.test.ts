import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Chat, type ChatReply, NO, startChat, YES } from "../testing/chat.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

const greet = (text = "Hello"): string => `import { each, once, workflow } from "offstage";
import { desk } from "#servers";

export default workflow({ name: "greet", description: "Greets every request.", on: [], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  await each(requests, { key: (request) => request.id }, async (request) => {
    await once(\`greet:\${request.id}\`, () => desk.say({ text: \`${text} \${request.title}\` }));
  });
  return requests.length;
});
`;

let desk: DeskProject;
let chats: Chat[] = [];
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());
beforeEach(() => desk.reset());

async function open(options: Parameters<typeof startChat>[1] = {}): Promise<Chat> {
  const chat = await startChat(desk.folder, options);
  chats.push(chat);
  return chat;
}

/** Names are used once: what one test drafts or adopts, another one does not see. */
let count = 0;
function named(text = greet()): { readonly name: string; readonly file: string; readonly text: string } {
  const name = `greet-${++count}`;
  return { name, file: `workflows/${name}.ts`, text: text.replace('name: "greet"', `name: "${name}"`).replaceAll("`greet:", `\`${name}:`) };
}

function planIn({ text }: ChatReply): string {
  return /apply with plan (\S+);/.exec(text)?.[1] ?? "";
}

async function endChats(): Promise<void> {
  await Promise.all(chats.map((chat) => chat.close()));
  chats = [];
}
afterAll(endChats);

describe.each(["modern", "legacy"] as const)("a chat in the %s era", (era) => {
  test("works a workflow out, from the search to the export, and writes when the person says so", async () => {
    const chat = await open({ era, person: () => YES });
    const { name, file, text } = named();
    expect((await chat.call("find_tools", { words: "list requests" })).text).toContain("desk.list_requests({}): { requests: readonly { id: string; title: string }[] }  read");
    expect((await chat.call("try_read", { tool: "desk.list_requests" })).text).toContain('"Printer is on fire"');
    const wrong = await chat.call("write", { file, text: text.replace("await once", "once") });
    expect(wrong).toMatchObject({ failed: true, text: expect.stringMatching(/revision 1\n[^]*FLOATING_PROMISE/) as string });
    expect(await chat.call("write", { file, fix: true })).toMatchObject({ failed: false, text: expect.stringContaining(`${name}: checks`) as string });
    const planned = await chat.call("plan", { workflow: name });
    expect(planned.text).toContain('text = "Hello Printer is on fire"');
    expect((await chat.call("test", { workflow: name, answers: { "desk.list_requests": { requests: [] } } })).text).toContain("no writes");
    expect((await chat.call("test", { workflow: name, answers: { "desk.say": { ok: true } } })).text).toMatch(/Run, offline: succeeded[^]*Once more over what it left: succeeded\n {2}no writes/);
    expect([desk.writes(), chat.asked]).toEqual([[], []]);
    expect(await chat.call("apply", { plan: planIn(planned) })).toMatchObject({ failed: false, text: expect.stringContaining("2 writes") as string });
    expect(chat.asked).toEqual([expect.stringContaining('text = "Hello Printer is on fire"')]);
    expect(desk.writes()).toHaveLength(2);
    expect((await chat.call("runs", { run: "last" })).text).toContain(`of ${name}: succeeded`);
    expect(await chat.call("adopt", { file })).toMatchObject({ failed: false });
    expect(desk.read(file)).toContain("await once");
    expect(await chat.call("export", { workflow: name, target: "python" })).toMatchObject({ failed: false });
    expect(existsSync(join(desk.folder, `export/${name}-python/README.md`))).toBe(true);
  }, 60_000);

  test("writes nothing when the person says no, or the client cannot ask", async () => {
    const { name, file, text } = named();
    const refusing = await open({ era, person: () => NO });
    await refusing.call("write", { file, text });
    const plan = planIn(await refusing.call("plan", { workflow: name }));
    expect(await refusing.call("apply", { plan })).toMatchObject({ failed: true, text: expect.stringContaining("The person said no") as string });
    expect(await refusing.call("adopt", { file })).toMatchObject({ failed: true });
    const mute = await open({ era });
    expect(await mute.call("apply", { plan })).toMatchObject({ failed: true, text: expect.stringContaining(`offstage apply ${plan} --ask --project ${desk.folder}`) as string });
    expect(await mute.call("adopt", { file })).toMatchObject({ failed: true, text: expect.stringContaining(`offstage adopt ${file} --project ${desk.folder}`) as string });
    expect([desk.writes(), existsSync(join(desk.folder, file))]).toEqual([[], false]);
    // What it was told to do there shows the plan and asks; who gives the plan alone has seen it.
    expect(await desk.run("apply", plan, "--ask")).toMatchObject({ code: 2, err: expect.stringContaining("nobody to ask") as string });
    expect(desk.writes()).toEqual([]);
    expect(await desk.run("apply", plan)).toMatchObject({ code: 0 });
    expect(await desk.run("adopt", file, "--yes")).toMatchObject({ code: 0 });
    expect([desk.writes().length, desk.read(file)]).toEqual([2, text]);
  }, 60_000);
});

test("a yes counts for what was shown: a plan that was made meanwhile is asked about anew", async () => {
  const { file, text } = named();
  let chat: Chat | null = null;
  const person = async () => {
    // While the person reads, another session changes what they look at.
    if (chat?.asked.length === 1) await (await open()).call("write", { file, text: text.replace("Hello", "Bye"), revision: 1 });
    return YES;
  };
  chat = await open({ person });
  await chat.call("write", { file, text });
  expect(await chat.call("adopt", { file })).toMatchObject({ failed: false });
  expect(chat.asked).toEqual([expect.stringContaining("Hello"), expect.stringContaining("Bye")]);
  expect(desk.read(file)).toContain("Bye");
}, 60_000);

test("what a draft starts is adopted first: its writes are in no plan, and nobody has seen them", async () => {
  const chat = await open({ person: () => YES });
  const child = named();
  const parent = named(`import { start, workflow } from "offstage";
import child from "./${child.name}.ts";

export default workflow({ name: "greet", description: "Starts another.", on: [] }, async () => {
  await start(child, "today", {});
});
`);
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

test("two sessions on one project do not lose each other's texts, and one goes on where another was killed", async () => {
  const { name, file, text } = named();
  const [one, other] = [await open({ person: () => YES }), await open({ person: () => YES })];
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

test("wrong turns are told so that they can be mended", async () => {
  const chat = await open({ person: () => YES });
  const { name, file, text } = named();
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
  expect(await reply("export", { workflow: "announce", target: "cobol" })).toContain("There is no target cobol");
  expect(await reply("test", { workflow: name })).toMatch(/does not check|error/);
  expect(desk.writes()).toEqual([]);
}, 60_000);
