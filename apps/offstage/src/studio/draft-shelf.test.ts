import type { DraftShelf } from "offstage/studio";
import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestProject, type TestProject } from "../testing/command-line.ts";
import { createDraftShelf, draftedTexts } from "./draft-shelf.ts";

const FILE = "workflows/reports.ts";
const FOLDER = ".offstage/drafts/workflows/reports";

let project: TestProject;
let shelf: DraftShelf;
beforeEach(() => {
  project = createTestProject({ "workflows/reports.ts": "adopted", "workflows/other.ts": "other" });
  shelf = createDraftShelf(project.folder);
});
afterEach(() => project.remove());

test("a draft lies over the project's file, which stays as it is", () => {
  expect([shelf.newest(FILE), shelf.base(FILE), shelf.adopted(FILE)]).toEqual([null, null, "adopted"]);
  expect(shelf.put(FILE, 0, "one")).toEqual({ file: FILE, revision: 1, text: "one" });
  expect(shelf.put(FILE, 1, "two")).toEqual({ file: FILE, revision: 2, text: "two" });
  expect([shelf.newest(FILE)?.text, shelf.base(FILE), project.read(FILE)]).toEqual(["two", "adopted", "adopted"]);
  expect(shelf.files()).toEqual([FILE]);
  const texts = draftedTexts(project.folder);
  expect([texts.workflows(), texts.read(FILE), texts.read("workflows/other.ts")]).toEqual([["other", "reports"], "two", "other"]);
});

test("of two that write at once, whatever process they are in, one has written", () => {
  const other = createDraftShelf(project.folder);
  shelf.put(FILE, 0, "one");
  const both = [shelf, other].map((one, index) => one.put(FILE, 1, `by ${index}`));
  expect(both.filter((draft) => draft !== null)).toHaveLength(1);
  expect(shelf.newest(FILE)).toEqual(both.find((draft) => draft !== null));
  expect(other.put(FILE, 1, "late")).toBeNull();
});

test("what is taken away is begun anew, from the file as it is then", () => {
  shelf.put(FILE, 0, "one");
  expect(shelf.remove(FILE, 2)).toBe(false);
  expect(shelf.remove(FILE, 1)).toBe(true);
  expect([shelf.files(), shelf.newest(FILE)]).toEqual([[], null]);
  project.write(FILE, "adopted later");
  expect(shelf.put(FILE, 0, "again")).toMatchObject({ text: "again" });
  expect(shelf.base(FILE)).toBe("adopted later");
});

test("a profile is drafted beside the workflows, and does not hold before it is adopted", () => {
  shelf.put("profiles/desk.ts", 0, "a profile");
  expect(shelf.files()).toEqual(["profiles/desk.ts"]);
  expect(draftedTexts(project.folder).read("profiles/desk.ts")).toBeNull();
});

test("that a draft cannot be kept is told", () => {
  project.write(".offstage", "a file");
  expect(() => shelf.put(FILE, 0, "one")).toThrow(expect.objectContaining({ code: "STORE_UNAVAILABLE", hint: expect.stringContaining(".offstage/drafts") as string }) as Error);
});

test("a file where a draft's folder should be is told, not waited for", () => {
  project.write(`.offstage/drafts/${FILE.replace(/\.ts$/, "")}`, "a file");
  expect(() => shelf.put(FILE, 0, "one")).toThrow(expect.objectContaining({ code: "STORE_UNAVAILABLE" }) as Error);
});

test("a whole text is begun from the file as it is then, an edit of a draft from what that was begun from", () => {
  shelf.put(FILE, 0, "one");
  project.write(FILE, "a person's");
  shelf.put(FILE, 1, "two");
  expect(shelf.base(FILE)).toBe("adopted");
  shelf.put(FILE, 2, "three", "anew");
  expect(shelf.base(FILE)).toBe("a person's");
});

test("what a text that came to nothing was to begin from counts for nothing", () => {
  project.write(`${FOLDER}/1.base.json`, "null");
  shelf.put(FILE, 0, "one");
  expect(shelf.base(FILE)).toBe("adopted");
});

test("what was taken away is gone but for its number, which does not come again", () => {
  for (const after of [0, 1, 2]) shelf.put(FILE, after, "x".repeat(1_000), "anew");
  expect(shelf.remove(FILE, 3)).toBe(true);
  expect(readdirSync(join(project.folder, FOLDER))).toEqual(["4.ts"]);
  expect(project.read(`${FOLDER}/4.ts`)).toBe("");
  expect(shelf.put(FILE, 0, "again")).toMatchObject({ revision: 5 });
});

test("a folder of drafts in which nothing can be made is told as what it is", () => {
  mkdirSync(join(project.folder, ".offstage"), { recursive: true });
  rmSync(join(project.folder, ".offstage/drafts"), { recursive: true, force: true });
  // Nobody makes anything there.
  symlinkSync("/sys/kernel", join(project.folder, ".offstage/drafts"));
  expect(() => shelf.put(FILE, 0, "one")).toThrow(expect.objectContaining({ code: "STORE_UNAVAILABLE", message: expect.stringMatching(/The draft cannot be kept: E(PERM|ROFS|ACCES): .*drafts\/workflows/) as string, hint: expect.stringContaining(".offstage/drafts") as string }) as Error);
});
