import { expect, test } from "vitest";
import { parseSettings } from "./settings.ts";

function faults(text: string): readonly string[] {
  const parsed = parseSettings(text, "/project");
  return parsed.ok ? [] : parsed.diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test.each([
  ["retention: { runs: never }", '1:14 retention.runs: write "forever". Or: "never" is no duration; write "90s", "10m", "1h" or "7d".'],
  ["retention: { events: 1d }", '1:14 retention.events: write "forever". Or: "1d" is too short; the least is "7d".'],
  ["serve: { retry: true }", "1:10 serve.retry: write false. Or: this has to be string, and is boolean."],
  ['policy: { rules: [{ verdict: deny, tool: t, args: { a: { over: "1" } } }] }', "1:58 policy.rules[0].args.a.over: this has to be number, and is string."],
  ["approvals: { links: { url: https://x.example } }", "1:14 approvals.links has no key."],
])("%s, which fits none of several shapes, is told what each would take, or where the nearest is not met", (text, told) => {
  expect(faults(text)).toEqual([told]);
});
