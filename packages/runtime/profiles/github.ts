import { profile } from "offstage";

/**
 * What `@modelcontextprotocol/server-github` does not say about itself; written by reading and running 2025.4.8. It is
 * one REST request for most tools; errors come as protocol errors (-32603) whose message begins with a word for the
 * status. Without a type argument: a project may call the server what it likes.
 *
 * What to know besides: `list_issues` lists pull requests too; one pull request from a deleted fork or user makes
 * `list_pull_requests` fail as a whole ("Invalid input", from the server's own check of GitHub's answer); arguments it
 * does not know (`perPage` for `per_page`) are ignored; `autoInit` of `create_repository` never reaches GitHub.
 */

// 401, 403, 404, 409, 422, 429 of a tool whose only write is its only POST, PUT or PATCH: GitHub did not do it. Everything
// else ("GitHub API Error" is any other status, 502 and 504 among them; "fetch failed"; a broken answer) may have happened.
const denied = (text: string) => /^(?:Authentication Failed|Permission Denied|Not Found|Conflict|Validation Error|Rate Limit Exceeded): /.test(text);

// The server checks arguments, and GitHub's answer *after the write*, with the same words. Only tools that pass the answer
// on unchecked prove something by them.
const invalid = (text: string) => text.startsWith("Invalid input: ");

// Deleted issues are 410, which the server does not know by name. A 404 may also mean that the token may not see it.
const missing = (text: string) => text.startsWith("Not Found: ") || text === "GitHub API Error: This issue was deleted";

const pages = { by: "page" as const, param: "page", size: ["per_page", 100] as const };

// GitHub gives the first 1,000 hits of a search (ten pages), and says when it gave up early.
const cutOff = (found: { incomplete_results: boolean; total_count: number }) => found.incomplete_results || found.total_count > 1000;

// Files, comments and reviews cannot be asked for a second page; GitHub's pages have 30 items.
const mayHaveMore = (list: readonly unknown[]) => list.length >= 30;

// GitHub's lists and single resources come from replicas that follow within seconds; the index of a search within minutes.
const replica = "1m";
const index = "10m";

export default profile("@modelcontextprotocol/server-github@2025", {
  list_issues: [{ effect: "read", lag: replica, pages }],
  list_pull_requests: [{ effect: "read", lag: replica, pages }],
  list_commits: [{ effect: "read", lag: replica, pages: { by: "page", param: "page", size: ["perPage", 100] } }],
  get_issue: [{ effect: "read", lag: replica, gone: (r) => r.isError && missing(r.text) }],
  get_pull_request: [{ effect: "read", lag: replica, gone: (r) => r.isError && missing(r.text) }],
  get_file_contents: [{ effect: "read", lag: replica, gone: (r) => r.isError && missing(r.text) }],
  get_pull_request_files: [{ effect: "read", lag: replica, pages: { by: "none", more: (r) => mayHaveMore(r) } }],
  get_pull_request_comments: [{ effect: "read", lag: replica, pages: { by: "none", more: (r) => mayHaveMore(r) } }],
  get_pull_request_reviews: [{ effect: "read", lag: replica, pages: { by: "none", more: (r) => mayHaveMore(r) } }],
  get_pull_request_status: [{ effect: "read", lag: replica }],
  search_issues: [{ effect: "read", lag: index, pages: { by: "page", param: "page", size: ["per_page", 100], max: 10, items: (r) => r.items, more: (r) => cutOff(r) } }],
  search_code: [{ effect: "read", lag: index, pages: { by: "page", param: "page", size: ["per_page", 100], max: 10, items: (r) => r.items, more: (r) => cutOff(r) } }],
  search_users: [{ effect: "read", lag: index, pages: { by: "page", param: "page", size: ["per_page", 100], max: 10, items: (r) => r.items, more: (r) => cutOff(r) } }],
  search_repositories: [{ effect: "read", lag: index, pages: { by: "page", param: "page", size: ["perPage", 100], max: 10, items: (r) => r.items, more: (r) => cutOff(r) } }],

  create_issue: [
    {
      effect: "write", undo: "close it", affects: ["list_issues", "search_issues"],
      // It words its errors by itself: a 404 in a sentence, other statuses only by the class in the stack.
      refused: (r) => invalid(r.text) || /^Repository '[^'\n]*' not found\. Please verify:/.test(r.text)
        || /^Failed to create issue: [^\n]*\nStack: GitHub(?:Authentication|Permission|Conflict|Validation|RateLimit)Error: /.test(r.text),
    },
  ],
  // A PATCH that sets what it names: labels and assignees replace what was there.
  update_issue: [
    { effect: "write", idempotent: true, refused: (r) => denied(r.text) || invalid(r.text), affects: ["get_issue", "list_issues", "search_issues", "get_pull_request", "list_pull_requests"] },
  ],
  // No tool takes a comment away again.
  add_issue_comment: [{ effect: "write", undo: "none", refused: (r) => denied(r.text) || invalid(r.text), affects: ["get_issue", "list_issues", "search_issues"] }],

  create_pull_request: [{ effect: "write", undo: "close it", refused: (r) => denied(r.text), affects: ["list_pull_requests", "list_issues", "search_issues"] }],
  create_pull_request_review: [
    { effect: "write", undo: "none", refused: (r) => denied(r.text), affects: ["get_pull_request_reviews", "get_pull_request_comments", "get_pull_request"] },
  ],
  // Not idempotent: a second merge of what was merged is refused, which says nothing about the first. Look at `merged_at`.
  // 405 has no name of its own; these are the two sentences it comes with.
  merge_pull_request: [
    {
      effect: "write", undo: "none",
      refused: (r) => denied(r.text) || invalid(r.text) || r.text === "GitHub API Error: Pull Request is not mergeable" || r.text === "GitHub API Error: Base branch was modified. Review and try the merge again.",
      affects: ["get_pull_request", "list_pull_requests", "get_issue", "list_issues", "search_issues", "list_commits", "get_file_contents"],
    },
  ],
  // GitHub merges the base in after it has answered.
  update_pull_request_branch: [
    { effect: "write", undo: "none", refused: (r) => denied(r.text) || invalid(r.text), affects: ["get_pull_request", "list_pull_requests", "get_pull_request_files", "get_pull_request_status", "list_commits"] },
  ],

  // Reads the branch it starts from first; an error of that read proves as much as one of the write.
  create_branch: [{ effect: "write", undo: "delete the branch", refused: (r) => denied(r.text), affects: ["list_commits", "get_file_contents"] }],
  // Without `sha` it looks the present one up and replaces whatever is there; the same content again is another commit.
  create_or_update_file: [{ effect: "write", undo: "commit what was there", refused: (r) => denied(r.text), affects: ["get_file_contents", "list_commits", "search_code"] }],
  // Four requests, three of them writes, with one set of words for errors: none proves that nothing was written. The last
  // one is forced: it drops what others pushed meanwhile.
  push_files: [{ effect: "write", undo: "none", affects: ["get_file_contents", "list_commits", "search_code"] }],
  create_repository: [{ effect: "write", undo: "delete the repository", refused: (r) => denied(r.text), affects: ["search_repositories"] }],
  fork_repository: [{ effect: "write", undo: "delete the fork", refused: (r) => denied(r.text), affects: ["search_repositories"] }],

  // Below GitHub's limits for one token: 900 points a minute, where a read is 1 and a write 5; 100 at a time.
  "*": {
    rate: { perSecond: 8, concurrent: 4 },
    names: {
      ListPullRequestsItem: "PullRequest", GetPullRequestResult: "PullRequest",
      ListIssuesItem: "Issue", GetIssueResult: "Issue",
      ListCommitsItem: "Commit",
      GetPullRequestFilesItem: "PullRequestFile", GetPullRequestCommentsItem: "ReviewComment", GetPullRequestReviewsItem: "Review",
      GetPullRequestStatusResult: "CombinedStatus",
      AddIssueCommentResult: "Comment",
      SearchIssuesItem: "FoundIssue", SearchCodeItem: "FoundCode", SearchUsersItem: "FoundUser", SearchRepositoriesItem: "FoundRepository",
    },
  },
}, { hosts: ["api.github.com"] });
