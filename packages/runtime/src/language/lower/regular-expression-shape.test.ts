import { expect, test } from "vitest";
import { refusalOfPattern } from "./regular-expression-shape.ts";

test.each([
  "memory leak", "^a+$", "(a)|(b)", "(a)(b)?", "(?:(?:a|b)*c)+", "(ab)+", "(?:a|b)*", "[(?=)]", "[^\\]]+", "\\(\\?=", "a{2,1000}", "(?:a{20}){50}", "(?<name>a)-(?<other>b)", "\\u0041\\x41\\cA\\0", "a{", "}", "^(?:a+)+$", "(?:(a)x)*",
])("%s can run everywhere", (pattern) => {
  expect(refusalOfPattern(pattern)).toBeNull();
});

test.each([
  ["a(?=b)", "Look-around"], ["a(?!b)", "Look-around"], ["(?<=a)b", "Look-around"], ["(?<!a)b", "Look-around"], ["(a)\\1", "back-reference"], ["(?<x>a)\\k<x>", "back-reference"], ["\\01", "back-reference"],
  ["a{1001}", "1000 times"], ["(?:a{100}){11}", "1000 times"], ["(?:a{2,}){501}", "1000 times"], ["(a)?(?:(b)?)*", "last turn"], ["((a)|b)*", "last turn"], ["(a*)*", "last turn"], ["(?:(a)?b)+", "last turn"],
  ["\\p{L}", "flag"], ["\\u{41}", "flag"], ["(?i:a)", "Flags"], ["(?<naïve>a)", "plain word"], ["(".repeat(95) + ")".repeat(95), "nest"],
])("%s is refused: %s", (pattern, reason) => {
  expect(refusalOfPattern(pattern)).toContain(reason);
});

test.each(["(", "[", "\\", "(?<", "(?", "a)b", "*", "{2}", "[\\", "(?<x", "|", "a".repeat(500_000)])("a malformed or huge pattern is read to its end: %s", (pattern) => {
  expect(() => refusalOfPattern(pattern)).not.toThrow();
});
