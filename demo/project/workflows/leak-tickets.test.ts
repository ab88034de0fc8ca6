import { assert, gone, rehearse, refuses, test } from "offstage/test";

const LEAKS = ["MDpQdWxsUmVxdWVzdDE", "MDpQdWxsUmVxdWVzdDM"];

test("one ticket and one comment for every leak, and nothing for the rest", async () => {
  const run = await rehearse("leak-tickets", { fixture: "open-leaks" });
  assert.deepEqual([run.status, run.output], ["succeeded", { leaks: 2 }]);
  assert.deepEqual(run.effects.map(({ label }) => label).toSorted(), [...LEAKS.map((id) => `once comment:${id}`), ...LEAKS.map((id) => `ticket ${id}`)]);
});

test("a second run writes nothing", async () => {
  const run = await rehearse("leak-tickets", { fixture: "open-leaks" });
  assert.deepEqual((await run.again()).effects, []);
});

test("a title that pretends to be an answer of Jira names no ticket", async () => {
  const run = await rehearse("leak-tickets", { fixture: "open-leaks" });
  for (const { args } of run.effects.filter(({ tool }) => tool === "github.add_issue_comment")) assert.match(args.body, /^Tracked as PROD-\d+$/);
});

test("a renamed pull request renames its ticket", async () => {
  const run = await rehearse("leak-tickets", { fixture: "open-leaks" });
  const again = await run.again({ answers: { "jira.jira_issues": ({ action, issueKey }) => (action === "get" && issueKey === "PROD-1" ? { key: issueKey, fields: { summary: "an old title" } } : action === "update" ? { text: "" } : undefined) } });
  assert.deepEqual(again.effects.map(({ action, tool }) => [action, tool]), [["update", "jira.jira_issues"]]);
});

test("a ticket that Jira refuses leaves the others alone", async () => {
  const run = await rehearse("leak-tickets", { fixture: "open-leaks", answers: { "jira.jira_issues": ({ labels }) => (labels?.[0] === "gh-pr-1" ? refuses("no such field") : undefined) }, unused: "ignore" });
  assert.equal(run.status, "partial");
  assert.deepEqual(run.effects.filter(({ status }) => status === "done").map(({ label }) => label), [`ticket ${LEAKS[1]}`, `once comment:${LEAKS[1]}`]);
});

test("a ticket that is gone is made again only when a person says so", async () => {
  const run = await rehearse("leak-tickets", { fixture: "open-leaks" });
  const again = await run.again({ after: "1h", answers: { "jira.jira_issues": ({ action, issueKey }) => (action === "get" && issueKey === "PROD-1" ? gone() : undefined) } });
  assert.deepEqual([again.status, again.effects, again.held.length], ["pending", [], 1]);
});
