import { readFileSync } from "node:fs";
import { PRINTED_NAMES } from "offstage/exporters/python";
import { expect, test } from "vitest";

test("a type checker is told of every name that is printed", () => {
  const told = (stub: string): ReadonlySet<string | undefined> => {
    const text = readFileSync(new URL(`../../packages/python/src/offstage/${stub}.pyi`, import.meta.url), "utf8");
    return new Set([...text.matchAll(/^(?:async def|def|class) (\w+)|^(\w+)(?:: | = )|^from [\w.]+ import (?:\w+ as )?(\w+)$/gm)].map(([, made, value, imported]) => made ?? value ?? imported));
  };
  const missing = ([["offstage", "__init__"], ["offstage.javascript", "javascript"]] as const).map(([module, stub]) => PRINTED_NAMES[module].filter((name) => !told(stub).has(name)));
  expect(Object.values(PRINTED_NAMES).map(({ length }) => length)).toEqual([expect.toSatisfy((count: number) => count > 30), expect.toSatisfy((count: number) => count > 30)]);
  expect(missing).toEqual([[], []]);
});
