import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { excerptOf } from "./excerpt.ts";
import { exportAll } from "./exported.ts";
import { exportsDocument } from "./exports-document.ts";

test("docs/exports.md is what the exporters make of its workflows (npm run docs:exports)", async () => {
  expect(readFileSync(new URL("../../docs/exports.md", import.meta.url), "utf8")).toBe(exportsDocument(await exportAll()));
}, 60_000);

test("what is left out of a file is counted, before and behind, and what is not there any more is a fault", () => {
  const excerpt = { file: /^a$/, language: "yaml", from: /^b/, until: /^d/ };
  expect(excerptOf("a.yaml", "a: 1\nb: 2\nc: 3\n\nd: 4\n", excerpt)).toBe("`a.yaml`\n\n```yaml\n# … 1 line\nb: 2\nc: 3\n# … 2 lines\n```");
  expect(() => excerptOf("a.yaml", "a: 1\nd: 4\n", excerpt)).toThrow("No line of a.yaml is like /^b/.");
  expect(() => excerptOf("a.yaml", "b: 1\n", excerpt)).toThrow("No line of a.yaml is like /^d/.");
});
