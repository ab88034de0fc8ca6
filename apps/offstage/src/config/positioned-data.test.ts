import { expect, test } from "vitest";
import { parsePositioned } from "./positioned-data.ts";

/** Where a person may have written a secret in its place. */
test.each([
  ["a: [\n}hunter2secret", "2:"],
  ["a: b\n\"hunter2secret\"", "2:1"],
  ["a: |hunter2secret\n  x", "Block scalar header includes extra characters"],
  [String.raw`a: "\xhunter2secret"`, "1:5 Invalid escape sequence"],
  ["a: !hunter2!", "The tag has no suffix"],
  ["a: !<hunter2secret", "1:4"],
  ["%hunter2secret\n---\na: 1", ""],
  ["a: { b: hunter2secret }}\n", "1:24"],
  ["a: *hunter2secret", "not supported"],
  ["a: 'x' 'hunter2secret'", "1:8 Unexpected single-quoted-scalar at node end"],
])("the fault of %j is told at its place, without what stands there", (text, told) => {
  const parsed = parsePositioned(text, "offstage.yaml");
  const said = parsed.ok ? "" : parsed.diagnostics.map(({ line, column, message, hint }) => `${line}:${column} ${message} ${hint ?? ""}`).join("\n");
  expect(said).toContain(told);
  expect(said).not.toMatch(/hunter|secret/);
});
