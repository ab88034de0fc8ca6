import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";
import { interrupted } from "../testing/interrupted.ts";

// What is said of a call by hand that nobody answered.

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("offstage.yaml", "servers: { desk: { timeout: 60s } }\n");
}, 60_000);
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

const SAY = ["call", "desk.say", "--yes", "--args", '{"text":"Hello"}'];
const arrived = (tool: string) => (): Promise<void> => vi.waitFor(() => {
  const file = join(desk.folder, "desk.json.calls");
  expect(existsSync(file) && readFileSync(file, "utf8")).toContain(tool);
}, 20_000);

test("Ctrl-C while a write is under way says that it may have happened", async () => {
  desk.change({ faults: [{ tool: "say", how: "never" }] });
  const { code, out, err } = await interrupted(desk.folder, SAY, arrived("say"));
  expect({ code, out }).toEqual({ code: 130, out: "" });
  // The first is said before the server has ended: who presses twice does not see the second.
  expect(err).toContain("Stopping: desk.say is under way and may have happened.\nerror CANCELLED: Interrupted. desk.say had been sent and was not answered: it may have happened.\nhint: Look whether it did");
});

test("Ctrl-C while a read is under way, or before a write is sent, says no such thing", async () => {
  desk.change({ faults: [{ tool: "list_requests", how: "never" }] });
  const read = await interrupted(desk.folder, ["call", "desk.list_requests"], arrived("list_requests"));
  const unsent = await interrupted(desk.folder, SAY, null);
  for (const { code, err } of [read, unsent]) {
    expect(code).toBe(130);
    expect(err).toMatch(/error CANCELLED: Interrupted\.\n$/);
    expect(err).not.toContain("Stopping");
  }
  expect(desk.writes()).toEqual([]);
});

test("a server that ends in the middle of a write leaves it open too; one that ends in a read does not", async () => {
  desk.change({ faults: [{ tool: "say", how: "die" }, { tool: "list_requests", how: "die" }] });
  expect((await desk.json(...SAY)).document.error).toMatchObject({ code: "SERVER_EXITED", message: expect.stringMatching(/ desk\.say had been sent and was not answered: it may have happened\.$/) as string });
  expect((await desk.json("call", "desk.list_requests")).document.error?.message).not.toContain("may have");
});

test("Ctrl-C between an answer and the end of the command hides nothing of a write", async () => {
  desk.change({ faults: [{ tool: "say", how: "lost" }] });
  const { err } = await interrupted(desk.folder, SAY, async () => {
    await arrived("say")();
    await vi.waitFor(() => expect(desk.state().said).toEqual(["Hello"]));
  });
  expect(err).toMatch(/TOOL_ERROR: desk\.say answered with an error|Interrupted\. desk\.say had been sent/);
});
