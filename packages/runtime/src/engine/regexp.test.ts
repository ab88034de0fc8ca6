import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRegex, RegexFault } from "../regexp/index.ts";
import { Regexp } from "./regexp.ts";

const TEXTS = ["", "a", "abc", "a😀b", "x\r\ny\nz", "K\u212Ak ſs S", "é É ß ẞ", "\u00a0 \t x", "foo\r\nbar\u2028baz", "aXbxc 123 45", "😀😀", "\ud83d", "**Key**: PROD-12\n**Key**: FAKE-1", "İi ı I", "Σσς"];
const PATTERNS: readonly (readonly [string, string])[] = [
  ["a.b", ""], ["^.*$", "m"], ["$", "m"], ["^", "m"], ["\\s+", ""], ["k", "i"], ["s", "i"], ["[^k]", "i"], ["é", "i"], ["[à-ÿ]", "i"], ["\\W", "i"], ["\\ud83d", ""], ["😀", ""], ["[😀]", ""],
  ["(?<p>[A-Z]+)-(\\d+)", ""], ["(a)|(b)", ""], ["x*", ""], ["\\bx", "i"], ["[\\s\\S]", ""], ["[^]", ""], ["[]", ""], ["a{1,2}?", ""], ["a{,2}", ""], ["]", ""], ["\\-|\\/", ""], ["i", "i"], ["σ", "i"],
  ["^\\*\\*Key\\*\\*: ([A-Z][A-Z0-9_]*-\\d+)$", "m"], ["(\\d)+", ""], ["\\r$", "m"], ["^$", "m"], ["[^\\n]$", "m"], ["y$", "m"], ["^ba.", "m"], ["[\\w-]+", ""], ["[a-c\\d]", ""], ["\\x41|\\u0061|\\cJ|\\0", ""],
  ["(?:ab|a)(?:c|bcd)?", ""], ["ß", "i"], ["a.c", "s"], [".", ""], ["\\D\\S", ""], ["(?:)", ""],
];

function ours(source: string, flags: string, text: string): unknown {
  return new Regexp(source, flags, compileRegex(source, flags)).all(text).map(({ start, end, groups }) => [start, end, ...groups]);
}

function native(source: string, flags: string, text: string): unknown {
  return [...text.matchAll(new RegExp(source, `${flags}g`))].map((match) => [match.index, match.index + match[0].length, ...match]);
}

describe("regular expressions match what JavaScript's match", () => {
  it.each(PATTERNS)("/%s/%s", (source, flags) => {
    for (const text of TEXTS) {
      expect(ours(source, flags, text)).toEqual(native(source, flags, text));
      expect(new Regexp(source, flags, compileRegex(source, flags)).test(text)).toBe(new RegExp(source, flags).test(text));
    }
  });

  it("on generated patterns and texts", () => {
    const piece = fc.constantFrom("a", "B", "k", ".", "\\s", "\\d", "[a-c]", "[^b]", "\\w", "é", "(?:a|b)", "(a)", "^", "$", "\\b", "😀", "\\r", "ſ");
    const part = fc.tuple(piece, fc.constantFrom("", "?", "*", "+", "+?", "{1,2}")).map(([one, count]) => (/^(\^|\$|\\b)$/.test(one) ? one : one + count));
    const pattern = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(""));
    const text = fc.array(fc.constantFrom("a", "b", "B", "k", "\u212A", " ", "\u00a0", "\r", "\n", "\u2028", "1", "é", "É", "😀", "\ud83d", "s", "ſ", "-"), { maxLength: 8 }).map((chars) => chars.join(""));
    fc.assert(fc.property(pattern, fc.constantFrom("", "i", "m", "s", "im", "gi"), text, (source, flags, input) => {
      expect(ours(source, flags, input)).toEqual(native(source, flags.replace("g", ""), input));
    }), { numRuns: 3_000 });
  });

  it.each(["(?=a)", "(?<!a)", "(a)\\1", "\\k<a>(?<a>x)", "a**", "(a", "[z-a]", "a{2,1}", "(?:(a)|b)*", "(a*)*", "\\", "a)", "(?<a>x)(?<a>y)", "(?P<a>x)"])("refuses /%s/", (source) => {
    expect(() => compileRegex(source, "")).toThrow(RegexFault);
  });

  it("takes linear time where JavaScript's would not end", () => {
    expect(ours("^(?:a+)+$", "", `${"a".repeat(40_000)}!`)).toEqual([]);
  });
});
