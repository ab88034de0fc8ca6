import { profile } from "offstage";

/**
 * What GitHub's own server, as an image or as the program `github-mcp-server`, does not say about itself; written by reading and running v1.9.0, for its default
 * tools. Everything else it can be started with counts as a write until somebody looked. Without a type argument: a project may
 * call the server what it likes.
 *
 * What to know besides: it answers with short forms of GitHub's objects (`{ id, url }` after a write; `id` is not the number); an
 * empty text counts as absent (`update` cannot clear a body); titles and bodies it reads are cleaned of hidden characters.
 */

// GitHub's refusal of one request, as the server words it: the request, the status, GitHub's message. Everything else (5xx, `EOF`,
// a broken answer) may have happened. `what` is the server's own word for the request, so that a later one of the same tool is not meant.
const denied = (text: string, what: string) => text.startsWith(`${what} http`) && /^[^"\n]*: (?:POST|PUT|PATCH|DELETE) https?:\/\/[^ ]+: (?:401|403|404|405|409|410|422|429) /.test(text);

// Every tool looks at its arguments before it sends anything.
const incomplete = (text: string) => /^missing required parameter: [A-Za-z_]+$/.test(text);

// Deleted issues are 410. A 404 may also mean that the token may not see it.
const missing = (text: string) => /^failed to get (?:issue|pull request): GET https?:\/\/[^ ]+: (?:404|410) /.test(text);

const pages = { by: "page" as const, param: "page", size: ["perPage", 100] as const };

// GitHub gives the first 1,000 hits of a search (ten pages), and says when it gave up early.
const cutOff = (found: { incomplete_results: boolean; total_count: number }) => found.incomplete_results || found.total_count > 1000;

// GitHub's lists and single resources come from replicas that follow within seconds; the index of a search within minutes.
const replica = "1m";
const index = "10m";

const pullReads = ["pull_request_read", "list_pull_requests", "search_pull_requests"];
const issueReads = ["issue_read", "list_issues", "search_issues"];
const fileReads = ["get_file_contents", "list_commits", "get_commit", "search_code", "search_commits", "list_branches"];

export default profile("ghcr.io/github/github-mcp-server@1", {
  issue_read: [
    { when: (a) => a.method === "get", effect: "read", lag: replica, gone: (r) => r.isError && missing(r.text) },
    { when: (a) => a.method === "get_comments", effect: "read", lag: replica, pages },
    { when: (a) => a.method === "get_sub_issues", effect: "read", lag: replica, pages },
    { when: (a) => a.method === "get_parent", effect: "read", lag: replica },
    { when: (a) => a.method === "get_labels", effect: "read", lag: replica },
  ],
  list_issues: [{ effect: "read", lag: replica, pages: { by: "cursor", param: "after", size: ["perPage", 100], items: (r) => r.issues, next: (r) => (r.pageInfo.hasNextPage ? r.pageInfo.endCursor : null) } }],
  list_issue_types: [{ effect: "read" }],
  list_issue_fields: [{ effect: "read" }],
  get_label: [{ effect: "read", lag: replica }],

  pull_request_read: [
    { when: (a) => a.method === "get", effect: "read", lag: replica, gone: (r) => r.isError && missing(r.text) },
    { when: (a) => a.method === "get_diff", effect: "read", lag: replica },
    { when: (a) => a.method === "get_status", effect: "read", lag: replica },
    { when: (a) => a.method === "get_files", effect: "read", lag: replica, pages },
    { when: (a) => a.method === "get_commits", effect: "read", lag: replica, pages },
    { when: (a) => a.method === "get_comments", effect: "read", lag: replica, pages },
    { when: (a) => a.method === "get_reviews", effect: "read", lag: replica, pages },
    { when: (a) => a.method === "get_review_comments", effect: "read", lag: replica },
    { when: (a) => a.method === "get_check_runs", effect: "read", lag: replica },
  ],
  list_pull_requests: [{ effect: "read", lag: replica, pages }],
  list_commits: [{ effect: "read", lag: replica, pages }],
  list_branches: [{ effect: "read", lag: replica, pages }],
  list_tags: [{ effect: "read", lag: replica, pages }],
  list_releases: [{ effect: "read", lag: replica, pages }],
  list_repository_collaborators: [{ effect: "read", lag: replica }],
  get_commit: [{ effect: "read", lag: replica }],
  get_file_contents: [{ effect: "read", lag: replica }],
  get_latest_release: [{ effect: "read", lag: replica }],
  get_release_by_tag: [{ effect: "read", lag: replica }],
  get_tag: [{ effect: "read", lag: replica }],
  get_me: [{ effect: "read" }],
  get_teams: [{ effect: "read" }],
  get_team_members: [{ effect: "read" }],
  search_issues: [{ effect: "read", lag: index, pages: { by: "page", param: "page", size: ["perPage", 100], max: 10, items: (r) => r.items, more: (r) => cutOff(r) } }],
  search_pull_requests: [{ effect: "read", lag: index, pages: { by: "page", param: "page", size: ["perPage", 100], max: 10, items: (r) => r.items, more: (r) => cutOff(r) } }],
  search_code: [{ effect: "read", lag: index }],
  search_commits: [{ effect: "read", lag: index }],
  search_users: [{ effect: "read", lag: index }],
  search_repositories: [{ effect: "read", lag: index }],

  issue_write: [
    { when: (a) => a.method === "create", effect: "write", undo: "close it", refused: (r) => denied(r.text, "failed to create issue: POST") || incomplete(r.text), affects: ["list_issues", "search_issues"] },
    // A PATCH that sets what it names, then, for a `state`, a second request: only a refusal of the first proves that nothing happened.
    { when: (a) => a.method === "update", effect: "write", idempotent: true, refused: (r) => denied(r.text, "failed to update issue: PATCH") || incomplete(r.text), affects: issueReads },
  ],
  // With a reaction it makes two requests, of which the first may have been done. No tool takes a comment away again.
  add_issue_comment: [
    { when: (a) => a.reaction === undefined, effect: "write", undo: "none", refused: (r) => denied(r.text, "failed to create comment: POST") || incomplete(r.text), affects: ["issue_read", "pull_request_read"] },
  ],
  add_reply_to_pull_request_comment: [
    { when: (a) => a.reaction === undefined, effect: "write", undo: "none", refused: (r) => denied(r.text, "failed to add reply to pull request comment: POST") || incomplete(r.text), affects: ["pull_request_read"] },
  ],
  sub_issue_write: [
    { when: (a) => a.method === "add", effect: "write", undo: "remove it", refused: (r) => denied(r.text, "failed to add sub-issue: POST") || incomplete(r.text), affects: issueReads },
    { when: (a) => a.method === "remove", effect: "write", undo: "add it", refused: (r) => denied(r.text, "failed to remove sub-issue: DELETE") || incomplete(r.text), affects: issueReads },
    { when: (a) => a.method === "reprioritize", effect: "write", undo: "move it back", refused: (r) => denied(r.text, "failed to reprioritize sub-issue: PATCH") || incomplete(r.text), affects: issueReads },
  ],

  // Then it asks for the reviews of `reviewers`: a refusal of that says that the pull request is there.
  create_pull_request: [{ effect: "write", undo: "close it", refused: (r) => denied(r.text, "failed to create pull request: POST") || incomplete(r.text), affects: ["list_pull_requests", "search_pull_requests"] }],
  // Up to four requests: none of its errors proves that nothing was written but those of its arguments.
  update_pull_request: [{ effect: "write", refused: (r) => incomplete(r.text) || r.text === "No update parameters provided.", affects: pullReads }],
  // Not idempotent: a second merge of what was merged is refused, which says nothing about the first. Look at `merged`.
  merge_pull_request: [{ effect: "write", undo: "none", refused: (r) => denied(r.text, "failed to merge pull request: PUT") || incomplete(r.text), affects: ["pull_request_read", "list_pull_requests", "search_pull_requests", "issue_read", "list_issues", "list_commits", "get_file_contents"] }],
  // GitHub merges the base in after it has answered.
  update_pull_request_branch: [{ effect: "write", undo: "none", refused: (r) => denied(r.text, "failed to update pull request branch: PUT") || incomplete(r.text), affects: ["pull_request_read", "list_commits"] }],
  pull_request_review_write: [{ effect: "write", undo: "none", refused: (r) => incomplete(r.text), affects: ["pull_request_read"] }],
  add_comment_to_pending_review: [{ effect: "write", undo: "none", refused: (r) => incomplete(r.text), affects: ["pull_request_read"] }],

  // Reads the branch it starts from first.
  create_branch: [{ effect: "write", undo: "delete the branch", refused: (r) => denied(r.text, "failed to create branch: POST") || incomplete(r.text), affects: ["list_branches", "list_commits", "get_file_contents"] }],
  // Without `sha` it looks for the file first, and wants the `sha` of one that is there. The same content again is another commit.
  create_or_update_file: [{ effect: "write", undo: "commit what was there", refused: (r) => denied(r.text, "failed to create/update file: PUT") || incomplete(r.text), affects: fileReads }],
  // Several requests, the last one moves the branch: none proves that nothing was written.
  push_files: [{ effect: "write", undo: "none", refused: (r) => incomplete(r.text), affects: fileReads }],
  delete_file: [{ effect: "write", undo: "commit what was there", refused: (r) => incomplete(r.text), affects: fileReads }],
  create_repository: [{ effect: "write", undo: "delete the repository", refused: (r) => denied(r.text, "failed to create repository: POST") || incomplete(r.text), affects: ["search_repositories"] }],
  // "Fork is in progress" is its usual answer.
  fork_repository: [{ effect: "write", undo: "delete the fork", refused: (r) => denied(r.text, "failed to fork repository: POST") || incomplete(r.text), affects: ["search_repositories"] }],
  request_copilot_review: [{ effect: "write", undo: "none", affects: ["pull_request_read"] }],
  assign_copilot_to_issue: [{ effect: "write", undo: "none", affects: issueReads }],

  // Below GitHub's limits for one token: 900 points a minute, where a read is 1 and a write 5; 100 at a time.
  "*": {
    rate: { perSecond: 8, concurrent: 4 },
    names: {
      ListPullRequestsItem: "PullRequest", ListIssuesItem: "Issue", ListCommitsItem: "Commit",
      IssueReadGetResult: "IssueDetails", PullRequestReadGetResult: "PullRequestDetails",
    },
  },
}, { hosts: ["api.github.com", "raw.githubusercontent.com"] });
