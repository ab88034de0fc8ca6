import { expect, test } from "vitest";
import { spellHidden, spellHiddenInJson } from "./hidden-characters.ts";

test("what hides in a text is spelt out, and what is seen stays", () => {
  expect(spellHidden("a\u202eb\u200bc\u0000d\ud800\r")).toBe(String.raw`a\u202eb\u200bc\u0000d\ud800\u000d`);
  expect(spellHidden("\u{e0041}\u3164\u115f\u2800\u1160\uffa0\u{e0100}")).toBe(String.raw`\u{e0041}\u3164\u115f\u2800\u1160\uffa0\u{e0100}`);
  expect(spellHidden("a\n\tb 👩‍💻 ❤️ 日本 é")).toBe("a\n\tb 👩‍💻 ❤️ 日本 é");
});

test("selectors and joiners stay where emoji need them, and nowhere else", () => {
  const emoji = ["👩‍💻", "❤️", "☺︎", "🕵🏻‍♂️", "🏳️‍🌈", "1️⃣", "❤️‍🔥", "👨‍👩‍👧‍👦"];
  expect(emoji.map(spellHidden)).toEqual(emoji);
  expect(spellHidden("a\ufe0fb\u200dc ❤\ufe0f\ufe0e👩\u200d\u200d💻 👩\u200d! 1\ufe0f")).toBe(String.raw`a\ufe0fb\u200dc ❤️\ufe0e👩\u200d\u200d💻 👩\u200d! 1\ufe0f`);
  expect(spellHidden("\u034f\u17b4\u180b\u{1d173}\u{1bca0}\u{e0080}\u{e0fff}\ufff0\ufe00")).toBe(String.raw`\u034f\u17b4\u180b\u{1d173}\u{1bca0}\u{e0080}\u{e0fff}\ufff0\ufe00`);
});

test("a long text costs no more than its length", () => {
  const begun = performance.now();
  for (const part of ["\u200d", "❤\ufe0f", "👩\u200d", "\u{1f3fb}", "a"]) spellHidden(part.repeat(200_000));
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test("in JSON it is the same value", () => {
  const json = JSON.stringify({ "a\u202e": "b\u{e0041}\u3164" });
  expect(spellHiddenInJson(json)).toBe(String.raw`{"a\u202e":"b\udb40\udc41\u3164"}`);
  expect(JSON.parse(spellHiddenInJson(json))).toEqual(JSON.parse(json));
});
