import { expect, test } from "vitest";
import { compileRegex, RegexFault } from "./index.ts";

function refusalOf(source: string): string | null {
  try {
    compileRegex(source, "");
    return null;
  } catch (fault) {
    if (fault instanceof RegexFault) return fault.message;
    throw fault;
  }
}

test.each([
  "memory leak", "^a+$", "(a)|(b)", "(a)(b)?", "(?:(?:a|b)*c)+", "(ab)+", "(?:a|b)*", "[(?=)]", "[^\\]]+", "\\(\\?=", "a{2,1000}", "(?:a{20}){50}", "(?<name>a)-(?<other>b)", "\\u0041\\x41\\cA\\0", "a{", "}", "^(?:a+)+$", "(?:(a)x)*", "(?:a|b*)*", "(?:a??){2}", "(a??)", "(?:a*?b)*", "(?:a*)+",
])("%s can run everywhere", (pattern) => {
  expect(refusalOf(pattern)).toBeNull();
});

test.each([
  ["a(?=b)", "look-around"], ["a(?!b)", "look-around"], ["(?<=a)b", "look-around"], ["(?<!a)b", "look-around"], ["(a)\\1", "back-reference"], ["(?<x>a)\\k<x>", "back-reference"], ["\\01", "back-reference"],
  ["a{1001}", "repeat count"], ["(?:a{100}){11}", "repeat count"], ["(?:a{2,}){501}", "repeat count"], ["(a)?(?:(b)?)*", "may match nothing"], ["((a)|b)*", "repetition may leave out"], ["(a*)*", "may match nothing"], ["(?:(a)?b)+", "repetition may leave out"],
  ["()?", "may match nothing"], ["(a*)?", "may match nothing"], ["(a?){0,1}", "may match nothing"],
  ["(?:-??){1,2}", "rather match nothing"], ["(?:|a)*", "rather match nothing"], ["(?:\\s*|x)+", "rather match nothing"], ["(?:a?b??)?", "rather match nothing"], ["(?:\\b|a)*", "rather match nothing"],
  ["\\p{L}", "flag"], ["\\u{41}", "flag"], ["(?i:a)", "unknown group"], ["(?<naïve>a)", "no identifier"], ["(".repeat(120) + ")".repeat(120), "nested"],
])("%s is refused: %s", (pattern, reason) => {
  expect(refusalOf(pattern)).toContain(reason);
});

test.each(["(", "[", "\\", "(?<", "(?", "a)b", "*", "{2}", "[\\", "(?<x", "|", "a".repeat(500_000)])("a malformed or huge pattern is read to its end: %s", (pattern) => {
  expect(() => refusalOf(pattern)).not.toThrow();
});
