import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { type Learnt, NOTHING_LEARNT, withResult } from "./learnt.ts";
import type { ProfileTypeInfo } from "./profile-types.ts";
import { generateServerTypes } from "./server-types.ts";
import { AWKWARD, someLock } from "./tools.suite.ts";
import { typeFaults } from "./type-check.suite.ts";

function generate(tools: readonly Data[], options: { server?: string; learnt?: Learnt; profile?: Omit<ProfileTypeInfo, "server"> } = {}): string {
  const server = options.server ?? "demo";
  const profiles = options.profile === undefined ? [] : [{ server, ...options.profile }];
  return generateServerTypes({ lock: someLock(tools, server), learnt: options.learnt ?? NOTHING_LEARNT, profiles });
}

function learntOf(...results: readonly (readonly [tool: string, value: Data, kind?: string])[]): Learnt {
  return results.reduce((learnt, [tool, value, kind]) => withResult(learnt, { server: "demo", tool, case: kind ?? "*" }, value), NOTHING_LEARNT);
}

const list = { name: "list_pull_requests", description: "Lists.", inputSchema: { type: "object", properties: { owner: { type: "string" }, page: { type: "number" } }, required: ["owner"] } };
const get = { name: "get_pull_request", inputSchema: { type: "object", properties: { number: { type: "integer" } }, required: ["number"] } };
const issues = {
  name: "jira_issues",
  inputSchema: { type: "object", properties: { action: { type: "string", enum: ["get", "create"] }, key: { type: "string" }, labels: { type: "array", items: { type: "string" } } }, required: ["action"] },
};

test("a server is a constant and a namespace with the types of its tools", () => {
  expect(generate([list, get]).split("\n")).toEqual([
    "// Made by Offstage from offstage.lock, offstage.learnt.json and the profiles: `offstage lock` makes it anew.",
    "",
    'import type { ServerBase, Tool, Unlearnt } from "offstage";',
    "",
    "/** demo-server@1.2.3 (demo-server 1.2.3) */",
    "export declare const demo: demo.Server;",
    "export declare namespace demo {",
    "  interface GetPullRequestArgs {",
    "    number: number;",
    "  }",
    "  interface ListPullRequestsArgs {",
    "    owner: string;",
    "    page?: number;",
    "  }",
    "  interface Server extends ServerBase {",
    "    /** (write) */",
    '    get_pull_request: Tool<GetPullRequestArgs, Unlearnt<"demo.get_pull_request">>;',
    "    /**",
    "     * Lists.",
    "     *",
    "     * (write)",
    "     */",
    '    list_pull_requests: Tool<ListPullRequestsArgs, Unlearnt<"demo.list_pull_requests">>;',
    "  }",
    "}",
    "",
  ]);
});

test("learnt results are read-only types; pages give items; one name for what a profile says is one thing", () => {
  const text = generate([list, get], {
    learnt: learntOf(["list_pull_requests", [{ id: 1, user: { login: "a" }, labels: [] }]], ["get_pull_request", { id: 1, user: null, labels: ["x"], merged: true }]),
    profile: { names: { ListPullRequestsItem: "PullRequest", GetPullRequestResult: "PullRequest" }, tools: { list_pull_requests: [{ when: [], pages: { path: [] } }] } },
  });
  expect(text).toContain(
    "  type ListPullRequestsResult = readonly PullRequest[];\n  interface PullRequest {\n    readonly id: number;\n    readonly labels: readonly string[];\n    readonly merged?: boolean;\n    readonly user: null | { readonly login: string };\n  }\n",
  );
  expect(text).toContain("get_pull_request: Tool<GetPullRequestArgs, PullRequest>;");
  expect(text).toContain("list_pull_requests: Tool<ListPullRequestsArgs, ListPullRequestsResult, PullRequest>;");
  expect(typeFaults(text, `
    import { demo } from "#servers";
    const pulls = await demo.list_pull_requests.pages({ owner: "a" });
    const one: demo.PullRequest = await demo.get_pull_request({ number: pulls[0]?.id ?? 1 });
    const login: string | undefined = one.user?.login;
    // @ts-expect-error results are read-only
    one.labels.push("x");
    // @ts-expect-error an argument that the tool does not know
    await demo.list_pull_requests({ owner: "a", perPage: 3 });
    export { login };
  `)).toEqual([]);
});

test("literal rules are overloads, the most general last; a rule's result is the call's type", () => {
  const text = generate([issues], {
    learnt: learntOf(["jira_issues", { key: "A-1", fields: { summary: "s" } }, "action=get"]),
    profile: {
      names: { JiraIssuesGetResult: "Issue" },
      tools: { jira_issues: [{ when: [{ argument: "action", equals: "get" }] }, { when: [{ argument: "action", equals: "create" }], result: "{ key: string; }" }] },
    },
  });
  expect(text).toContain([
    "    jira_issues:",
    '      & Tool<JiraIssuesArgs & { action: "get" }, Issue>',
    '      & Tool<JiraIssuesArgs & { action: "create" }, JiraIssuesCreateResult>',
    "      & Tool<JiraIssuesArgs, Issue | JiraIssuesCreateResult>;",
  ].join("\n"));
  expect(typeFaults(text, `
    import { demo } from "#servers";
    import { profile } from "offstage";
    const issue: demo.Issue = await demo.jira_issues({ action: "get", key: "A-1" });
    const made: { readonly key: string } = await demo.jira_issues({ action: "create", labels: ["a"] as readonly string[] });
    const either = await demo.jira_issues({ action: issue.key === made.key ? "get" : "create" });
    // @ts-expect-error only one of them has fields
    either.fields;
    profile<typeof demo>("x@1", { jira_issues: [{ when: (a) => a.action === "get" || a.key === "x" }] });
  `)).toEqual([]);
});

test("items of pages are found by their path; what was never seen is unlearnt", () => {
  const rules = { jira_issues: [{ when: [{ argument: "action", equals: "get" }], pages: { path: ["issues"] } }, { when: [], pages: { path: null, item: "{ id: number; }" } }] };
  const seen = generate([issues], { learnt: learntOf(["jira_issues", { issues: [{ key: "A" }], isLast: true }, "action=get"]), profile: { names: {}, tools: rules } });
  expect(seen).toContain("interface JiraIssuesGetItem {\n    readonly key: string;\n  }");
  expect(seen).toContain("readonly issues: readonly JiraIssuesGetItem[]");
  expect(seen).toContain('Tool<JiraIssuesArgs & { action: "get" }, JiraIssuesGetResult, JiraIssuesGetItem>');
  expect(seen).toContain('& Tool<JiraIssuesArgs, JiraIssuesGetResult | Unlearnt<"demo.jira_issues">, { id: number; }>;');
  const empty = generate([issues], { learnt: learntOf(["jira_issues", { issues: [] }, "action=get"]), profile: { names: {}, tools: rules } });
  expect(empty).toContain('Tool<JiraIssuesArgs & { action: "get" }, JiraIssuesGetResult, Unlearnt<"demo.jira_issues">>');
  expect(typeFaults(seen)).toEqual([]);
  expect(typeFaults(empty)).toEqual([]);
});

describe("an output schema", () => {
  const tool = (outputSchema: Data): Data => ({ ...get, outputSchema });
  const learnt = learntOf(["get_pull_request", { id: 1 }]);

  test("is the type of the result", () => {
    expect(generate([tool({ type: "object", properties: { id: { type: "string" } }, required: ["id"] })], { learnt })).toContain("interface GetPullRequestResult {\n    readonly id: string;\n  }");
  });

  test("that requires nothing is narrowed by what was learnt", () => {
    expect(generate([tool({ type: "object" })], { learnt })).toContain("interface GetPullRequestResult {\n    readonly id: number;\n  }");
    expect(generate([tool({ type: "object" })])).toContain("type GetPullRequestResult = { readonly [key: string]: unknown };");
  });
});

test("what was printed before of the same lock does not show in what is printed with other knowledge", () => {
  const profile = { server: "demo", names: { GetPullRequestResult: "PullRequest" }, tools: {} };
  const learnt = learntOf(["get_pull_request", { id: 1 }]);
  const knowledge = [{ learnt: NOTHING_LEARNT, profiles: [] }, { learnt, profiles: [] }, { learnt, profiles: [profile] }, { learnt, profiles: [] }, { learnt: NOTHING_LEARNT, profiles: [] }];
  const lock = someLock([list, get], "demo");
  expect(knowledge.map((known) => generateServerTypes({ lock, ...known }))).toEqual(knowledge.map((known) => generateServerTypes({ lock: someLock([list, get], "demo"), ...known })));
});

test("equal definitions of several tools are one type, other ones keep to their tool", () => {
  const defs = (type: string): Data => ({ Text: { type: "object", properties: { text: { type } } } });
  const tool = (name: string, type: string): Data => ({ name, inputSchema: { type: "object", properties: { a: { $ref: "#/$defs/Text" } }, $defs: defs(type) } });
  const text = generate([tool("a", "string"), tool("b", "string"), tool("c", "number")]);
  expect(text.match(/ Text \{/g)?.length).toBe(1);
  expect(text).toContain("interface CText {\n    text?: number;\n  }");
  expect(text).toContain("interface BArgs {\n    a?: Text;\n  }");
});

test("a name that is taken, no name, or the file's own is not given", () => {
  const names = { GetPullRequestResult: "Tool", ListPullRequestsItem: "no name", ListPullRequestsResult: "GetPullRequestArgs" };
  const text = generate([list, get], { learnt: learntOf(["list_pull_requests", [{ id: 1 }]], ["get_pull_request", { id: 1 }]), profile: { names, tools: {} } });
  expect(text).toContain("interface GetPullRequestResult {");
  expect(text).toContain("interface ListPullRequestsItem {");
  expect(text).toContain("type ListPullRequestsResult = readonly ListPullRequestsItem[];");
});

test("tools that are called like what every server has take its place", () => {
  const text = generate([{ name: "read" }, { name: "constructor" }, { name: "__proto__" }, { name: "get-me" }, { name: "get_me" }]);
  expect(text).toContain('interface Server extends Omit<ServerBase, "read"> {');
  expect(text).toContain('    "get-me": Tool<GetMeArgs, ');
  expect(text).toContain("    get_me: Tool<GetMe2Args, ");
  expect(typeFaults(text)).toEqual([]);
});

test("servers get identifiers", () => {
  expect(generate([get], { server: "my-server" })).toContain("export declare const myServer: myServer.Server;");
});

test.each(Object.entries(AWKWARD))("the tools of %s have types", (_, tools) => {
  expect(typeFaults(generate(tools))).toEqual([]);
});

test("nothing that a server says is anything but a name, a literal or a comment", () => {
  const evil = '*/ export const owned = 1; /* "`${x}\n// @ts-ignore\n@deprecated \u202e\u2028';
  const text = generate([
    { name: evil, description: evil, inputSchema: { type: "object", description: evil, properties: { [evil]: { enum: [evil], description: evil, default: evil } }, required: [evil] }, outputSchema: { properties: { [evil]: { $ref: `#/$defs/${evil}` } }, $defs: { [evil]: { type: "string", description: evil } } } },
  ], { server: evil });
  expect(typeFaults(text)).toEqual([]);
  expect(text).not.toMatch(/[\u202e\u2028]/);
  expect(text).not.toMatch(/^\s*(?:\*\s*|\/\*\*\s*)?@/m);
  expect(text.replaceAll("*\\/", "").match(/^export .*$/gm)?.every((line) => line.startsWith("export declare "))).toBe(true);
});

test("whatever a server lists and answers, the types check", () => {
  const word = fc.oneof(fc.constantFrom("a", "A", "a-b", "Tool", "Server", "read", "string", "type", "#", "*/", "\u202e"), fc.string({ unit: "binary", maxLength: 6 }));
  const { schema } = fc.letrec<{ schema: Data }>((tie) => ({
    schema: fc.oneof(
      { depthSize: "small", maxDepth: 4 },
      fc.constantFrom<Data>({ type: "string" }, { type: ["integer", "null"] }, { $ref: "#/$defs/a" }, { $ref: "#" }, { $ref: "#/properties/a" }, true, false, {}),
      fc.record({ type: fc.constant("object"), properties: fc.dictionary(word, tie("schema"), { maxKeys: 4 }), required: fc.array(word, { maxLength: 2 }), additionalProperties: tie("schema"), $defs: fc.record({ a: tie("schema") }) }, { requiredKeys: ["type"] }),
      fc.record({ type: fc.constant("array"), items: tie("schema"), prefixItems: fc.array(tie("schema"), { maxLength: 2 }) }, { requiredKeys: ["type"] }),
      fc.record({ anyOf: fc.array(tie("schema"), { maxLength: 3 }), allOf: fc.array(tie("schema"), { maxLength: 2 }), description: word }, { requiredKeys: [] }),
      fc.array(fc.oneof(word, fc.integer(), fc.constant(null)), { minLength: 1, maxLength: 4 }).map((values) => ({ enum: values })),
    ),
  }));
  const tool = fc.record({ name: word, description: word, inputSchema: schema, outputSchema: schema }, { requiredKeys: ["name"] });
  fc.assert(fc.property(fc.array(tool, { maxLength: 5 }), fc.jsonValue(), word, (tools, value, better) => {
    const learnt = learntOf(...tools.map(({ name }) => [name, value as Data] as const));
    const profile = { names: { AResult: better, AItem: better, ToolArgs: better }, tools: {} };
    expect(typeFaults(generate(tools, { learnt, profile }))).toEqual([]);
  }), { numRuns: 40 });
});
