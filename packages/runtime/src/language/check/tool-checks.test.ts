import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../base/index.ts";
import { compileText, moduleOf } from "../compile.suite.ts";
import type { CallFacts, ToolFacts } from "../tool-facts.ts";

const PLAIN: CallFacts = { pages: null, lagMs: null, affects: [] };
const CALLS: Readonly<Record<string, Partial<CallFacts>>> = {
  list_pull_requests: { pages: { param: "page", path: [] } },
  list_issues: { pages: { param: "page", path: [] }, lagMs: 60_000 },
  jira_search: { pages: { param: null, path: ["issues"] }, lagMs: 120_000 },
  jira_issues: { affects: ["jira_search"] },
};
const SCHEMAS: Readonly<Record<string, JsonObject>> = {
  jira_issues: {
    type: "object",
    properties: {
      summary: { type: "string", minLength: 1, maxLength: 20 }, projectKey: { type: "string", pattern: "^[A-Z]+$" }, issueKey: { type: "string" },
      labels: { type: "array", items: { type: "string", pattern: "^\\S+$" }, maxItems: 2 }, description: { type: "string", format: "date" },
    },
  },
  list_pull_requests: { type: "object", properties: { per_page: { $ref: "#/definitions/size" } }, definitions: { size: { type: "integer", minimum: 1, maximum: 100 } } },
  jira_workflow: { type: "object", anyOf: [{ required: ["transitionId"] }, { required: ["transitionName"] }], properties: { action: { type: "string" } } },
};
const facts: ToolFacts = { call: (_server, tool) => ({ ...PLAIN, ...CALLS[tool] }), inputSchema: (_server, tool) => SCHEMAS[tool] ?? null };

function found(body: string, top = "", on = "[]"): readonly string[] {
  return compileText(moduleOf(body, top, on), { facts }).diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`);
}
const codes = (body: string, top = "", on = "[]"): readonly string[] => found(body, top, on).map((text) => text.split(" ")[0] ?? "");

const SEARCH = `jira.jira_search({ action: "issues", jql: "labels = a" })`;
const PULLS = `github.list_pull_requests({ owner: "a", repo: "b" })`;
const CREATE = `jira.jira_issues({ action: "create", summary: "x" })`;

describe("one page that is taken for all there is", () => {
  test.each([
    `return (await ${PULLS}).filter((pr) => pr.number > 1);`,
    `const pulls = await ${PULLS}; return pulls.map((pr) => pr.title);`,
    `const pulls = await ${PULLS}; const same = pulls; return same.length;`,
    `for (const pr of await ${PULLS}) log(pr.title);`,
    `const found = await ${SEARCH}; return found.issues.some((issue) => issue.key === "A-1");`,
    `const { issues } = await ${SEARCH}; return issues.map((issue) => issue.key);`,
    `const [first, ...rest] = await ${PULLS}; return [first?.title, rest.length];`,
    `return (await ${SEARCH}).issues;`,
    `return await ${PULLS};`,
    `await each(await ${PULLS}, { key: (pr) => pr.node_id }, async (pr) => pr.title);`,
  ])("%s", (body) => expect(codes(body)).toEqual(["PAGES_UNREAD"]));

  test.each([
    `return (await ${PULLS}).at(0)?.title;`,
    `const [newest] = await ${PULLS}; return newest?.title;`,
    `const pulls = await ${PULLS}; return pulls[0];`,
    `return (await ${PULLS}).length > 0;`,
    `return (await ${SEARCH}).issues.length === 0;`,
    `return (await ${SEARCH}).isLast;`,
    `const found = await ${SEARCH}; return found.isLast;`,
    `const { isLast } = await ${SEARCH}; return isLast;`,
    `return await github.list_pull_requests({ owner: "a", repo: "b", page: 2 });`,
    `return await github.list_pull_requests.pages({ owner: "a", repo: "b" }, { max: 2 });`,
    `return (await github.list_commits({ owner: "a", repo: "b" })).length;`,
  ])("not: %s", (body) => expect(codes(body)).toEqual([]));

  test("the record that searches so is told where it does", () => {
    const record = `const r = record("r", { identity: (x: string) => x, find: async (x) => (await jira.jira_search({ action: "issues", jql: "summary ~ " + quote.jql(x) })).issues, create: (x) => jira.jira_issues({ action: "create", summary: x }), keep: (i) => ({ key: i.key }) });`;
    expect(found(`await r.ensure("a");`, record)).toEqual(["PAGES_UNREAD 2:79"]);
  });
});

describe("a read that may not show what was written before it", () => {
  test.each([
    `await once("k", () => ${CREATE}); return await jira.jira_search.pages({ action: "issues", jql: "labels = a" });`,
    `await once("k", () => ${CREATE}); const look = async () => (await ${SEARCH}).isLast; return await look();`,
    `if (inputs.flag) await once("k", () => ${CREATE}); return (await ${SEARCH}).isLast;`,
    `await each(["a"], { key: (x) => x }, (x) => once(x, () => ${CREATE})); return (await ${SEARCH}).isLast;`,
    `try { await once("k", () => ${CREATE}); } catch { return (await ${SEARCH}).isLast; }`,
  ])("%s", (body) => expect(codes(body)).toEqual(["READ_STALE"]));

  test.each([
    `const last = (await ${SEARCH}).isLast; await once("k", () => ${CREATE}); return last;`,
    `if (inputs.flag) await once("k", () => ${CREATE}); else return (await ${SEARCH}).isLast;`,
    `if (inputs.flag) { await once("k", () => ${CREATE}); throw fail("x"); } return (await ${SEARCH}).isLast;`,
    `await once("k", () => ${CREATE}); return (await github.list_issues({ owner: "a", repo: "b" })).at(0);`,
    `await each(["a"], { key: (x) => x }, async (x) => { if ((await ${SEARCH}).isLast) await once(x, () => ${CREATE}); });`,
  ])("not: %s", (body) => expect(codes(body)).toEqual([]));

  test("branches side by side do not come after each other; who waited reads what is there", () => {
    const write = `a: async () => { await once("k", () => ${CREATE}); return 1; }`;
    expect(codes(`const both = await parallel({ ${write}, b: async () => (await ${SEARCH}).isLast }); return both.b;`)).toEqual([]);
    expect(codes(`await parallel({ ${write}, b: async () => 2 }); return (await ${SEARCH}).isLast;`)).toEqual(["READ_STALE"]);
    expect(codes(`await once("k", () => ${CREATE}); await sleep("1h"); return (await ${SEARCH}).isLast;`)).toEqual([]);
  });

  test("a record wrote it", () => {
    const record = `const r = record("r", { identity: (x: string) => x, find: (x) => jira.jira_search.pages({ action: "issues", jql: "summary ~ " + quote.jql(x) }), create: (x) => jira.jira_issues({ action: "create", summary: x }), keep: (i) => ({ key: i.key }) });`;
    expect(codes(`await r.ensure("a"); return (await ${SEARCH}).isLast;`, record)).toEqual(["READ_STALE"]);
    expect(codes(`await r.lookup("a"); return (await ${SEARCH}).isLast;`, record)).not.toContain("READ_STALE");
  });
});

describe("a tool that no path reaches", () => {
  test.each([
    ["a helper that nothing calls", `return 1;`, `const list = () => ${PULLS};`],
    ["a record that nothing uses", `return 1;`, `const r = record("r", { identity: (x: string) => x, find: (x) => jira.jira_search.pages({ action: "issues", jql: "summary ~ " + quote.jql(x) }), create: (x) => jira.jira_issues({ action: "create", summary: x }), keep: (i) => ({ key: i.key }) });`],
    ["a helper in the body", `const list = () => github.list_pull_requests.pages({ owner: "a", repo: "b" }); return 1;`, ""],
    ["helpers that only call each other", `return 1;`, `const a = () => github.list_pull_requests.pages({ owner: "a", repo: "b" }); const b = async () => (await a()).length;`],
  ])("%s", (_name, body, top) => expect(new Set(codes(body, top))).toContain("TOOL_UNREACHABLE"));

  test("behind a return, and through helpers and records it is reached", () => {
    expect(codes(`if (inputs.flag) { return 1; await github.list_commits({ owner: "a", repo: "b" }); } return 2;`)).toContain("TOOL_UNREACHABLE");
    expect(codes(`return await outer();`, `const inner = async () => (await ${PULLS}).at(0)?.title; const outer = () => inner();`)).toEqual([]);
    expect(codes(`return (await each(["a"], { key: (x) => x }, get)).length;`, `const get = async (x: string) => github.get_pull_request({ owner: x, repo: "b", pull_number: 1 });`)).toEqual([]);
  });
});

describe("arguments that the tool's schema refuses and TypeScript lets pass", () => {
  test.each([
    [`await once("k", () => jira.jira_issues({ action: "create", summary: "" }));`, "ARGUMENT_INVALID 3:60"],
    [`await once("k", () => jira.jira_issues({ action: "create", summary: "longer than twenty characters" }));`, "ARGUMENT_INVALID 3:60"],
    [`await once("k", () => jira.jira_issues({ action: "create", projectKey: "prod" }));`, "ARGUMENT_INVALID 3:60"],
    [`await once("k", () => jira.jira_issues({ action: "create", labels: ["a b"] }));`, "ARGUMENT_INVALID 3:69"],
    [`await once("k", () => jira.jira_issues({ action: "create", labels: ["a", "b", "c"] }));`, "ARGUMENT_INVALID 3:60"],
    [`return (await github.list_pull_requests({ owner: "a", repo: "b", per_page: 500 })).at(0);`, "ARGUMENT_INVALID 3:66"],
    [`return await jira.jira_workflow({ action: "get_transitions", issueKey: "A-1" });`, "ARGUMENT_INVALID 3:33"],
  ])("%s", (body, code) => expect(found(body)).toEqual([code]));

  test("a constant is looked through and told where it is used; formats only warn", () => {
    expect(found(`return (await github.list_pull_requests({ owner: "a", repo: "b", per_page: size })).at(0);`, "const size = 0;")).toEqual(["ARGUMENT_INVALID 3:66"]);
    const { program, diagnostics } = compileText(moduleOf(`await once("k", () => jira.jira_issues({ action: "create", description: "tomorrow" }));`), { facts });
    expect(diagnostics).toMatchObject([{ code: "ARGUMENT_INVALID", severity: "warning", message: 'description of jira.jira_issues: must be a date, like "2026-01-31".' }]);
    expect(program).not.toBeNull();
  });

  test.each([
    `return (await github.list_pull_requests({ owner: "a", repo: "b", per_page: inputs.count })).at(0);`,
    `return (await github.list_pull_requests({ ...inputs, state: "all" })).at(0);`,
    `await once.perRun(() => jira.jira_workflow({ action: "transition", issueKey: "A-1", transitionId: "3" }));`,
    `await once("k", () => jira.jira_issues({ action: "create", labels: [...inputs.tags, "a"], summary: inputs.owner }));`,
  ])("not: %s", (body) => expect(codes(body)).toEqual([]));
});
