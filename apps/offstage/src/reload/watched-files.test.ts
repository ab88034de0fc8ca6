import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changedFiles, contentsOf, type FileMarks, stampsOf } from "./watched-files.ts";

let folder: string;
const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "offstage-watched-"));
  for (const name of ["workflows", "profiles", "tests"]) mkdirSync(join(folder, name));
  write("workflows/a.ts", "one");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function changedBy(edit: () => void, marks: (folder: string) => Promise<FileMarks> = stampsOf): Promise<readonly string[]> {
  const before = await marks(folder);
  edit();
  return changedFiles(before, await marks(folder));
}

test("files that are written, added, removed, or put in the place of another by a rename are noticed; others are none of it", async () => {
  expect(await changedBy(() => write("workflows/b.ts", "two"))).toEqual(["workflows/b.ts"]);
  expect(await changedBy(() => write("offstage.lock", "{}"))).toEqual(["offstage.lock"]);
  expect(await changedBy(() => rmSync(join(folder, "workflows/b.ts")))).toEqual(["workflows/b.ts"]);
  expect(await changedBy(() => (write("workflows/.a.ts.swp", "six"), write("tests/a.ts", ""), write("README.md", "")))).toEqual([]);
  // Of the same length, and as old: as editors and rsync put them.
  expect(await changedBy(() => {
    write("new", "six");
    utimesSync(join(folder, "new"), 1, 1);
    renameSync(join(folder, "new"), join(folder, "workflows/a.ts"));
  })).toEqual(["workflows/a.ts"]);
});

test("a link that is put elsewhere changes all files behind it, as a ConfigMap of Kubernetes does", async () => {
  rmSync(join(folder, "workflows"), { recursive: true });
  mkdirSync(join(folder, "workflows"));
  for (const [version, text] of [["..1", "one"], ["..2", "two"]] as const) {
    mkdirSync(join(folder, "workflows", version));
    write(`workflows/${version}/a.ts`, text);
  }
  symlinkSync("..1", join(folder, "workflows/..data"));
  symlinkSync("..data/a.ts", join(folder, "workflows/a.ts"));
  const swap = (): void => {
    symlinkSync("..2", join(folder, "workflows/..new"));
    renameSync(join(folder, "workflows/..new"), join(folder, "workflows/..data"));
  };
  expect(await changedBy(swap)).toEqual(["workflows/a.ts"]);
});

test("own code is watched as a whole, wherever it lies in its folder and whatever it is written in", async () => {
  mkdirSync(join(folder, "workflows/own/deep"), { recursive: true });
  expect(await changedBy(() => (write("workflows/own/a.ts", "1"), write("workflows/own/deep/b.json", "1"), write("workflows/own/.a.swp", "1")))).toEqual(["workflows/own/a.ts", "workflows/own/deep/b.json"]);
  expect(await changedBy(() => write("workflows/own/deep/b.json", "2"), contentsOf)).toEqual(["workflows/own/deep/b.json"]);
});

test("by their contents, a file that was only touched is as it was", async () => {
  const touch = (): void => utimesSync(join(folder, "workflows/a.ts"), 1, 1);
  expect(await changedBy(touch)).toEqual(["workflows/a.ts"]);
  expect(await changedBy(touch, contentsOf)).toEqual([]);
  expect(await changedBy(() => write("workflows/a.ts", "six"), contentsOf)).toEqual(["workflows/a.ts"]);
});

test("a folder that is gone has no files", async () => {
  expect(await stampsOf(join(folder, "nowhere"))).toEqual(new Map());
});

test("a pipe has no contents: nobody waits for who writes into it", async () => {
  expect(await changedBy(() => execFileSync("mkfifo", [join(folder, "workflows/b.ts")]), contentsOf)).toEqual([]);
});
