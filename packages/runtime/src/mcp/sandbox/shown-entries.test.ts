import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shownEntries } from "./shown-entries.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "offstage-entries-")));
  for (const path of ["src/deep", "state", ".offstage"]) mkdirSync(join(folder, path), { recursive: true });
  for (const path of ["notes.md", ".env", ".env.local", ".envrc", "src/.env", "state/store.db", "state/readme"]) writeFileSync(join(folder, path), "");
  symlinkSync("/home/ada/.ssh", join(folder, "keys"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("what is hidden is left out at every depth, also when it comes later, and links bring nothing with them", () => {
  const at = (...paths: readonly string[]): string[] => paths.map((path) => join(folder, path));
  const shown = shownEntries(folder, new Set(at(".offstage", "state/store.db", "state/store.db-wal", "absent/x")), new Set(at(".env.local")));
  expect([...shown.paths].sort()).toEqual(at(".env.local", "notes.md", "src", "state/readme"));
  expect(shown.links).toEqual([{ path: join(folder, "keys"), target: "/home/ada/.ssh" }]);
  expect(shown.folders).toEqual(at(".", "state"));
});
