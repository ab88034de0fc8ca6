import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createRedactor } from "offstage/base";
import type { PersonAnswer } from "offstage/mcp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock } from "../../../../packages/runtime/src/testing/fake-clock.ts";
import { createQuestions, type OpenQuestion } from "../project/questions.ts";
import { createTestProject, type TestProject } from "../testing/command-line.ts";

// A call waits in one process, a person answers in another.

const FORM = { type: "object", properties: { project: { type: "string", title: "Which\u001b[31m?", minLength: 2 }, count: { type: "integer", default: 3 }, kind: { type: "string", enum: ["bug", "idea"] } }, required: ["project"] };

let project: TestProject;
beforeEach(() => {
  project = createTestProject({ "mcp.json": '{ "mcpServers": {} }' });
});
afterEach(() => project.remove());

interface Asked {
  readonly id: string;
  readonly answer: Promise<PersonAnswer | null>;
  /** Lets the call look. */
  look(): Promise<void>;
  giveUp(): void;
}

function ask(question: { readonly message?: string; readonly url?: string } = {}): Asked {
  const clock = createFakeClock();
  const redactor = createRedactor();
  redactor.register("swordfish-1234", "TOKEN");
  let open: OpenQuestion | undefined;
  const stop = new AbortController();
  const { url = null, message = "Delete it? swordfish-1234" } = question;
  const answer = createQuestions(project.folder, clock, redactor).asking("shop", (one) => (open = one))({ message, url, schema: url === null ? FORM : null }, stop.signal);
  return { id: open?.id ?? "", answer, look: () => clock.advance(500), giveUp: () => stop.abort("over") };
}

test("what calls wait for is listed, without secrets and harmlessly, and a form is filled in", async () => {
  const asked = ask();
  const listed = await project.run("answer");
  expect(listed.code).toBe(4);
  expect(listed.out).toContain(`${asked.id}  shop asks: Delete it? [redacted TOKEN]\n  project=…  Which\\u001b[31m? (string, required)\n  count=…  (integer, 3 if you say nothing)\n  kind=…  (one of "bug", "idea")`);
  expect(await project.run("answer", asked.id, "project=PROD", "count=5")).toMatchObject({ code: 0, out: "Answered.\n" });
  await asked.look();
  expect(await asked.answer).toEqual({ kind: "accepted", fields: { project: "PROD", count: "5" } });
  expect(readdirSync(join(project.folder, ".offstage/questions"))).toEqual([]);
  expect(await project.run("answer")).toMatchObject({ code: 0, out: "No call waits for an answer.\n" });
});

test.each([
  [["count=5"], "there is no answer for its field \"project\""],
  [["project=PROD", "kind=story"], "does not take the answer"],
  [["project=PROD", "else=1"], "no field else"],
  [["--yes"], "\"project\""],
  [[], "It is not said what the answer"],
])("%j does not answer a form, and the call goes on waiting", async (words, why) => {
  const asked = ask();
  expect(await project.run("answer", asked.id, ...words)).toMatchObject({ code: 2, err: expect.stringContaining(why) as string });
  expect((await project.run("answer")).code).toBe(4);
  expect((await project.run("answer", asked.id, "--decline")).code).toBe(0);
  await asked.look();
  expect(await asked.answer).toEqual({ kind: "declined" });
});

test("a page is opened by a person, who says so", async () => {
  const asked = ask({ url: "https://example.com/sign-in", message: "Sign in" });
  expect((await project.run("answer")).out).toContain("It wants this page to be opened: https://example.com/sign-in");
  expect((await project.run("answer", asked.id, "--yes")).code).toBe(0);
  await asked.look();
  expect(await asked.answer).toEqual({ kind: "accepted", fields: {} });
});

test("an answer is for its question and once: nothing is left of one that comes too late", async () => {
  const [first, second] = [ask(), ask()];
  expect((await project.run("answer", first.id, "project=PROD")).code).toBe(0);
  expect(await project.run("answer", first.id, "project=OTHER")).toMatchObject({ err: expect.stringContaining("No call waits") as string });
  await Promise.all([first.look(), second.look()]);
  expect(await first.answer).toMatchObject({ fields: { project: "PROD" } });
  second.giveUp();
  expect(await second.answer).toBeNull();
  expect(await project.run("answer", second.id, "project=PROD")).toMatchObject({ err: expect.stringContaining("No open question") as string });
  expect(readdirSync(join(project.folder, ".offstage/questions"))).toEqual([]);
});

test("what a killed process left is not asked any more", async () => {
  const asked = ask();
  const path = `.offstage/questions/${asked.id}.json`;
  const { holder, ...rest } = JSON.parse(project.read(path)) as OpenQuestion;
  project.write(path, JSON.stringify({ ...rest, holder: { ...holder, pid: 2 ** 22 + 1, started: "1" } }));
  expect(await project.run("answer")).toMatchObject({ code: 0, out: "No call waits for an answer.\n" });
  asked.giveUp();
  expect(await asked.answer).toBeNull();
});
