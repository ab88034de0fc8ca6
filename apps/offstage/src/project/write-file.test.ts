import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { replaceFile } from "./write-file.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "offstage-write-"));
  file = join(folder, "a.ts");
  writeFileSync(file, "old");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a file keeps its permissions, and nothing is left beside it", () => {
  chmodSync(file, 0o600);
  replaceFile(file, "new");
  expect([readFileSync(file, "utf8"), statSync(file).mode & 0o777, readdirSync(folder)]).toEqual(["new", 0o600, ["a.ts"]]);
});

test("a link stays a link: what it names is replaced", () => {
  const link = join(folder, "link.ts");
  symlinkSync("a.ts", link);
  replaceFile(link, "new");
  expect([lstatSync(link).isSymbolicLink(), readFileSync(file, "utf8")]).toEqual([true, "new"]);
});

test("a file that nobody may write is not written", () => {
  chmodSync(file, 0o444);
  expect(() => replaceFile(file, "new")).toThrow(expect.objectContaining({ code: "STORE_UNAVAILABLE", message: expect.stringContaining("write-protected") as string }));
  expect([readFileSync(file, "utf8"), readdirSync(folder)]).toEqual(["old", ["a.ts"]]);
});

test("a file that is not there is made, with its folder", () => {
  replaceFile(join(folder, "deep/er/b.ts"), "new");
  expect(readFileSync(join(folder, "deep/er/b.ts"), "utf8")).toBe("new");
});

test("a link that lies where the text is made first is not followed", () => {
  const draft = `${realpathSync(file)}.${process.pid}.tmp`;
  writeFileSync(join(folder, "elsewhere"), "mine");
  symlinkSync(join(folder, "elsewhere"), draft);
  replaceFile(file, "new");
  expect([readFileSync(file, "utf8"), readFileSync(join(folder, "elsewhere"), "utf8")]).toEqual(["new", "mine"]);
});
