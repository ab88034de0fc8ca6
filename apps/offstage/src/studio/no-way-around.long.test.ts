import { hashTool, type RawTool } from "offstage/tools";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chat, NO, startChat } from "../testing/chat.ts";
import { greet, planIn } from "../testing/desk-chats.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// Clients have shells: what an answer names as the next thing to do, a model does. So nothing is named that would do without a person's yes.

let desk: DeskProject;
let mute: Chat;
let refusing: Chat;
const told: string[] = [];
beforeAll(async () => {
  desk = await createDeskProject();
  [mute, refusing] = await Promise.all([startChat(desk.folder), startChat(desk.folder, { person: () => NO })]);
}, 60_000);
afterAll(async () => {
  await Promise.all([mute.close(), refusing.close()]);
  desk.remove();
});

async function ask(tool: string, args: Readonly<Record<string, unknown>> = {}, chat = mute): Promise<string> {
  const { text } = await chat.call(tool, args);
  told.push(`${tool} ${JSON.stringify(args)}\n${text}`);
  return text;
}

/** From now on nobody knows what a write answers. */
function withoutSchemas(): void {
  const lock = JSON.parse(desk.read("offstage.lock"), (_name, value: unknown) => {
    if (typeof value !== "object" || value === null || !("definition" in value)) return value;
    const { outputSchema: _, ...definition } = value.definition as RawTool;
    return { ...value, definition, hash: hashTool(definition) };
  }) as unknown;
  desk.write("offstage.lock", JSON.stringify(lock));
}

const unlearnt = (text: string): string => text.replace("await once(", "const ticket = await desk.open_ticket({ label: \"it's\", title: \"t\" });\n    await once(").replace("text: `", "text: `${ticket.key} ");

test("no answer of a session names a command that asks nobody", async () => {
  expect(await ask("write", { file: "greet", text: greet() })).toContain("greet: checks");
  const plan = planIn({ text: await ask("plan", { workflow: "greet" }), failed: false });
  for (const args of [{}, { workflow: "greet" }, { workflow: "nothing" }]) await ask("check", args);
  for (const tool of ["desk.say", "desk.open_ticket", "desk.nothing", "desk", "none.say", "desk.list_requests"]) {
    await ask("try_read", { tool, args: { text: "x", label: "x", title: "x" } });
    await ask("find_tools", { words: tool });
  }
  expect(await ask("try_read", { tool: "desk.say", args: { text: "x" } })).toContain("Put it into a workflow, and plan that.");
  for (const chat of [mute, refusing]) for (const args of [{ plan }, { plan: "none" }]) await ask("apply", args, chat);
  for (const chat of [mute, refusing]) for (const file of ["greet", "none", "profiles/desk.ts"]) await ask("adopt", { file }, chat);
  withoutSchemas();
  expect(await ask("write", { file: "looks", text: unlearnt(greet()).replace('"greet"', '"looks"') })).toMatch(/UNLEARNT[^]*only a person can, at a terminal/);
  for (const workflow of ["looks", "nothing", "announce"]) for (const tool of ["plan", "test", "check"]) await ask(tool, { workflow });
  for (const [workflow, target] of [["greet", "cobol"], ["looks", "python"], ["nothing", "python"], ["greet", "python"]]) await ask("export", { workflow, target });
  for (const args of [{}, { run: "last" }, { run: "none" }, { run: plan }]) await ask("runs", args);
  await ask("decide", { plan, permit: "x", answer: "yes" });
  for (const name of [undefined, "language", "nothing", "greet"]) await ask("read", name === undefined ? {} : { name });
  await ask("write", { file: "greet", fix: true });
  expect(told.filter((text) => /--yes|--learn|offstage apply(?! \S+ --ask)/.test(text))).toEqual([]);
  expect(told.filter((text) => /offstage (?:check|call|tools|show|runs|record)\b/.test(text.replace(/^read \{"name":"language"\}[^]*/, "")))).toEqual([]);
  expect(desk.writes()).toEqual([]);
}, 120_000);
