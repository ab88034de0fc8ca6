import fc from "fast-check";
import { expect, test } from "vitest";
import { NOTHING_LEARNT, learntSchema, withResult } from "./learnt.ts";
import { parseLearnt, printLearnt } from "./learnt-text.ts";

const learnt = withResult(withResult(NOTHING_LEARNT, { server: "jira", tool: "jira_issues", case: "action=get" }, { key: "A-1" }), { server: "github", tool: "get_me", case: "*" }, [{ id: 1 }]);

test("prints servers, tools and cases sorted, schemas as JSON Schema", () => {
  expect(JSON.parse(printLearnt(learnt))).toEqual({
    servers: {
      github: { get_me: { "*": { type: "array", items: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] } } } },
      jira: { jira_issues: { "action=get": { type: "object", properties: { key: { type: "string" } }, required: ["key"] } } },
    },
    version: 1,
  });
  expect(printLearnt(learnt).indexOf('"github"')).toBeLessThan(printLearnt(learnt).indexOf('"jira"'));
});

test("reads what it prints", () => {
  const read = parseLearnt(printLearnt(learnt));
  expect(read.diagnostics).toEqual([]);
  expect(printLearnt(read.learnt)).toBe(printLearnt(learnt));
  expect(learntSchema(read.learnt, { server: "jira", tool: "jira_issues", case: "action=create" })).toBeUndefined();
});

test("faults have their place", () => {
  const text = printLearnt(learnt).replace('"integer"', '"int"');
  const [fault] = parseLearnt(text).diagnostics;
  expect(fault).toMatchObject({ code: "LOCK_INVALID", file: "offstage.learnt.json", message: expect.stringContaining("servers.github.get_me[\"*\"].items.properties.id.type must be of array") });
  expect(text.split("\n")[(fault?.line ?? 0) - 1]).toContain('"int"');
  expect(parseLearnt('{"version":7}').diagnostics[0]?.message).toContain("newer Offstage");
});

test("any JSON gives diagnostics, never an error", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void parseLearnt(JSON.stringify({ version: 1, servers: { s: { t: value } } }))));
  const deep = `${'{"type":"array","items":'.repeat(200)}{}${"}".repeat(200)}`;
  expect(parseLearnt(`{"version":1,"servers":{"s":{"t":{"*":${deep}}}}}`).diagnostics).toEqual([]);
});
