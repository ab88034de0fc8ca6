import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notForEverybody } from "./not-for-everybody.ts";

test("files and folders that others may not read are found, and no others", () => {
  const folder = mkdtempSync(join(tmpdir(), "offstage-modes-"));
  const make = (path: string, mode: number): void => {
    mkdirSync(join(folder, path, ".."), { recursive: true, mode: 0o755 });
    writeFileSync(join(folder, path), "");
    chmodSync(join(folder, path), mode);
  };
  make("passwd", 0o644);
  make("shadow", 0o640);
  make("a/b/key", 0o600);
  make("a/b/cert", 0o444);
  make("closed/x", 0o644);
  symlinkSync("shadow", join(folder, "link"));
  symlinkSync("nowhere", join(folder, "broken"));
  for (const [path, mode] of [["a", 0o755], ["a/b", 0o755], ["closed", 0o750]] as const) chmodSync(join(folder, path), mode);
  expect(notForEverybody(folder, []).toSorted()).toEqual([join(folder, "a/b/key"), join(folder, "closed"), join(folder, "shadow")]);
  expect(notForEverybody(folder, [join(folder, "a/b")]).toSorted()).toEqual([join(folder, "closed"), join(folder, "shadow")]);
  expect(notForEverybody(join(folder, "passwd"), [])).toEqual([]);
  expect(notForEverybody(join(folder, "nowhere"), [])).toEqual([]);
  rmSync(folder, { recursive: true });
});
