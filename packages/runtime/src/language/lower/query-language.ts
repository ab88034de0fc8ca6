/**
 * What a query is written in, as far as its place and its text tell. `search`: words and qualifiers, as GitHub or Lucene
 * take them. `condition`: comparisons of a language that nothing names.
 */
export type QueryLanguage = "jql" | "sql" | "graphql" | "cypher" | "search" | "condition";

/** Which `quote.…` make a value safe, the one to recommend first. Cypher and searches take the literals of GraphQL: double quotes, backslashes. */
export const QUOTES: Readonly<Record<QueryLanguage, readonly string[]>> = { jql: ["jql"], sql: ["sql"], graphql: ["graphql"], cypher: ["graphql"], search: ["graphql", "jql"], condition: ["graphql", "sql", "jql"] };

const BY_NAME: ReadonlyMap<string, QueryLanguage> = new Map([
  ["jql", "jql"], ["cql", "jql"], ["sql", "sql"], ["soql", "sql"], ["graphql", "graphql"], ["graphqlquery", "graphql"], ["gql", "graphql"], ["cypher", "cypher"],
]);
/** Names that hold a query of some language, or only words to look for. */
const OPEN_NAMES: ReadonlySet<string> = new Set(["query", "q", "statement", "filter", "where", "search", "searchquery", "filterquery", "queryString", "condition", "expression", "command"].map(plain));

/**
 * The language of the text that an argument called `name` holds, of a tool described by `place` (its server's and its own
 * name). null when it is no query: plain words to look for change nothing by what they are.
 */
export function queryLanguage(name: string, place: string, texts: readonly string[]): QueryLanguage | null {
  const named = BY_NAME.get(plain(name));
  if (named !== undefined) return named;
  return OPEN_NAMES.has(plain(name)) ? ofText(texts.join("?"), place.toLowerCase(), texts.slice(0, -1)) : null;
}

function ofText(text: string, place: string, before: readonly string[]): QueryLanguage | null {
  if (/^\s*(?:select|insert\s+into|update|delete\s+from|with|merge\s+into|call)\b/i.test(text)) return "sql";
  if (/^\s*(?:optional\s+)?(?:match|unwind|merge|create)\s*\(/i.test(text)) return "cypher";
  if (/^\s*(?:query|mutation|subscription|fragment)\b[^=]*\{|^\s*\{/i.test(text)) return "graphql";
  // A value right behind an operator or a qualifier is part of a condition.
  if (before.some((part) => /(?:[=~<>]|\blike|\bin\s*\(|,)\s*['"]?$/i.test(part) && /[=~<>]|\blike\b|\bin\s*\(/i.test(part))) return /jira|confluence|atlassian/.test(place) ? "jql" : "condition";
  return before.some((part) => /\b[a-z][\w-]*:['"]?$/i.test(part)) ? "search" : null;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "");
}
