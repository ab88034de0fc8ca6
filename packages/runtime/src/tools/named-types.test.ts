import { expect, test } from "vitest";
import { NOTHING_LEARNT, withResult } from "./learnt.ts";
import { namedTypes } from "./named-types.ts";
import { someLock } from "./tools.suite.ts";

const search = { name: "search", inputSchema: { type: "object", properties: { action: { type: "string", enum: ["issues", "users"] } }, required: ["action"] } };
const list = { name: "list_pulls", inputSchema: { type: "object", properties: {} } };
const lock = someLock([search, list], "my-jira");

test("what a tool gives goes by the names of the generated types, below its server's identifier", () => {
  const learnt = withResult(NOTHING_LEARNT, { server: "my-jira", tool: "list_pulls", case: "*" }, [{ id: 1 }]);
  expect(namedTypes({ server: "my-jira", tool: "list_pulls" }, { lock, learnt })).toEqual([{ equals: [], result: "myJira.ListPullsResult", item: "myJira.ListPullsItem" }]);
  expect(namedTypes({ server: "my-jira", tool: "list_pulls" }, { lock, learnt: NOTHING_LEARNT })).toEqual([]);
});

test("each case has its own, by the better names of the profile; one that nobody has called has none", () => {
  const rule = (action: string) => ({ when: [{ argument: "action", equals: action }], pages: { path: ["issues"] } });
  const profile = { server: "my-jira", names: { SearchIssuesItem: "FoundIssue" }, tools: { search: [rule("issues"), rule("users")] } };
  const learnt = withResult(NOTHING_LEARNT, { server: "my-jira", tool: "search", case: "action=issues" }, { issues: [{ key: "A" }] });
  expect(namedTypes({ server: "my-jira", tool: "search" }, { lock, learnt, profile })).toEqual([{ equals: [{ argument: "action", equals: "issues" }], result: "myJira.SearchIssuesResult", item: "myJira.FoundIssue" }]);
});

test("a server or a tool that is not locked has none", () => {
  expect([namedTypes({ server: "other", tool: "x" }, { lock, learnt: NOTHING_LEARNT }), namedTypes({ server: "my-jira", tool: "x" }, { lock, learnt: NOTHING_LEARNT })]).toEqual([[], []]);
});
