import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
beforeEach(() => desk.reset({ requests: [{ id: "r1", title: "One" }] }));
afterAll(() => desk.remove());

test.each([["all", "everything"], ["announce", "workflow:announce"], ["server:desk", "server:desk"]])("while %s is paused a run holds its writes, says why and how they are made after that; the next one makes them too, once", async (what, told) => {
  expect((await desk.run("pause", what)).out).toContain(`Paused: ${told}.`);
  const held = await desk.run("run", "announce");
  expect(held).toMatchObject({ code: 4 });
  expect(held.out).toContain(`paused: ${told}`);
  expect(held.out).toContain(`What is paused: offstage unpause ${told === "everything" ? "all" : told}`);
  expect(held.out).not.toContain("offstage approve");
  expect(desk.writes()).toEqual([]);
  expect((await desk.run("unpause", what)).out).toBe("Nothing is paused.\n");
  const [, run = ""] = /; after that, to make it: offstage resume (\S+)/.exec(held.out) ?? [];
  expect(await desk.run("resume", run)).toMatchObject({ code: 0 });
  expect(await desk.run("run", "announce")).toMatchObject({ code: 0 });
  expect(desk.writes()).toHaveLength(1);
});

test("a plan that was approved before is held too, and another workflow is not", async () => {
  await desk.run("plan", "announce", "--out", "p.json");
  await desk.run("pause", "announce");
  expect((await desk.run("apply", "p.json")).code).toBe(4);
  expect(desk.writes()).toEqual([]);
  expect((await desk.run("run", "tickets")).code).toBe(0);
});

test("without a name it says what is paused and changes nothing; all is everything; what is not there is refused with what is", async () => {
  await desk.run("pause", "announce", "desk");
  expect((await desk.json("pause")).document.result).toEqual({ paused: ["server:desk", "workflow:announce"] });
  expect((await desk.json("unpause")).document.result).toEqual({ paused: ["server:desk", "workflow:announce"] });
  expect(await desk.json("pause", "dsk")).toMatchObject({ code: 2, document: { error: { code: "USAGE", message: "There is no workflow and no server dsk.", hint: expect.stringContaining("server:desk") as unknown } } });
  expect((await desk.json("unpause", "all")).document.result).toEqual({ paused: [] });
});
