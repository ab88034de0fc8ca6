import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { learnShapes } from "./learn.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "offstage-learn-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

it("the demo's offstage.learnt.json is what its servers teach now (node demo/learn-main.ts writes it)", async () => {
  const committed = readFileSync(new URL("project/offstage.learnt.json", import.meta.url), "utf8");
  expect(await learnShapes(dir)).toBe(committed);
}, 300_000);
