import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

const STORY = `import { log, workflow } from "offstage";
import { desk } from "#servers";

export default workflow({ name: "story", description: "Tells what there is.", on: [] }, async () => {
  const { requests } = await desk.list_requests({});
  for (const request of requests) log("request", request.title);
});
`;

let project: DeskProject;
beforeAll(async () => {
  project = await createDeskProject();
  project.write("workflows/story.ts", STORY);
}, 60_000);
afterAll(() => project.remove());
beforeEach(() => project.reset());

test("a line of the story cannot steer the terminal, whatever a server put into it", async () => {
  const { code, err } = await project.run("run", "story");
  expect(code).toBe(0);
  expect(err).toContain('request Quote " and \\ and ${x} \\u001b[2J');
  expect(err).not.toContain("\u001b");
});

test("a result that is no longer what was learnt is a warning that says where, and the run goes on", async () => {
  expect((await project.run("call", "desk.list_requests")).code).toBe(0);
  project.change({ requests: [{ id: "r1" }, { id: "r2" }] as never });
  const { code, err } = await project.run("run", "story");
  expect(code).toBe(0);
  expect(err).toContain("desk.list_requests answered in another shape than was learnt: requests[].title.");
  // And it stays in the run's record, for whoever counts.
  expect((await project.run("show")).out).toContain("unlike    desk.list_requests: 1 answer in another shape than was learnt");
  expect((await project.json("show")).document.result.run.counts.unlike).toEqual({ "desk.list_requests": 1 });
  expect((await project.json("runs")).document.result.runs.map(({ counts }) => counts.unlike)).toEqual([{ "desk.list_requests": 1 }]);
});
