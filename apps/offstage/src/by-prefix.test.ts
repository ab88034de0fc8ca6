import { expect, test } from "vitest";
import { byPrefix } from "./by-prefix.ts";

const all = [{ id: "abcdef" }, { id: "abcxyz" }, { id: "q" }];
const looked = { code: "EFFECT_UNKNOWN", noun: "open effect", listing: "offstage resolve" } as const;

test("an id, or a beginning of one that is long enough, names one", () => {
  expect(byPrefix(all, "abcd", looked)).toBe(all[0]);
  expect(byPrefix(all, "abcxyz", looked)).toBe(all[1]);
  expect(byPrefix(all, "q", looked)).toBe(all[2]);
});

test.each([
  ["", "USAGE", '"" is too short to name one open effect.'],
  ["abc", "USAGE", '"abc" is too short to name one open effect.'],
  ["zzzz", "EFFECT_UNKNOWN", "No open effect begins with zzzz."],
])("%j names none", (prefix, code, message) => {
  expect(() => byPrefix(all, prefix, looked)).toThrow(expect.objectContaining({ code, message, hint: expect.stringContaining("`offstage resolve` lists them.") as string }) as Error);
});

test("a beginning of several names none of them", () => {
  expect(() => byPrefix([{ id: "abcd1" }, { id: "abcd2" }], "abcd", looked)).toThrow(expect.objectContaining({ code: "USAGE", message: "2 open effects begin with abcd." }) as Error);
});
