import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { playGuide } from "./play-guide.ts";

const ROOT = join(import.meta.dirname, "../..");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "offstage-guide-"));
  cpSync(join(ROOT, "demo/project"), folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the files and commands of the guide to testing, in its order, do what it says", { timeout: 120_000 }, async () => {
  expect(await playGuide({ page: "testing.md", markdown: readFileSync(join(ROOT, "docs/guides/testing.md"), "utf8"), project: folder })).toBe(3);
});
