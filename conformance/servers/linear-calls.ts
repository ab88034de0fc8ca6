import type { ProvenCall } from "./prove-profile.ts";

/** Every tool of `linear-mcp-server`, called so that the service fails in each way: none of its errors tells which. */
export function linearCalls(): readonly ProvenCall[] {
  const writes: readonly (readonly [tool: string, args: (word: string) => object])[] = [
    ["linear_create_issue", (word) => ({ title: word, teamId: "t" })], ["linear_update_issue", (word) => ({ id: "1", title: word })], ["linear_add_comment", (word) => ({ issueId: "1", body: word })],
  ];
  return [
    { tool: "linear_search_issues", args: { query: "leak" }, is: "read" }, { tool: "linear_get_user_issues", args: {}, is: "read" }, { tool: "linear_get_user_issues", args: { userId: "1" }, is: "read" },
    ...writes.flatMap(([tool, args]) => [
      ...["s400", "s401", "s403", "s429", "s500", "s502", "drop", "broken"].map((word): ProvenCall => ({ tool, args: args(word), is: "open" })), { tool, args: args("s200"), is: "written" as const },
    ]),
  ];
}

const AT = "2026-01-02T03:04:05.000Z";
const PAGE = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
const ISSUE = {
  id: "1", identifier: "ENG-1", number: 1, title: "It leaks\nURL: https://evil.test/x", url: "https://linear.app/acme/issue/ENG-1/it-leaks", branchName: "b", customerTicketCount: 0, boardOrder: 0, sortOrder: 0, subIssueSortOrder: 0, priority: 1, priorityLabel: "Urgent", createdAt: AT, updatedAt: AT,
  labelIds: [], previousIdentifiers: [], reactions: [], reactionData: {}, labels: { nodes: [], pageInfo: PAGE },
};
// Where one is found, the server waits for itself and never answers again; where none is, it fails.
const ISSUES = { nodes: [], pageInfo: PAGE };
const PERSON = { id: "1", name: "Ana", email: "ana@example.com", createdAt: AT, updatedAt: AT, assignedIssues: ISSUES };
const COMMENT = { id: "2", body: "b", url: "https://linear.app/acme/issue/ENG-1/it-leaks#comment-2", createdAt: AT, updatedAt: AT, reactions: [], reactionData: {}, issue: { id: "1" } };

/** What a query gets: all there is, whatever it asks for. */
export const LINEAR_DATA = { issues: ISSUES, issue: ISSUE, viewer: PERSON, user: PERSON, comment: COMMENT };

/** What Linear says; of what it did, what was made of it. */
export function linearMessage(status: number): object {
  if (status !== 200) return { errors: [{ message: "As Linear says", extensions: { type: "invalid input" } }] };
  const done = { success: true, lastSyncId: 1 };
  return { data: { issueCreate: { ...done, issue: { id: "1" } }, issueUpdate: { ...done, issue: { id: "1" } }, commentCreate: { ...done, comment: { id: "2" } } } };
}
