import { expect, test } from "vitest";
import { compileText, moduleOf } from "../compile.suite.ts";
import { queryLanguage } from "./query-language.ts";

const codes = (body: string, top = ""): readonly string[] => compileText(moduleOf(body, top)).diagnostics.map(({ code }) => code);
const search = (jql: string): string => `return await jira.jira_search.pages({ action: "issues", jql: ${jql} });`;

test.each([
  search("`labels = ${inputs.owner}`"),
  search(`"labels = " + inputs.owner`),
  search(`\`labels = "\${inputs.owner}"\``),
  `const jql = \`labels = \${inputs.owner}\`; ${search("jql")}`,
  `const jql = \`labels = \${inputs.owner}\`; return await jira.jira_search.pages({ action: "issues", jql });`,
  search("inputs.flag ? `labels = ${inputs.owner}` : \"labels = a\""),
  search("inputs.tags.length > 0 ? `labels = ${inputs.tags.join(\", \")}` : \"labels = a\""),
  search("labelled(inputs.owner)"),
  `return (await github.search_issues({ q: \`is:open author:\${inputs.owner}\` })).length === 0;`,
])("a value goes into the query as it is: %s", (body) => {
  expect(codes(body, "const labelled = (label: string) => `labels = ${label}`;")).toContain("QUERY_UNQUOTED");
});

test.each([
  search("`labels = ${quote.jql(inputs.owner)}`"),
  search(`"labels = " + quote.jql(inputs.owner)`),
  search("`created > -${inputs.count}d AND labels = ${\"a\"}`"),
  search("inputs.owner"),
  search("labelled(quote.jql(inputs.owner))"),
  search("`labels in (${inputs.tags.map((tag) => quote.jql(tag)).join(\", \")})`"),
  search("`labels in (${inputs.tags.map(quote.jql).join(\", \")})`"),
  `const label = quote.jql(inputs.owner); ${search("`labels = ${label}`")}`,
  search("`labels = a${inputs.flag ? \" AND status = Open\" : \"\"}`"),
  `return (await github.search_issues({ q: \`memory leak \${inputs.owner}\` })).length === 0;`,
])("it is safe: %s", (body) => {
  expect(codes(body, "const labelled = (label: string) => `labels = ${label}`;").filter((code) => code.startsWith("QU"))).toEqual([]);
});

test("quoted for another language, or twice", () => {
  expect(codes(search("`labels = ${quote.sql(inputs.owner)}`"))).toEqual(["QUOTE_WRONG"]);
  expect(codes(search("`labels = \"${quote.jql(inputs.owner)}\"`"))).toEqual(["QUOTE_WRONG"]);
  expect(codes(search("`labels = ${quote.markdown(inputs.owner)}`"))).toEqual(["QUOTE_WRONG"]);
});

test.each([
  ["jql", "search", "jql", ["x"]],
  ["sql", "db run", "sql", ["x"]],
  ["query", "postgres query", "sql", ["SELECT * FROM a WHERE b = ", ""]],
  ["query", "api call", "graphql", ["query { user(login: ", ") { id } }"]],
  ["query", "neo4j read", "cypher", ["MATCH (n) WHERE n.name = ", " RETURN n"]],
  ["query", "jira search", "jql", ["project = A AND labels = ", ""]],
  ["filter", "airtable list", "condition", ["status = '", "'"]],
  ["q", "github search", "search", ["is:open author:", ""]],
  ["query", "brave web_search", null, ["weather in ", ""]],
  ["query", "memory search_nodes", null, ["", " and more"]],
  ["title", "x y", null, ["SELECT ", ""]],
] as const)("%s of %s is %s", (name, place, language, texts) => {
  expect(queryLanguage(name, place, texts)).toBe(language);
});
