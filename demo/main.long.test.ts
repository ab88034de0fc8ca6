import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ownFiles, spawnDemo } from "./spawn-demo.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "offstage-main-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

it("npm run demo ends in good order when nobody reads its output any more", async () => {
  const { code } = await spawnDemo(dir, ["--dir", join(dir, "project")], (output, _, leave) => {
    if (output.includes("Two services")) leave();
  });
  expect(code).toBe(141);
  expect(ownFiles(dir)).toEqual([]);
}, 60_000);
