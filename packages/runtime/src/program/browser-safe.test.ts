import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Every module that loading `entry` loads, and what they import from elsewhere. */
function reach(entry: URL, seen = new Map<string, readonly string[]>()): ReadonlyMap<string, readonly string[]> {
  if (seen.has(entry.pathname)) return seen;
  const text = readFileSync(entry, "utf8");
  const specifiers = [...text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from\s+"([^"]+)"/gm)].map((match) => match[1] ?? "");
  seen.set(entry.pathname, specifiers.filter((specifier) => !specifier.startsWith(".")));
  for (const specifier of specifiers) if (specifier.startsWith(".")) reach(new URL(specifier, entry), seen);
  return seen;
}

test.each(["./index.ts", "../api/index.ts"])("%s loads in a browser: nothing it leads to needs Node", (entry) => {
  const modules = reach(new URL(entry, import.meta.url));
  expect(modules.size).toBeGreaterThan(5);
  expect([...modules].flatMap(([file, specifiers]) => specifiers.filter((specifier) => !specifier.startsWith("@noble/")).map((specifier) => `${file}: ${specifier}`))).toEqual([]);
});
