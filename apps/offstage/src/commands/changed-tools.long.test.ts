import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runCommandLine } from "../main.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// A tool that is no longer as it was locked is told by every command that drives a run, over a real server.

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("workflows/ask.ts", `import { approve, once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "ask", on: [] }, async () => {
  await approve({ message: "Say it?", within: "2d" });
  await once("say", () => desk.say({ text: "yes" }));
});
`);
  desk.write("workflows/beat.ts", `import { every, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "beat", on: [every("1s")] }, async () => (await desk.list_requests({})).requests.length);
`);
}, 60_000);
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

const change = (...tools: readonly string[]): void => desk.change({ descriptions: Object.fromEntries(tools.map((tool) => [tool, "Another one."])) });
const noted = (err: string): string => err.replaceAll(/\s+/g, " ");

test("a plan that rests on a changed read says so, to people and to programs; one of unchanged tools says that there are none", async () => {
  expect((await desk.json("plan", "announce")).document.result).toMatchObject({ changedTools: [] });
  change("list_requests", "get_ticket");
  const { code, err, document } = await desk.json("plan", "announce");
  expect(code).toBe(0);
  expect(document.result).toMatchObject({ changedTools: ["desk.list_requests"] });
  expect(noted(err)).toContain("changed: desk.list_requests is not the tool that offstage.lock has; before you apply this plan, look at that tool. See offstage lock --check.");
});

test("a run that succeeds beside a changed tool tells it to programs only; an apply whose write is refused for it, to people too", async () => {
  const { plan } = (await desk.json("plan", "announce")).document.result;
  change("list_requests");
  const run = await desk.json("run", "announce");
  expect(run).toMatchObject({ code: 0, document: { result: { run: { status: "succeeded" }, changedTools: ["desk.list_requests"] } } });
  expect(run.err).not.toContain("changed:");
  desk.reset();
  const again = (await desk.json("plan", "announce")).document.result.plan;
  expect(again.id).not.toBe(plan.id);
  change("say");
  const applied = await desk.json("apply", again.id);
  expect(applied.code).not.toBe(0);
  expect(applied.document.result).toMatchObject({ changedTools: ["desk.say"] });
  expect(noted(applied.err)).toContain("changed: desk.say is not the tool that offstage.lock has; what went wrong may come from that tool.");
  expect(desk.writes()).toEqual([]);
});

test("a run that a person's answer lets go on names the tool that changed while it waited", async () => {
  const { run } = (await desk.json("run", "ask")).document.result;
  expect(run.status).toBe("parked");
  change("say");
  const approved = await desk.json("approve", "all");
  expect(approved.document.result).toMatchObject({ changedTools: ["desk.say"] });
  expect(noted(approved.err)).toContain("changed: desk.say is not the tool");
});

test("resume names it too", async () => {
  await desk.run("run", "ask");
  await desk.run("approve", "all", "--later");
  change("say");
  const resumed = await desk.json("resume");
  expect(resumed.document.result).toMatchObject({ changedTools: ["desk.say"] });
});

test("serve says it in a line of its own when a run first comes to it, and in its answer", async () => {
  change("list_requests");
  const stop = new AbortController();
  const texts = { out: "", err: "" };
  const watch = (text: string): void => {
    texts.err += text;
    if ((texts.err.match(/ended {4}beat/g)?.length ?? 0) === 2) stop.abort();
  };
  const code = await runCommandLine(["serve", "beat", "--json"], {
    stdout: { write: (text) => (texts.out += text) },
    stderr: { write: watch },
    env: { PATH: process.env["PATH"] }, cwd: desk.folder, signal: stop.signal,
  });
  expect(code).toBe(0);
  expect(texts.err.match(/ changed {2}desk\.list_requests is not the tool that offstage\.lock has: its writes are refused, its reads may answer otherwise; see offstage lock --check/g)).toHaveLength(1);
  expect(JSON.parse(texts.out)).toMatchObject({ result: { changedTools: ["desk.list_requests"] } });
});
