import { expect, test } from "vitest";
import { foldBlanks } from "./fold-blanks.ts";

test("what pushes a text out of sight is folded, with how much it is", () => {
  expect(foldBlanks(`a${"\n".repeat(15_000)}b`.split("\n"))).toEqual(["a", "", "", "… 14997 more blank lines …", "b"]);
  expect(foldBlanks(["a", "", " \t", "\u3000", ""])).toEqual(["a", "", " \t", "… 2 more blank lines …"]);
  expect(foldBlanks([`a${" ".repeat(9_000)}b`, "\t".repeat(90)])).toEqual(["a … 9000 spaces … b", " … 90 spaces … "]);
  expect(foldBlanks(["1 + ", "2 + ", "3 + ", "4 + x"], (line) => /^\d+ [+-]\s*$/.test(line))).toEqual(["1 + ", "2 + ", "… 1 more blank line …", "4 + x"]);
});

test("what nobody sees is as blank as what is not there", () => {
  const blanks = Array.from("\u200d\ufe0f\u034f\u17b4\u180b\u{1d173}\u{1bca0}\u{e0080}\ufff0\u2800\u3164");
  expect(foldBlanks(["a", ...blanks, "b"])).toEqual(["a", ...blanks.slice(0, 2), `… ${blanks.length - 2} more blank lines …`, "b"]);
  expect(foldBlanks([`a${"\u200d ".repeat(500)}${"\u{e0080}".repeat(500)}b`])).toEqual(["a … 1500 spaces … b"]);
  expect(foldBlanks(["👩‍💻 ❤️"])).toEqual(["👩‍💻 ❤️"]);
});

test("what is laid out as people do stays", () => {
  const lines = ["a", "", "", "  b", "", `${" ".repeat(79)}c`];
  expect(foldBlanks(lines)).toEqual(lines);
  expect(foldBlanks([])).toEqual([]);
});
