import { readFileSync } from "node:fs";
import { PRINTED_NAMES } from "offstage/exporters/python";
import { expect, test } from "vitest";

test("a type checker is told of every name that is printed", () => {
  const text = readFileSync(new URL("../../packages/python/src/offstage/__init__.pyi", import.meta.url), "utf8");
  const told = new Set([...text.matchAll(/^(?:async def|def|class) (\w+)|^(\w+)(?:: | = )|^from [\w.]+ import (?:\w+ as )?(\w+)$/gm)].map(([, made, value, imported]) => made ?? value ?? imported));
  const printed = Object.values(PRINTED_NAMES).flat();
  expect(printed.length).toBeGreaterThan(50);
  expect(printed.filter((name) => !told.has(name))).toEqual([]);
});
