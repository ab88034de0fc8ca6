import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DraftShelf } from "offstage/studio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestProject, type TestProject } from "../testing/command-line.ts";
import { createDraftShelf, draftedTexts } from "./draft-shelf.ts";

// What lies in the folder of drafts, and no session wrote.

const FILE = "workflows/reports.ts";
const FOLDER = ".offstage/drafts/workflows/reports";

let project: TestProject;
let shelf: DraftShelf;
beforeEach(() => {
  project = createTestProject({ "workflows/reports.ts": "adopted", "secrets/1.ts": "hunter2" });
  shelf = createDraftShelf(project.folder);
  shelf.put(FILE, 0, "one");
});
afterEach(() => project.remove());

describe.each<readonly [what: string, make: (folder: string) => void, name: string, why: string]>([
  ["a link as a revision", (folder) => symlinkSync("/etc/passwd", join(folder, FOLDER, "2.ts")), `${FOLDER}/2.ts`, "it is a link"],
  ["a pipe as a revision", (folder) => void execFileSync("mkfifo", [join(folder, FOLDER, "2.ts")]), `${FOLDER}/2.ts`, "it is no file"],
  ["a folder as a revision", (folder) => mkdirSync(join(folder, FOLDER, "2.ts")), `${FOLDER}/2.ts`, "it is no file"],
  ["a file without an end", (folder) => writeFileSync(join(folder, FOLDER, "2.ts"), Buffer.alloc(17 * 1024 * 1024, "x")), `${FOLDER}/2.ts`, "it has more than 16 MiB"],
  ["a link as the folder", (folder) => {
    rmSync(join(folder, FOLDER), { recursive: true });
    symlinkSync(join(folder, "secrets"), join(folder, FOLDER));
  }, `${FOLDER}/1.ts`, "lies behind one"],
])("%s", (_what, make, name, why) => {
  test("is told with its place, and not read", () => {
    make(project.folder);
    expect(() => shelf.newest(FILE)).toThrow(expect.objectContaining({ code: "STORE_UNAVAILABLE", message: expect.stringContaining(`${name} cannot be read`) as string, hint: expect.stringContaining("take it away") as string }) as Error);
    expect(() => shelf.newest(FILE)).toThrow(why);
    expect(() => draftedTexts(project.folder).read(FILE)).toThrow(name);
    // The others are kept from nobody.
    shelf.put("workflows/other.ts", 0, "other");
    expect([shelf.files(), shelf.newest("workflows/other.ts")?.text]).toEqual([["workflows/other.ts", FILE], "other"]);
  });
});

test.each([["half a text", '"adop'], ["another thing", "{}"]])("what a draft was begun from and holds %s is told with its place", (_what, text) => {
  project.write(`${FOLDER}/1.base.json`, text);
  expect(() => shelf.base(FILE)).toThrow(expect.objectContaining({ code: "STORE_UNAVAILABLE", message: expect.stringContaining(`${FOLDER}/1.base.json cannot be read`) as string }) as Error);
  expect(() => shelf.base(FILE)).not.toThrow(/adop/);
});

test("drafts may lie elsewhere as a whole: `.offstage` as a link is its owner's word", () => {
  const other = createTestProject({});
  rmSync(join(project.folder, ".offstage"), { recursive: true });
  symlinkSync(other.folder, join(project.folder, ".offstage"));
  expect(shelf.put(FILE, 0, "there")).toMatchObject({ revision: 1 });
  expect(shelf.newest(FILE)?.text).toBe("there");
  other.remove();
});
