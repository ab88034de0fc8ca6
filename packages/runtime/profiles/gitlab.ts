import { profile, type RawResult as Reply } from "offstage";

/**
 * What `@zereight/mcp-gitlab` does not say about itself; written by reading and running 2.1.64, for its default tools. What
 * `GITLAB_TOOLSETS` adds (pipelines, variables, wikis …) counts as a write until somebody looked. Without a type argument: a project
 * may call the server what it likes.
 *
 * What to know besides: each write is one request that changes something; "Invalid arguments" may be about GitLab's answer, and then the
 * write has happened; null counts as absent; lists of projects are thinned after paging where the server is bound to some projects.
 */

// GitLab's refusal of a request. Everything else (408, 5xx, "fetch failed", an answer that is no JSON) may have happened.
const isDenied = (text: string) => /^GitLab API error: (?:400|401|403|404|405|406|409|410|412|413|415|422|429) /.test(text) || text.startsWith("GitLab API Rate Limit Exceeded: ");

const denied = (r: Reply) => isDenied(r.text);

const forkError = (r: Reply) => (r.isError ? r.text : String(r.data.error).replace("Failed to fork repository: ", ""));

// Three tools word a 400 by themselves.
const deniedOrInvalid = (r: Reply) => isDenied(r.text) || r.text.startsWith("Invalid request: ");

// What is asked for is not there, or the token may not see it. A project that is not there says nothing of what is in it.
const missing = (r: Reply) => r.isError && /^GitLab API error: 404 [^\n]*\n/.test(r.text) && !r.text.includes("404 Project Not Found");

// GitLab answers a request within a minute or not at all, and its replicas follow within seconds.
const lag = "1m";

// GitLab's pages have 20 items, and some lists cannot be asked for a second one.
const mayHaveMore = (list: readonly unknown[]) => list.length >= 20;

const pages = { by: "page" as const, param: "page", size: ["per_page", 100] as const };
const one = { effect: "read" as const, lag };
const list = { effect: "read" as const, lag, pages };
const write = { effect: "write" as const };
// Sets what it names: the same again changes nothing.
const setting = { ...write, idempotent: true };

const issues = ["get_issue", "list_issues", "my_issues"];
const issueNotes = ["list_issue_discussions"];
const merges = ["get_merge_request", "list_merge_requests", "list_group_merge_requests"];
const notes = ["mr_discussions", "get_merge_request_discussion", "get_merge_request_notes", "get_merge_request_note"];
const drafts = ["get_draft_note", "list_draft_notes"];
const files = ["get_file_contents", "get_repository_tree", "list_commits", "get_commit", "get_branch", "list_branches", "get_branch_diffs", "get_file_blame"];
const branches = ["get_branch", "list_branches"];
const protections = ["get_protected_branch", "list_protected_branches", "get_branch", "list_branches"];
const approvals = ["get_merge_request_approval_state", "get_merge_request"];
const projects = ["get_project", "list_projects", "list_group_projects", "search_repositories"];
const labels = ["get_label", "list_labels"];
const mergeEmoji = ["list_merge_request_emoji_reactions", "list_merge_request_note_emoji_reactions"];
const issueEmoji = ["list_issue_emoji_reactions", "list_issue_note_emoji_reactions"];

export default profile("@zereight/mcp-gitlab@2", {
  list_issues: list,
  my_issues: list,
  get_issue: { ...one, gone: missing },
  list_issue_discussions: { ...list, pages: { ...pages, items: (r) => r.items } },
  list_issue_links: one,
  get_issue_link: { ...one, gone: missing },
  list_todos: list,
  // Twice makes two.
  create_issue: { ...write, refused: deniedOrInvalid, undo: "delete the issue", affects: issues },
  update_issue: { ...setting, refused: denied, affects: [...issues, ...issueNotes] },
  // The patch is applied to what is there now: what it looked for is gone the second time. A failed note is told in a success.
  update_issue_description_patch: [
    { when: (a) => a.dry_run === true, effect: "read", lag },
    { ...write, refused: denied, undo: "set what was there", affects: [...issues, ...issueNotes] },
  ],
  delete_issue: { ...write, refused: denied, undo: "none", affects: [...issues, ...issueNotes] },
  create_note: { ...write, refused: denied, undo: "delete the note", affects: [...issueNotes, ...notes] },
  create_issue_note: { ...write, refused: denied, undo: "none", affects: issueNotes },
  update_issue_note: { ...setting, refused: denied, affects: issueNotes },
  create_issue_link: { ...write, refused: denied, undo: "delete the link", affects: ["list_issue_links", "get_issue_link"] },
  delete_issue_link: { ...write, refused: denied, undo: "create the link again", affects: ["list_issue_links", "get_issue_link"] },
  mark_todo_done: { ...write, refused: denied, undo: "none", affects: ["list_todos"] },
  mark_all_todos_done: { ...write, refused: denied, undo: "none", affects: ["list_todos"] },
  list_issue_emoji_reactions: { ...one, pages: { by: "none", more: mayHaveMore } },
  list_issue_note_emoji_reactions: { ...one, pages: { by: "none", more: mayHaveMore } },
  create_issue_emoji_reaction: { ...write, refused: denied, undo: "delete the reaction", affects: issueEmoji },
  delete_issue_emoji_reaction: { ...write, refused: denied, undo: "add it again", affects: issueEmoji },
  create_issue_note_emoji_reaction: { ...write, refused: denied, undo: "delete the reaction", affects: issueEmoji },
  delete_issue_note_emoji_reaction: { ...write, refused: denied, undo: "add it again", affects: issueEmoji },

  list_merge_requests: list,
  list_group_merge_requests: list,
  get_merge_request: { ...one, gone: missing },
  get_merge_request_diffs: one,
  list_merge_request_changed_files: one,
  list_merge_request_diffs: list,
  get_merge_request_file_diff: one,
  list_merge_request_versions: { ...one, pages: { by: "none", more: mayHaveMore } },
  get_merge_request_version: { ...one, gone: missing },
  list_merge_request_pipelines: list,
  get_merge_request_conflicts: one,
  get_merge_request_approval_state: one,
  create_merge_request: { ...write, refused: deniedOrInvalid, undo: "close it", affects: merges },
  update_merge_request: { ...setting, refused: denied, affects: merges },
  // Not idempotent: a second merge of what was merged is refused, which says nothing about the first. Look at `state` and `merged_at`.
  merge_merge_request: { ...write, refused: denied, undo: "none", affects: [...merges, ...issues, ...files] },
  // Refused the second time, too.
  approve_merge_request: { ...write, refused: denied, undo: "unapprove it", affects: approvals },
  unapprove_merge_request: { ...write, refused: denied, undo: "approve it", affects: approvals },

  mr_discussions: { ...list, pages: { ...pages, items: (r) => r.items } },
  get_merge_request_discussion: { ...one, gone: missing },
  get_merge_request_notes: list,
  get_merge_request_note: { ...one, gone: missing },
  create_merge_request_thread: { ...write, refused: denied, undo: "delete its note", affects: notes },
  resolve_merge_request_thread: { ...setting, refused: denied, undo: "resolve it the other way", affects: notes },
  create_merge_request_discussion_note: { ...write, refused: denied, undo: "delete the note", affects: notes },
  update_merge_request_discussion_note: { ...setting, refused: denied, affects: notes },
  delete_merge_request_discussion_note: { ...write, refused: denied, undo: "none", affects: notes },
  create_merge_request_note: { ...write, refused: denied, undo: "delete the note", affects: notes },
  update_merge_request_note: { ...setting, refused: denied, affects: notes },
  delete_merge_request_note: { ...write, refused: denied, undo: "none", affects: notes },
  list_draft_notes: { ...one, pages: { by: "none", more: mayHaveMore } },
  get_draft_note: { ...one, gone: missing },
  create_draft_note: { ...write, refused: denied, undo: "delete the draft", affects: drafts },
  update_draft_note: { ...setting, refused: denied, affects: drafts },
  delete_draft_note: { ...write, refused: denied, undo: "none", affects: drafts },
  publish_draft_note: { ...write, refused: denied, undo: "none", affects: [...drafts, ...notes] },
  bulk_publish_draft_notes: { ...write, refused: denied, undo: "none", affects: [...drafts, ...notes] },
  list_merge_request_emoji_reactions: { ...one, pages: { by: "none", more: mayHaveMore } },
  list_merge_request_note_emoji_reactions: { ...one, pages: { by: "none", more: mayHaveMore } },
  create_merge_request_emoji_reaction: { ...write, refused: denied, undo: "delete the reaction", affects: mergeEmoji },
  delete_merge_request_emoji_reaction: { ...write, refused: denied, undo: "add it again", affects: mergeEmoji },
  create_merge_request_note_emoji_reaction: { ...write, refused: denied, undo: "delete the reaction", affects: mergeEmoji },
  delete_merge_request_note_emoji_reaction: { ...write, refused: denied, undo: "add it again", affects: mergeEmoji },

  get_file_contents: { effect: "read", lag, gone: (r) => r.isError && r.text.startsWith("File not found: ") },
  // Without `pagination: "keyset"` a second page cannot be asked for.
  get_repository_tree: [
    { when: (a) => a.pagination === "keyset", effect: "read", lag, pages: { by: "cursor", param: "page_token", size: ["per_page", 100], items: (r) => r.items, next: (r) => r.next_page_token ?? null } },
    { ...one, pages: { by: "none", more: mayHaveMore } },
  ],
  list_commits: list,
  get_commit: { ...one, gone: missing },
  // All of it only with `full_diff`.
  get_commit_diff: [{ when: (a) => a.full_diff === true, effect: "read", lag }, { ...one, pages: { by: "none", more: mayHaveMore } }],
  get_file_blame: one,
  get_branch_diffs: one,
  list_commit_statuses: list,
  // Looks for the file first and gives its commit along. The same content again is another commit.
  create_or_update_file: { ...write, refused: denied, undo: "commit what was there", affects: files },
  // One commit: all of it or nothing.
  push_files: { ...write, refused: deniedOrInvalid, undo: "commit what was there", affects: files },
  create_commit_status: { ...write, refused: denied, undo: "none", affects: ["list_commit_statuses", "get_merge_request"] },

  list_branches: list,
  get_branch: { ...one, gone: missing },
  create_branch: { ...write, refused: denied, undo: "delete the branch", affects: branches },
  delete_branch: { ...write, refused: denied, undo: "create it again", affects: branches },
  list_protected_branches: list,
  get_protected_branch: { ...one, gone: missing },
  protect_branch: { ...write, refused: denied, undo: "unprotect it", affects: protections },
  unprotect_branch: { ...write, refused: denied, undo: "protect it again", affects: protections },
  // Answers with the whole project; all other tools leave out what is secret in it.
  update_default_branch: { ...setting, refused: denied, undo: "set the former one", sensitive: ["project.runners_token", "project.import_url"], affects: [...projects, ...branches] },

  get_project: { ...one, gone: missing },
  list_projects: { ...list },
  list_group_projects: { ...list },
  search_repositories: { ...list, pages: { ...pages, items: (r) => r.items } },
  list_project_members: list,
  list_group_members: list,
  list_group_iterations: list,
  list_namespaces: list,
  get_namespace: { ...one, gone: missing },
  verify_namespace: one,
  create_repository: { ...write, refused: denied, undo: "none", affects: projects },
  update_project: { ...setting, refused: denied, affects: projects },
  // Its errors come as successes.
  fork_repository: { ...write, undo: "none", affects: projects, failed: (r) => r.data.error !== undefined, refused: (r) => isDenied(forkError(r)) || forkError(r) === "Project already exists in the target namespace" },
  create_group: { ...write, refused: denied, undo: "none", affects: ["list_namespaces", "get_namespace", "verify_namespace"] },

  list_labels: list,
  get_label: { ...one, gone: missing },
  create_label: { ...write, refused: denied, undo: "delete the label", affects: labels },
  update_label: { ...setting, refused: denied, idempotent: (a) => a.new_name === undefined, affects: labels },
  delete_label: { ...write, refused: denied, undo: "none", affects: [...labels, ...issues, ...merges] },

  // Neither starts a pipeline.
  validate_ci_lint: { effect: "read" },
  validate_project_ci_lint: { effect: "read" },
  list_ci_catalog_resources: { effect: "read", pages: { by: "cursor", param: "after", size: ["first", 100], items: (r) => r.data.ciCatalogResources.nodes, next: (r) => (r.data.ciCatalogResources.pageInfo.hasNextPage ? r.data.ciCatalogResources.pageInfo.endCursor : null) } },
  get_ci_catalog_resource: { effect: "read" },

  whoami: { effect: "read" },
  get_user: { ...one, gone: missing },
  // Who is not found is null.
  get_users: one,
  // Written after what they tell of.
  list_events: { effect: "read", pages },
  get_project_events: { effect: "read", pages },
  health_check: { effect: "read" },
  discover_tools: { effect: "read" },
  // Everything but images is saved on the machine that the server runs on.
  download_attachment: [
    { when: (a) => a.local_path === undefined && /\.(?:png|jpe?g|gif|webp|bmp|ico)$/.test(a.filename), effect: "read" },
    { effect: "write", idempotent: true, undo: "delete the file" },
  ],
  // Reads a file of the machine that the server runs on.
  upload_markdown: { ...write, refused: denied, undo: "none" },

  // GitLab.com's limits for one token: 2,000 requests a minute, and as few as 60 a minute for notes and 200 for issues.
  "*": {
    rate: { perSecond: 8, concurrent: 4 },
    names: {
      ListIssuesItem: "Issue", GetIssueResult: "IssueDetails", ListMergeRequestsItem: "MergeRequest", GetMergeRequestResult: "MergeRequestDetails",
      ListCommitsItem: "Commit", ListBranchesItem: "Branch", ListProjectsItem: "Project", ListLabelsItem: "Label",
    },
  },
});
