import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readExamples } from "../scripts/docs/examples.ts";
import { CASES } from "./cases.ts";
import { readRules, ruleFaults, type RuleProofs } from "./rule-faults.ts";
import { BESIDE, CHECKED, RETIRED } from "./rules.ts";
import { SUBSET } from "./subset/index.ts";

const ROOT = join(import.meta.dirname, "..");
const PAGE = readFileSync(join(ROOT, "docs/language.md"), "utf8");
const textOf = (file: string): string | null => (existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), "utf8") : null);

const PROOFS: RuleProofs = {
  runs: [...SUBSET, ...CASES].flatMap(({ rules }) => rules),
  compiled: readExamples("docs/language.md", PAGE).flatMap(({ rules }) => rules),
  checked: CHECKED, beside: BESIDE, retired: RETIRED, textOf,
};

test("every rule of docs/language.md has its case, and every citation names a rule", () => {
  expect(ruleFaults(PAGE, PROOFS)).toEqual([]);
});

test("and there are enough of them that reading none would be told", () => {
  expect(readRules(PAGE).length).toBeGreaterThan(250);
});

describe("in a made-up document", () => {
  const PAGE_OF_RULES = ["## 1. One", "**1.1** A rule.", "- **1.2 With a title**, and more.", "| **1.3** | `while (true) {}` | `LOOP_NOT_ALLOWED` | another |", "## 2. Two", "| **2.1** | string | `at` | |"].join("\n");
  const proven: RuleProofs = { runs: ["1.1", "2.1"], compiled: ["1.3"], checked: [], beside: { "1.2": { file: "a.test.ts", test: "is so" } }, retired: ["1.9"], textOf: (file) => (file === "a.test.ts" ? 'test("is so", …)' : null) };
  const faults = (more: Partial<RuleProofs>, page = PAGE_OF_RULES): readonly string[] => ruleFaults(page, { ...proven, ...more });

  test("nothing is told where each rule has its case", () => expect(faults({})).toEqual([]));

  test.each([
    ["a rule that no case cites", { runs: ["1.1"] }, "2.1 has no case that runs"],
    ["a rule about running that is only compiled", { runs: ["1.1"], compiled: ["1.3", "2.1"] }, "2.1 has no case that runs"],
    ["a rule about checking without an example", { runs: ["1.1"], checked: ["2.1"] }, "2.1 has no example that is compiled"],
    ["a refusal whose row is not compiled", { compiled: [] }, "1.3 has no example that is compiled"],
    ["a test that is not in its file", { beside: { "1.2": { file: "a.test.ts", test: "is not so" } } }, `1.2: a.test.ts has no test "is not so"`],
    ["a test file that is gone", { beside: { "1.2": { file: "b.test.ts", test: "is so" } } }, `1.2: b.test.ts has no test "is so"`],
    ["a citation of no rule", { runs: ["1.1", "2.1", "2.2"] }, "2.2 is cited and does not exist"],
    ["a number that is given again", { retired: ["1.1"] }, "1.1 was another rule once: take the next number of its section"],
    ["an exception that is none any more", { checked: ["1.1"] }, "1.1 has a case that runs: take it out of conformance/rules.ts"],
  ] as const)("%s is told", (_name, more, fault) => expect(faults(more)).toEqual([fault]));

  test("a number that is given twice, or stands in another section, is told", () => {
    expect(faults({}, `${PAGE_OF_RULES}\n**2.1** Again.`)).toEqual(["2.1 stands twice"]);
    expect(faults({}, `${PAGE_OF_RULES}\n**1.4** Elsewhere.`)).toEqual(["1.4 stands in section 2", "1.4 has no case that runs"]);
  });
});
