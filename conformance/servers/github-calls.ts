import type { ProvenCall } from "./prove-profile.ts";

/** Statuses by which GitHub says that it did not do what it was asked for, and ends of a request that leave it open. */
const REFUSALS = ["s401", "s403", "s404", "s409", "s410", "s422", "s429"];
const OPEN = ["s408", "s500", "s502", "s504", "drop", "broken"];

/** Whether a tool's errors tell: `sure` when a refusal of its only write proves that nothing happened. */
const WRITES: readonly (readonly [tool: string, tells: "sure" | "never", args: object])[] = [
  ["issue_write", "sure", { method: "create", title: "failed to create issue: POST http://x: 422 y" }],
  ["issue_write", "sure", { method: "update", issue_number: 1, title: "t" }],
  ["add_issue_comment", "sure", { issue_number: 1, body: "b" }],
  ["add_issue_comment", "never", { issue_number: 1, body: "b", reaction: "eyes" }],
  ["add_reply_to_pull_request_comment", "sure", { pullNumber: 1, commentId: 2, body: "b" }],
  ["sub_issue_write", "sure", { method: "add", issue_number: 1, sub_issue_id: 2 }],
  ["sub_issue_write", "sure", { method: "remove", issue_number: 1, sub_issue_id: 2 }],
  ["sub_issue_write", "sure", { method: "reprioritize", issue_number: 1, sub_issue_id: 2, after_id: 3 }],
  ["create_pull_request", "sure", { title: "t", head: "h", base: "b" }],
  ["update_pull_request", "never", { pullNumber: 1, title: "t" }],
  ["merge_pull_request", "sure", { pullNumber: 1 }],
  ["update_pull_request_branch", "sure", { pullNumber: 1 }],
  ["create_branch", "sure", { branch: "b", from_branch: "main" }],
  ["create_or_update_file", "sure", { path: "p", content: "c", message: "m", branch: "main" }],
  ["push_files", "never", { branch: "main", message: "m", files: [{ path: "p", content: "c" }] }],
  ["delete_file", "never", { branch: "main", message: "m", path: "p" }],
  ["create_repository", "sure", {}],
  ["fork_repository", "sure", {}],
  ["pull_request_review_write", "never", { method: "create", pullNumber: 1, body: "b", event: "COMMENT" }],
  ["add_comment_to_pending_review", "never", { pullNumber: 1, path: "p", body: "b", subjectType: "FILE" }],
];

const READS: readonly (readonly [tool: string, args: object])[] = [
  ...["get", "get_comments", "get_sub_issues", "get_parent", "get_labels"].map((method) => ["issue_read", { method, issue_number: 1 }] as const),
  ...["get", "get_diff", "get_status", "get_files", "get_commits", "get_comments", "get_reviews", "get_review_comments", "get_check_runs"].map((method) => ["pull_request_read", { method, pullNumber: 1 }] as const),
  ...["list_issues", "list_issue_types", "list_issue_fields", "list_pull_requests", "list_commits", "list_branches", "list_tags", "list_releases", "list_repository_collaborators", "get_latest_release"].map((tool) => [tool, {}] as const),
  ["get_label", { name: "bug" }], ["get_commit", { sha: "main" }], ["get_file_contents", { path: "README.md" }], ["get_release_by_tag", { tag: "v1" }], ["get_tag", { tag: "v1" }],
  ["get_me", {}], ["get_teams", {}], ["get_team_members", { org: "o", team_slug: "t" }],
  ...["search_issues", "search_pull_requests", "search_code", "search_commits", "search_users", "search_repositories"].map((tool) => [tool, { query: "x" }] as const),
];

/** Every default tool of GitHub's own server, called so that the service fails in each way. */
export function githubCalls(): readonly ProvenCall[] {
  const at = (owner: string, args: object): object => ({ owner, repo: "r", ...("repo" in args ? {} : { name: owner }), ...args });
  const written = WRITES.flatMap(([tool, tells, args]) => [
    ...REFUSALS.map((word): ProvenCall => ({ tool, args: at(word, args), is: tells === "sure" ? "refused" : "open" })),
    ...OPEN.map((word): ProvenCall => ({ tool, args: at(word, args), is: "open" })),
  ]);
  return [
    ...READS.map(([tool, args]): ProvenCall => ({ tool, args: at("there", args), is: "read" })),
    { tool: "issue_read", args: { method: "get", owner: "gone", repo: "r", issue_number: 1 }, is: "gone" },
    { tool: "pull_request_read", args: { method: "get", owner: "gone", repo: "r", pullNumber: 1 }, is: "gone" },
    ...written,
    { tool: "issue_write", args: { method: "create", owner: "s500", repo: "r" }, is: "refused" },
    { tool: "merge_pull_request", args: { owner: "s500", repo: "r" }, is: "refused" },
  ];
}

/** What the service has: branches, no files, and things that were never there under `gone`. */
export function githubReads(path: string): unknown {
  if (path.includes("/gone/")) return undefined;
  if (path.includes("/git/ref/")) return { ref: "refs/heads/main", node_id: "n", url: "http://x", object: { sha: "a".repeat(40), type: "commit", url: "http://x" } };
  if (path.includes("/git/commits/")) return { sha: "a".repeat(40), tree: { sha: "b".repeat(40) } };
  if (path.includes("/contents/")) return undefined;
  return /\/(?:issues|pulls|commits)\/[^/]+$|\/repos\/[^/]+\/[^/]+$|\/user$/.test(path) ? { id: 1, number: 1, node_id: "n", sha: "a".repeat(40) } : /\/search\//.test(path) ? { total_count: 0, incomplete_results: false, items: [] } : [];
}
