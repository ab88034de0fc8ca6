import { profile, type RawResult as Reply } from "offstage";

/**
 * What `@zereight/mcp-gitlab` does not say about itself; written by reading and running 2.1.64, for its default tools and those of
 * `GITLAB_TOOLSETS` for pipelines and variables. What else it can be started with (wikis, releases …) counts as a write until somebody
 * looked. Without a type argument: a project may call the server what it likes.
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

// What is asked for is not there, or the token may not see it. A project that is not there says nothing of what is in it, where the server
// does not hide which of them it was.
const missing = (r: Reply) => r.isError && (/^(?:(?:Pipeline|Job|Deployment|Environment) not found$|File not found: )/.test(r.text) || (/^GitLab API error: 404 [^\n]*\n/.test(r.text) && !r.text.includes("404 Project Not Found")));

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
// A line of a description that begins with "/" may be a command to GitLab, such as `/spend 1h`, and is obeyed each time.
const commands = /(?:^|\n)[ \t]*\//;

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
const pipelines = ["list_pipelines", "get_pipeline", "list_merge_request_pipelines", "list_commit_statuses"];
const jobs = ["list_pipeline_jobs", "list_pipeline_trigger_jobs", "get_pipeline_job"];
const schedules = ["list_pipeline_schedules", "get_pipeline_schedule", "get_pipeline_schedule_variable"];
const deployments = ["list_deployments", "get_deployment", "list_environments", "get_environment"];
const environments = ["list_environments", "get_environment"];
const variables = ["list_project_variables", "get_project_variable", "list_group_variables", "get_group_variable"];

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
  update_issue: { ...write, idempotent: (a) => !commands.test(String(a.description ?? "")), refused: denied, affects: [...issues, ...issueNotes] },
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
  update_merge_request: { ...write, idempotent: (a) => !commands.test(String(a.description ?? "")), refused: denied, affects: merges },
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

  get_file_contents: { ...one, gone: missing },
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

  list_pipelines: list,
  get_pipeline: { ...one, gone: missing },
  get_pipeline_variables: { ...list, sensitive: ["[].value"] },
  get_pipeline_test_report: one,
  get_pipeline_test_report_summary: one,
  list_pipeline_jobs: list,
  list_pipeline_trigger_jobs: list,
  get_pipeline_job: { ...one, gone: missing },
  // The last 1,000 lines of it.
  get_pipeline_job_output: one,
  list_job_artifacts: one,
  get_job_artifact_file: one,
  // Ask again and again, for five minutes if not told otherwise.
  wait_for_pipeline: { effect: "read" },
  wait_for_job: { effect: "read" },
  // Saves it on the machine that the server runs on, whatever its hints say.
  download_job_artifacts: { effect: "write", idempotent: true, undo: "delete the file" },
  // Twice makes two.
  create_pipeline: { ...write, refused: denied, undo: "cancel it", affects: pipelines },
  // The token is one of its arguments: it stands in plans and in the store.
  trigger_pipeline: { ...write, refused: denied, undo: "cancel it", affects: pipelines },
  retry_pipeline: { ...write, refused: denied, undo: "cancel it", affects: [...pipelines, ...jobs] },
  cancel_pipeline: { ...write, refused: denied, undo: "retry it", affects: [...pipelines, ...jobs] },
  delete_pipeline: { ...write, refused: denied, undo: "none", affects: [...pipelines, ...jobs] },
  update_pipeline_metadata: { ...setting, refused: denied, affects: pipelines },
  play_pipeline_job: { ...write, refused: denied, undo: "cancel it", affects: [...pipelines, ...jobs] },
  // One after the other, waiting in between: some may have been started.
  play_pipeline_jobs: { ...write, undo: "cancel them", affects: [...pipelines, ...jobs] },
  retry_pipeline_job: { ...write, refused: denied, undo: "cancel it", affects: [...pipelines, ...jobs] },
  cancel_pipeline_job: { ...write, refused: denied, undo: "retry it", affects: [...pipelines, ...jobs] },
  erase_pipeline_job: { ...write, refused: denied, undo: "none", affects: [...jobs, "get_pipeline_job_output", "list_job_artifacts", "get_job_artifact_file"] },

  list_pipeline_triggers: { ...one, sensitive: ["[].token"], pages: { by: "none", more: mayHaveMore } },
  get_pipeline_trigger: { ...one, gone: missing, sensitive: ["token"] },
  // GitLab shows its token once, here, and it is taken out: copy it from GitLab's pages.
  create_pipeline_trigger: { ...write, refused: denied, undo: "delete it", sensitive: ["token"], affects: ["list_pipeline_triggers", "get_pipeline_trigger"] },
  update_pipeline_trigger: { ...setting, refused: denied, sensitive: ["token"], affects: ["list_pipeline_triggers", "get_pipeline_trigger"] },
  delete_pipeline_trigger: { ...write, refused: denied, undo: "none", affects: ["list_pipeline_triggers", "get_pipeline_trigger"] },

  list_pipeline_schedules: { ...list, sensitive: ["[].variables[].value"] },
  get_pipeline_schedule: { ...one, gone: missing, sensitive: ["variables[].value"] },
  list_pipeline_schedule_pipelines: list,
  create_pipeline_schedule: { ...write, refused: denied, undo: "delete it", sensitive: ["variables[].value"], affects: schedules },
  update_pipeline_schedule: { ...setting, refused: denied, sensitive: ["variables[].value"], affects: schedules },
  delete_pipeline_schedule: { ...write, refused: denied, undo: "none", affects: schedules },
  play_pipeline_schedule: { ...write, refused: denied, undo: "cancel its pipeline", affects: [...pipelines, "list_pipeline_schedule_pipelines"] },
  take_ownership_pipeline_schedule: { ...write, refused: denied, undo: "none", sensitive: ["variables[].value"], affects: schedules },
  get_pipeline_schedule_variable: { ...one, gone: missing, sensitive: ["value"] },
  create_pipeline_schedule_variable: { ...write, refused: denied, undo: "delete it", sensitive: ["value"], affects: schedules },
  update_pipeline_schedule_variable: { ...setting, refused: denied, sensitive: ["value"], affects: schedules },
  delete_pipeline_schedule_variable: { ...write, refused: denied, undo: "none", sensitive: ["value"], affects: schedules },

  list_deployments: list,
  get_deployment: { ...one, gone: missing },
  list_deployment_merge_requests: list,
  create_deployment: { ...write, refused: denied, undo: "delete it", affects: deployments },
  update_deployment: { ...write, refused: denied, undo: "none", affects: deployments },
  delete_deployment: { ...write, refused: denied, undo: "none", affects: deployments },
  approve_deployment: { ...write, refused: denied, undo: "none", affects: deployments },
  list_environments: list,
  get_environment: { ...one, gone: missing },
  update_environment: { ...setting, refused: denied, affects: environments },
  delete_environment: { ...write, refused: denied, undo: "none", affects: environments },
  stop_environment: { ...write, refused: denied, undo: "deploy again", affects: environments },
  // Of as many as there are, after it has answered.
  stop_stale_environments: { ...write, refused: denied, undo: "none", affects: environments },
  // Only looks unless `dry_run` is false, which GitLab takes it for.
  delete_review_app_environments: { ...write, refused: denied, undo: "none", affects: environments },

  // A value is never kept, so nothing can be done with it either.
  list_project_variables: { ...list, sensitive: ["[].value"] },
  list_group_variables: { ...list, sensitive: ["[].value"] },
  get_project_variable: { ...one, gone: missing, sensitive: ["value"] },
  get_group_variable: { ...one, gone: missing, sensitive: ["value"] },
  create_project_variable: { ...write, refused: denied, undo: "delete it", sensitive: ["value"], affects: variables },
  create_group_variable: { ...write, refused: denied, undo: "delete it", sensitive: ["value"], affects: variables },
  update_project_variable: { ...setting, refused: denied, sensitive: ["value"], affects: variables },
  update_group_variable: { ...setting, refused: denied, sensitive: ["value"], affects: variables },
  delete_project_variable: { ...write, refused: denied, undo: "none", affects: variables },
  delete_group_variable: { ...write, refused: denied, undo: "none", affects: variables },

  // GitLab.com's limits for one token: 2,000 requests a minute, and as few as 60 a minute for notes and 200 for issues.
  "*": {
    rate: { perSecond: 8, concurrent: 4 },
    names: {
      ListIssuesItem: "Issue", GetIssueResult: "IssueDetails", ListMergeRequestsItem: "MergeRequest", GetMergeRequestResult: "MergeRequestDetails",
      ListCommitsItem: "Commit", ListBranchesItem: "Branch", ListProjectsItem: "Project", ListLabelsItem: "Label",
    },
  },
});
