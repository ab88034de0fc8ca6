import { expect, test } from "vitest";
import { shorten } from "./shorten.ts";

test("a short text stays as it is", () => {
  expect(shorten("abc", 3)).toBe("abc");
});

test("a long text is cut to the length and says so", () => {
  expect(shorten("abcdef", 4)).toBe("abc…");
});

test("a cut never halves a character", () => {
  expect(shorten("ab😀cd", 4)).toBe("ab…");
});
