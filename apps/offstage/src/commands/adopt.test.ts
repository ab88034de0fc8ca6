import { afterAll, beforeAll, expect, test } from "vitest";
import { createDraftShelf } from "../studio/draft-shelf.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());

const draft = (file: string, text: string): void => void createDraftShelf(desk.folder).put(file, createDraftShelf(desk.folder).newest(file)?.revision ?? 0, text);
const announce = (): string => desk.read("workflows/announce.ts");

test("a draft is shown, and adopted by who says so", async () => {
  draft("workflows/announce.ts", announce().replace('greeting: "New"', 'greeting: "Fresh"'));
  expect(await desk.run("adopt", "announce")).toMatchObject({ code: 2, err: expect.stringContaining("at a terminal: offstage adopt announce") as string });
  expect(announce()).toContain('"New"');
  expect(await desk.run("adopt", "announce", "--yes")).toMatchObject({ code: 0, out: expect.stringContaining("workflows/announce.ts is the project's now") as string });
  expect(announce()).toContain('"Fresh"');
  expect(await desk.run("adopt", "announce", "--yes")).toMatchObject({ code: 2, err: expect.stringContaining("DRAFT_UNKNOWN") as string });
  expect(await desk.run("adopt", "offstage.yaml", "--yes")).toMatchObject({ code: 2, err: expect.stringContaining("names no draft") as string });
});

test("an edit that a person made meanwhile is not lost", async () => {
  draft("workflows/announce.ts", announce().replace('"Fresh"', '"Drafted"'));
  desk.write("workflows/announce.ts", announce().replace('"Fresh"', '"Edited"'));
  expect(await desk.run("adopt", "announce", "--yes")).toMatchObject({ code: 1, err: expect.stringContaining("DRAFT_CHANGED") as string });
  expect(announce()).toContain('"Edited"');
  // As by a process that died between writing the file and taking the draft away.
  desk.write("workflows/announce.ts", announce().replace('"Edited"', '"Drafted"'));
  expect(await desk.run("adopt", "announce", "--yes")).toMatchObject({ code: 0 });
  expect(createDraftShelf(desk.folder).files()).toEqual([]);
});

test("beside an edit that a person made meanwhile the change can be written anew, whole, and adopted", async () => {
  const shelf = createDraftShelf(desk.folder);
  draft("workflows/announce.ts", announce().replace(/greeting: "\w+"/, 'greeting: "Changed"'));
  desk.write("workflows/announce.ts", `${announce()}// A person's.\n`);
  expect(await desk.run("adopt", "announce", "--yes")).toMatchObject({ code: 1, err: expect.stringContaining("A whole text that is written then") as string });
  const revision = shelf.newest("workflows/announce.ts")?.revision ?? 0;
  shelf.put("workflows/announce.ts", revision, announce().replace(/greeting: "\w+"/, 'greeting: "Both"'), "anew");
  expect(await desk.run("adopt", "announce", "--yes")).toMatchObject({ code: 0 });
  expect(announce()).toMatch(/greeting: "Both"[^]*A person's/);
});

test("what does not check is not adopted", async () => {
  draft("workflows/announce.ts", announce().replace("on: [", "on: [1, "));
  expect(await desk.run("adopt", "announce", "--yes")).toMatchObject({ code: 2 });
  expect(announce()).not.toContain("on: [1");
});

test("a rule that comes to hold for other calls is pinned and shown, whether its condition is a plain one or not", async () => {
  const profile = desk.read("profiles/desk.ts");
  const says = (when: string): string => profile.replace("say: [{ effect", `say: [{ when: (args) => ${when}, effect: "read" }, { effect`);
  const whens = ['args.text === "zz"', 'args.text !== ""', "args.text.length > 3"];
  for (const when of whens) {
    draft("profiles/desk.ts", says(when));
    expect((await desk.run("adopt", "profiles/desk.ts")).out).toMatch(/these calls are something else:\n {2}desk\.say: [^\n]*\n$/);
    expect(await desk.run("adopt", "profiles/desk.ts", "--yes")).toMatchObject({ code: 0 });
    expect(await desk.run("lock", "--check")).toMatchObject({ code: 0 });
  }
  // That the rules stand on other lines is no change of theirs.
  draft("profiles/desk.ts", `// A comment.\n\n${desk.read("profiles/desk.ts")}`);
  expect((await desk.run("adopt", "profiles/desk.ts")).out).not.toContain("something else");
  draft("profiles/desk.ts", profile);
  expect(await desk.run("adopt", "profiles/desk.ts", "--yes")).toMatchObject({ code: 0 });
}, 60_000);

test("a profile's classes are pinned with it, and shown before", async () => {
  const profile = desk.read("profiles/desk.ts");
  draft("profiles/desk.ts", profile.replace('say: [{ effect: "write", result', 'say: [{ effect: "read", result'));
  // Until then a session may not call it either.
  expect(await desk.run("call", "desk.say", "--args", '{"text":"x"}')).toMatchObject({ code: 2 });
  expect((await desk.run("adopt", "profiles/desk.ts")).out).toContain("desk.say: write → read: from now on it is called while planning, and nobody is asked");
  expect(await desk.run("adopt", "profiles/desk.ts", "--yes")).toMatchObject({ code: 0 });
  expect(await desk.run("tools", "desk.say")).toMatchObject({ out: expect.stringContaining("read (its profile says so)") as string });
  expect(await desk.run("lock", "--check")).toMatchObject({ code: 0 });
  expect(await desk.run("plan", "tickets")).toMatchObject({ code: 0 });
  expect(desk.writes()).toEqual([]);
});

test("a profile of a server that is not locked is not adopted: nobody could be shown what it makes of its calls", async () => {
  const [lock, profile] = [desk.read("offstage.lock"), desk.read("profiles/desk.ts")];
  draft("profiles/desk.ts", `// Drafted.\n${profile}`);
  desk.write("offstage.lock", JSON.stringify({ version: 1, servers: {} }));
  expect(await desk.run("adopt", "profiles/desk.ts", "--yes")).toMatchObject({ code: 1, err: expect.stringMatching(/NOT_LOCKED[^]*offstage lock/) as string });
  expect(desk.read("profiles/desk.ts")).toBe(profile);
  desk.write("offstage.lock", lock);
  expect(await desk.run("adopt", "profiles/desk.ts", "--yes")).toMatchObject({ code: 0 });
});
