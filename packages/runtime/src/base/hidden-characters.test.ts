import { expect, test } from "vitest";
import { spellHidden, spellHiddenInJson } from "./hidden-characters.ts";

test("what hides in a text is spelt out, and what is seen stays", () => {
  expect(spellHidden("a\u202eb\u200bc\u0000d\ud800\r")).toBe(String.raw`a\u202eb\u200bc\u0000d\ud800\u000d`);
  expect(spellHidden("\u{e0041}\u3164\u115f\u2800\u1160\uffa0\u{e0100}")).toBe(String.raw`\u{e0041}\u3164\u115f\u2800\u1160\uffa0\u{e0100}`);
  expect(spellHidden("a\n\tb 👩‍💻 ❤️ 日本 é")).toBe("a\n\tb 👩‍💻 ❤️ 日本 é");
});

test("in JSON it is the same value", () => {
  const json = JSON.stringify({ "a\u202e": "b\u{e0041}\u3164" });
  expect(spellHiddenInJson(json)).toBe(String.raw`{"a\u202e":"b\udb40\udc41\u3164"}`);
  expect(JSON.parse(spellHiddenInJson(json))).toEqual(JSON.parse(json));
});
