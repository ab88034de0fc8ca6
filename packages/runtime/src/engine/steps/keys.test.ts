import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeLoopKey } from "./keys.ts";

const key = fc.string({ unit: fc.constantFrom("%", "/", "[", "]", "2", "5", "F", "D", "8", "0", "\ud800", "\ud801", "\udc00", "😀", "a"), maxLength: 6 });

test("two keys never make the same path, also when a store has kept it as UTF-8", () => {
  const kept = (text: string): string => Buffer.from(escapeLoopKey(text), "utf8").toString("utf8");
  fc.assert(fc.property(key, key, (a, b) => { expect(kept(a) === kept(b)).toBe(a === b); }), { numRuns: 3_000, examples: [["\ud800", "\udc00"], ["%D800", "\ud800"]] });
});

test("an ordinary key is what it was", () => {
  expect(escapeLoopKey("PROD-7 😀")).toBe("PROD-7 😀");
  expect(escapeLoopKey("a/b[1]%")).toBe("a%2Fb%5B1%5D%25");
});
