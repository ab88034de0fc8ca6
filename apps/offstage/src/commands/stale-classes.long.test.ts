import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => void (desk = await createDeskProject()), 60_000);
afterAll(() => desk.remove());

test("a condition that no label says is pinned too: an edit of it, or of what it looks into, stops what names its server until it is locked", async () => {
  const profile = desk.read("profiles/desk.ts");
  const told = (said: string, helper = "text.length > 0"): string => profile.replace("export default", `const isQuiet = (text: string) => ${helper};\n\nexport default`).replace("say: [", `say: [{ when: (a) => ${said}, effect: "read" }, `);
  desk.reset();
  desk.write("profiles/desk.ts", told('isQuiet(a.text) && a.text.startsWith("get")'));
  await desk.run("lock", "--accept", "desk.say");
  expect(desk.read("offstage.lock")).toMatch(/"condition": "[0-9a-f]{64}"/);
  expect((await desk.run("check", "announce")).code).toBe(0);
  // Comments and places are no conditions.
  desk.write("profiles/desk.ts", `// Mine.\n${told('isQuiet(a.text) && a.text.startsWith("get")')}`);
  expect((await desk.run("check", "announce")).code).toBe(0);
  for (const edited of [told("isQuiet(a.text)"), told('isQuiet(a.text) && a.text.startsWith("get")', "text.length > -1")]) {
    desk.write("profiles/desk.ts", edited);
    expect(await desk.json("plan", "announce")).toMatchObject({ code: 2, document: { error: { code: "LOCK_INVALID", message: expect.stringContaining("desk.say") as unknown } } });
    expect(await desk.run("lock", "--check")).toMatchObject({ code: 3, out: expect.stringContaining("its profile has other rules for it") as string });
  }
  // A lock of before has no conditions: nothing is stopped, and the next one has them.
  desk.write("offstage.lock", desk.read("offstage.lock").replaceAll(/\n *"condition": "[0-9a-f]+",/g, ""));
  expect((await desk.run("check", "announce")).code).toBe(0);
  expect((await desk.run("lock", "--check")).code).toBe(0);
  expect((await desk.run("lock")).code).toBe(0);
  expect(desk.read("offstage.lock")).toMatch(/"condition": "[0-9a-f]{64}"/);
  desk.write("profiles/desk.ts", profile);
  await desk.run("lock", "--accept", "desk.say");
}, 120_000);

test("an edit of a condition is seen where its label stays the same, and where only the profile's fallback has it", async () => {
  const profile = desk.read("profiles/desk.ts");
  const plain = (when: string): string => profile.replace("say: [", `say: [{ when: (a) => ${when}, effect: "read" }, `);
  const fallback = (when: string): string => profile.replace('say: [{ effect: "write", result', `"*": { when: (a) => ${when}, effect: "read" }, say: [{ result`);
  for (const [before, after] of [[plain("(a.text as unknown) === true"), plain('a.text === "true"')], [fallback('a.text === "dry"'), fallback('a.text !== ""')]] as const) {
    desk.reset();
    desk.write("profiles/desk.ts", before);
    await desk.run("lock", "--accept", "desk.say");
    expect((await desk.run("lock", "--check")).code).toBe(0);
    desk.write("profiles/desk.ts", after);
    expect(await desk.run("lock", "--check")).toMatchObject({ code: 3, out: expect.stringContaining("desk.say") as string });
    expect(await desk.run("call", "desk.say", "--args", '{"text":"true"}')).toMatchObject({ code: 2, err: expect.stringContaining("LOCK_INVALID") as string });
    expect(desk.writes()).toEqual([]);
  }
  expect((await desk.run("lock", "--accept", "desk.say")).code).toBe(0);
  expect((await desk.run("tools", "desk.say")).out).toContain("*: read, else: write");
  desk.write("profiles/desk.ts", profile);
  await desk.run("lock", "--accept", "desk.say");
}, 120_000);
