import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createCompileCache } from "./compile-cache.ts";

let folder: string;
let made = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "offstage-cache-"));
  made = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function get(parts: readonly string[], keep = true): Promise<number> {
  return createCompileCache(folder).get("program", parts, () => Promise.resolve(++made), () => keep);
}

test("the same parts are made once, other parts anew", async () => {
  expect(await get(["a", "b"])).toBe(1);
  expect(await get(["a", "b"])).toBe(1);
  expect(await get(["ab", ""])).toBe(2);
  expect(await get(["a", "b"])).toBe(1);
});

test("what must not be kept is made each time", async () => {
  expect(await get(["a"], false)).toBe(1);
  expect(await get(["a"], false)).toBe(2);
});

test.each(["", "{", "null", '{"key":"another","made":9}'])("a damaged entry (%j) is made anew", async (text) => {
  await get(["a"]);
  const cache = join(folder, ".offstage/cache");
  for (const name of readdirSync(cache)) writeFileSync(join(cache, name), text);
  expect(await get(["a"])).toBe(2);
});

test("a project that cannot be written to still compiles", async () => {
  writeFileSync(join(folder, ".offstage"), "a file where the folder should be");
  expect(await get(["a"])).toBe(1);
});
