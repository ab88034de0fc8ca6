import { afterAll, beforeAll, expect, test } from "vitest";
import { startChat } from "../testing/chat.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("workflows/alone.ts", 'import { workflow } from "offstage";\nexport default workflow({ name: "alone", on: [] }, async () => 1);\n');
}, 60_000);
afterAll(() => desk.remove());

test("what the policy now says of a server's tools stops the workflows that name it, check says so, and others go on", async () => {
  desk.write("offstage.yaml", 'policy: { classes: [{ server: desk, tool: "list_requests", effect: "prepare" }] }\n');
  expect(await desk.json("plan", "announce")).toMatchObject({ code: 2, document: { error: { code: "LOCK_INVALID", message: expect.stringContaining("desk.list_requests") as unknown, hint: expect.stringContaining("offstage lock --accept desk.list_requests") as unknown } } });
  const checked = await desk.run("check", "announce");
  expect(checked.code).toBe(2);
  expect(checked.out).toContain("offstage.lock:1:1 error LOCK_INVALID A profile or the policy says something else than offstage.lock of what these tools do: desk.list_requests.");
  expect((await desk.run("check", "alone")).code).toBe(0);
  desk.write("workflows/wrong.ts", 'import { workflow } from "offstage";\nexport default workflow({ name: "wrong", on: [] }, async () => nothing);\n');
  expect((await desk.run("plan", "wrong")).err).toContain("TS2304");
  expect((await desk.run("run", "alone")).code).toBe(0);
  desk.write("offstage.yaml", 'policy: { classes: [{ server: desk, tool: "*", effect: "prepare" }] }\n');
  expect(await desk.json("plan", "announce")).toMatchObject({ document: { error: { message: expect.stringMatching(/and \d+ more\.$/) as unknown, hint: expect.stringMatching(/is accepted by name\.$/) as unknown } } });
  desk.write("offstage.yaml", "");
});

test("a run that fails while a tool is not as it was locked says which", async () => {
  desk.reset({ requests: [{ id: "r1", title: "One" }], descriptions: { list_requests: "Another one." }, gone: [] });
  desk.change({ faults: [{ tool: "list_requests", how: "garbled" }] });
  const { code, err } = await desk.run("run", "announce");
  expect(code).not.toBe(0);
  expect(err.replaceAll("\n", " ")).toContain("changed: desk.list_requests is not the tool that offstage.lock has");
});

test("a call that nobody said yes to is made by reviewed classes only, by a person or a chat", async () => {
  const profile = desk.read("profiles/desk.ts");
  desk.reset();
  desk.write("profiles/desk.ts", profile.replace('say: [{ effect: "write"', 'say: [{ effect: "read"'));
  expect(await desk.run("call", "desk.say", "--args", '{"text":"x"}')).toMatchObject({ code: 2, err: expect.stringMatching(/LOCK_INVALID[^]*desk\.say/) as unknown });
  const chat = await startChat(desk.folder);
  expect((await chat.call("try_read", { tool: "desk.say", args: { text: "x" } })).text).toContain("LOCK_INVALID");
  await chat.close();
  expect(desk.writes()).toEqual([]);
  expect((await desk.run("call", "desk.say", "--yes", "--args", '{"text":"x"}')).code).toBe(0);
  expect(desk.writes()).toHaveLength(1);
  desk.write("profiles/desk.ts", profile);
}, 60_000);
