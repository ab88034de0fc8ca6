import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startCommand } from "../testing/command-process.ts";
import { createOwnCodeProject, type OwnCodeProject } from "../testing/own-code-project.ts";

let desk: OwnCodeProject;
beforeAll(async () => void (desk = await createOwnCodeProject()));
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

/** In a process of its own: Node's hooks reach no module that a test runner loads. */
const execute = (...argv: readonly string[]) => startCommand(desk.folder, argv).ended;

test("what it throws where nobody waits for it fails its step while that is open, and ends nothing afterwards", async () => {
  desk.writeOwn(`export const slug = async (_title: string): Promise<string> => { setTimeout(() => { throw new Error("out of time"); }, 10); return new Promise(() => undefined); };\n`);
  const open = await execute("run", "slugs", "--native");
  expect([open.code, open.out + open.err, desk.writes()]).toEqual([1, expect.stringMatching(/OWN_CODE_FAILED.*slug of own\/text\.ts.*out of time/) as string, []]);
  desk.writeOwn(`export const slug = async (title: string): Promise<string> => { void Promise.reject(new Error("forgotten \\u001b[2J")); return title; };\n`);
  const left = await execute("run", "slugs", "--native");
  expect([left.code, desk.writes().length, left.err.match(/slug of own\/text\.ts left something behind that failed.*forgotten/g)?.length, (left.out + left.err).includes("\u001b[2J")]).toEqual([0, 2, 2, false]);
});

test("one that ends the process is no success, and says what it was", async () => {
  desk.writeOwn(`export const slug = async (_title: string): Promise<string> => process.exit(0);\n`);
  const ended = await execute("run", "slugs", "--native");
  expect([ended.code, ended.err]).toEqual([1, expect.stringContaining("error OWN_CODE_FAILED: slug of own/text.ts ended this process") as string]);
});

test("an interrupted run of it is cancelled where nothing is executed: it ends at its next step and calls nothing", async () => {
  desk.writeOwn(`export async function slug(title: string): Promise<string> { process.kill(process.pid, "SIGKILL"); return title; }\n`);
  expect((await execute("run", "slugs", "--native")).code).toBe(null);
  desk.writeOwn();
  const id = (await desk.json("runs")).document.result.runs[0]?.id ?? "";
  const cancelled = await execute("cancel", id);
  expect([cancelled.code, cancelled.out + cancelled.err, desk.called(), desk.writes()]).toEqual([0, expect.stringContaining("cancelled"), [], []]);
  expect((await desk.json("runs")).document.result.runs[0]).toMatchObject({ id, status: "cancelled" });
});
