import fc from "fast-check";
import { expect, test } from "vitest";
import { diffWords } from "./word-diff.ts";

const shown = (before: string, after: string): string => diffWords(before, after).map(({ kind, text }) => (kind === "same" ? text : kind === "gone" ? `[-${text}-]` : `{+${text}+}`)).join("");

test("what changed is told by its words", () => {
  expect(shown("Lists all issues.", "Lists open issues.")).toBe("Lists[- all-]{+ open+} issues.");
  expect(shown("Lists issues.", "Lists issues. Then read it.")).toBe("Lists issues.{+ Then read it.+}");
  expect(shown("a b c d", "b x d")).toBe("[-a b c-]{+b x+} d");
  expect(shown("same", "same")).toBe("same");
  expect(shown("", "new")).toBe("{+new+}");
});

test("both texts can be read from it, whatever they are", () => {
  const text = fc.array(fc.constantFrom("a", "b", " ", "\n", "c d", ".", "\u200b", "é"), { maxLength: 20 }).map((parts) => parts.join(""));
  fc.assert(fc.property(text, text, (before, after) => {
    const parts = diffWords(before, after);
    expect(parts.filter(({ kind }) => kind !== "new").map((part) => part.text).join("")).toBe(before);
    expect(parts.filter(({ kind }) => kind !== "gone").map((part) => part.text).join("")).toBe(after);
  }));
});

test("long texts that have nothing in common are shown whole", () => {
  const [before, after] = ["a ".repeat(5_000), "b ".repeat(5_000)];
  expect(diffWords(before, after)).toEqual([{ kind: "gone", text: before.trimEnd() }, { kind: "new", text: after.trimEnd() }, { kind: "same", text: " " }]);
});
