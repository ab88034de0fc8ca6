import { PIPELINE_READS, PIPELINE_SINGLE, PIPELINE_WRITES, pipelineCalls } from "./gitlab-pipeline-calls.ts";
import type { ProvenCall } from "./prove-profile.ts";

/** Statuses by which GitLab says that it did not do what it was asked for, and ends of a request that leave it open. */
const REFUSALS = ["s400", "s401", "s403", "s404", "s409", "s422", "s429"];
const OPEN = ["s408", "s500", "s502", "drop"];

const merge = (more: object = {}): object => ({ merge_request_iid: "1", ...more });
const issue = (more: object = {}): object => ({ issue_iid: "1", ...more });
const talk = { discussion_id: "d" };
const note = { note_id: "2" };

/** `reads`: the answer's body is looked at, and one that is no JSON is an error after the fact. `blind`: a success is a success. */
const WRITES: readonly (readonly [tool: string, answer: "reads" | "blind", args: object])[] = [
  ["create_issue", "reads", { title: "GitLab API error: 404 x" }], ["update_issue", "reads", issue({ title: "t" })], ["delete_issue", "blind", issue()],
  ["update_issue_description_patch", "reads", issue({ patch_type: "search_replace", patch: "<<<<<<< SEARCH\nd\n=======\ne\n>>>>>>> REPLACE" })],
  ["create_note", "reads", { noteable_type: "issue", noteable_iid: "1", body: "b" }], ["create_issue_note", "reads", issue({ body: "b" })], ["update_issue_note", "reads", issue({ ...talk, ...note, body: "b" })],
  ["create_issue_link", "reads", issue({ target_project_id: "8", target_issue_iid: "2" })], ["delete_issue_link", "blind", issue({ issue_link_id: "3" })],
  ["create_issue_emoji_reaction", "reads", issue({ name: "eyes" })], ["delete_issue_emoji_reaction", "blind", issue({ award_id: "4" })],
  ["create_issue_note_emoji_reaction", "reads", issue({ ...note, name: "eyes" })], ["delete_issue_note_emoji_reaction", "blind", issue({ ...note, award_id: "4" })],
  ["create_merge_request", "reads", { title: "t", source_branch: "a", target_branch: "b" }], ["update_merge_request", "reads", merge({ title: "t" })], ["merge_merge_request", "reads", merge()],
  ["approve_merge_request", "reads", merge()], ["unapprove_merge_request", "reads", merge()],
  ["create_merge_request_thread", "reads", merge({ body: "b" })], ["resolve_merge_request_thread", "blind", merge({ ...talk, resolved: true })],
  ["create_merge_request_discussion_note", "reads", merge({ ...talk, body: "b" })], ["update_merge_request_discussion_note", "reads", merge({ ...talk, ...note, body: "b" })], ["delete_merge_request_discussion_note", "blind", merge({ ...talk, ...note })],
  ["create_merge_request_note", "reads", merge({ body: "b" })], ["update_merge_request_note", "reads", merge({ ...note, body: "b" })], ["delete_merge_request_note", "blind", merge(note)],
  ["create_draft_note", "reads", merge({ body: "b" })], ["update_draft_note", "reads", merge({ draft_note_id: "5", body: "b" })], ["delete_draft_note", "blind", merge({ draft_note_id: "5" })], ["publish_draft_note", "blind", merge({ draft_note_id: "5" })],
  ["bulk_publish_draft_notes", "blind", merge()],
  ["create_merge_request_emoji_reaction", "reads", merge({ name: "eyes" })], ["delete_merge_request_emoji_reaction", "blind", merge({ award_id: "4" })],
  ["create_merge_request_note_emoji_reaction", "reads", merge({ ...note, name: "eyes" })], ["delete_merge_request_note_emoji_reaction", "blind", merge({ ...note, award_id: "4" })],
  ["create_or_update_file", "reads", { file_path: "f", content: "c", commit_message: "m", branch: "main" }], ["push_files", "reads", { branch: "main", commit_message: "m", files: [{ file_path: "f", content: "c" }] }],
  ["create_commit_status", "reads", { sha: "abc", state: "success" }], ["create_branch", "reads", { branch: "b", ref: "main" }], ["delete_branch", "blind", { branch_name: "b" }],
  ["protect_branch", "reads", { branch_name: "b" }], ["unprotect_branch", "blind", { branch_name: "b" }], ["update_default_branch", "reads", { default_branch: "b" }],
  ["update_project", "reads", { description: "d" }], ["fork_repository", "reads", {}], ["create_label", "reads", { name: "l", color: "#fff" }], ["update_label", "reads", { label_id: "6", color: "#000" }], ["delete_label", "blind", { label_id: "6" }],
  ...PIPELINE_WRITES,
];

const LISTS: readonly (readonly [tool: string, args: object])[] = [
  ["list_issues", {}], ["my_issues", {}], ["list_issue_discussions", issue()], ["list_issue_links", issue()], ["list_issue_emoji_reactions", issue()], ["list_issue_note_emoji_reactions", issue(note)],
  ["list_merge_requests", {}], ["list_group_merge_requests", { group_id: "g" }], ["list_merge_request_diffs", merge()], ["list_merge_request_versions", merge()], ["list_merge_request_pipelines", merge()],
  ["mr_discussions", merge()], ["get_merge_request_notes", merge()], ["list_draft_notes", merge()], ["list_merge_request_emoji_reactions", merge()], ["list_merge_request_note_emoji_reactions", merge(note)],
  ["get_repository_tree", {}], ["get_repository_tree", { pagination: "keyset" }], ["list_commits", {}], ["get_commit_diff", { sha: "abc" }], ["get_commit_diff", { sha: "abc", full_diff: true }], ["get_file_blame", { file_path: "f", ref: "main" }], ["list_commit_statuses", { sha: "abc" }],
  ["list_branches", {}], ["list_protected_branches", {}], ["list_projects", {}], ["list_group_projects", { group_id: "g" }], ["search_repositories", { search: "x" }], ["list_project_members", {}], ["list_group_members", { group_id: "g" }],
  ["list_group_iterations", { group_id: "g" }], ["list_namespaces", {}], ["list_labels", {}], ["list_events", {}], ["get_project_events", {}],
];

const READS: readonly (readonly [tool: string, args: object])[] = [
  ["update_issue_description_patch", issue({ patch_type: "search_replace", patch: "<<<<<<< SEARCH\nd\n=======\ne\n>>>>>>> REPLACE", dry_run: true })],
  ["get_merge_request_diffs", merge()], ["list_merge_request_changed_files", merge()], ["get_merge_request_file_diff", merge({ file_paths: ["f"] })], ["get_merge_request_conflicts", merge()], ["get_merge_request_approval_state", merge()],
  ["get_branch_diffs", { from: "a", to: "b" }], ["verify_namespace", { path: "g" }], ["validate_ci_lint", { content: "a: b" }], ["validate_ci_lint", { content: "a: b", dry_run: true }], ["validate_project_ci_lint", { dry_run: true }],
  ["list_ci_catalog_resources", {}], ["get_ci_catalog_resource", { full_path: "g/c" }], ["whoami", {}], ["get_users", { usernames: ["ana"] }], ["health_check", {}], ["download_attachment", { secret: "0123456789abcdef0123456789abcdef", filename: "a.png" }],
];

/** Single things: what is not there is gone. Of some the server says so too when their project is not there. */
const SINGLE: readonly (readonly [tool: string, args: object, hides?: "project"])[] = [
  ["get_issue", issue()], ["get_issue_link", issue({ issue_link_id: "3" })], ["get_merge_request", merge()], ["get_merge_request_version", merge({ version_id: "7" })], ["get_merge_request_discussion", merge(talk)], ["get_merge_request_note", merge(note)],
  ["get_draft_note", merge({ draft_note_id: "5" })], ["get_file_contents", { file_path: "f", ref: "main" }, "project"], ["get_commit", { sha: "abc" }], ["get_branch", { branch_name: "b" }], ["get_protected_branch", { branch_name: "b" }],
  ["get_project", {}], ["get_label", { label_id: "6" }],
  ...PIPELINE_SINGLE,
];

/** Every tool of `@zereight/mcp-gitlab` of which its profile speaks, called so that the service fails in each way. */
export function gitlabCalls(): readonly ProvenCall[] {
  const at = (project: string, args: object): object => ({ project_id: project, ...args });
  const each = (words: readonly string[], is: ProvenCall["is"], [tool, args]: readonly [string, (word: string) => object]): readonly ProvenCall[] => words.map((word) => ({ tool, args: args(word), is }));
  const elsewhere = [["create_repository", (word: string) => ({ name: word })], ["create_group", (word: string) => ({ name: "g", path: word })]] as const;
  return [
    ...[...READS, ...LISTS, ...PIPELINE_READS, ...SINGLE].map(([tool, args]): ProvenCall => ({ tool, args: at("there", args), is: "answered" })),
    { tool: "discover_tools", args: {}, is: "read", unheard: true }, { tool: "list_todos", args: {}, is: "answered" }, { tool: "get_namespace", args: { namespace_id: "there" }, is: "answered" }, { tool: "get_user", args: { user_id: "1" }, is: "answered" },
    { tool: "get_namespace", args: { namespace_id: "gone" }, is: "gone" }, { tool: "get_user", args: { user_id: "gone" }, is: "gone" },
    ...SINGLE.map(([tool, args]): ProvenCall => ({ tool, args: at("gone", args), is: "gone" })),
    // A project that is not there says nothing of what is in it.
    ...SINGLE.map(([tool, args, hides]): ProvenCall => ({ tool, args: at("nowhere", args), is: hides === undefined ? "read" : "gone" })),
    ...WRITES.flatMap(([tool, answer, args]) => {
      const call = (word: string): object => at(word, args);
      return [...each(REFUSALS, "refused", [tool, call]), ...each(OPEN, "open", [tool, call]), ...each(["broken"], answer === "reads" ? "open" : "written", [tool, call])];
    }),
    ...elsewhere.flatMap((one) => [...each(REFUSALS, "refused", one), ...each([...OPEN, "broken"], "open", one)]),
    ...["update_default_branch", "update_project", "fork_repository"].map((tool): ProvenCall => ({ tool, args: at("s200", { default_branch: "main", description: "d" }), is: "written" })), { tool: "create_repository", args: { name: "s200" }, is: "written" },
    ...[["list_issues", {}], ["list_project_members", {}], ["mr_discussions", merge()], ["get_merge_request_notes", merge()], ["list_pipelines", {}]].map(([tool, args]): ProvenCall => ({ tool: String(tool), args: at("paged", args as object), is: "answered", pages: { items: 2, pages: 3 } })),
    ...["s405", "s406", "s412"].map((word): ProvenCall => ({ tool: "merge_merge_request", args: at(word, merge()), is: "refused" })),
    ...pipelineCalls(),
    { tool: "mark_todo_done", args: { id: 500 }, is: "open" }, { tool: "mark_all_todos_done", args: {}, is: "open" },
    { tool: "upload_markdown", args: at("s403", { file_path: "package.json" }), is: "refused" }, { tool: "upload_markdown", args: at("drop", { file_path: "package.json" }), is: "open" },
  ];
}

/** The tools of `@modelcontextprotocol/server-gitlab`, called so that the service fails in each way. */
export function gitlabReferenceCalls(): readonly ProvenCall[] {
  const tools = ["create_issue", "create_merge_request", "create_branch", "create_or_update_file", "push_files", "create_repository", "fork_repository"];
  const args = (word: string): object => ({ project_id: word, name: word, title: "t", source_branch: "a", target_branch: "b", branch: "b", file_path: "f", content: "c", commit_message: "m", files: [{ file_path: "f", content: "c" }] });
  return [
    { tool: "search_repositories", args: { search: "x" }, is: "read" }, { tool: "get_file_contents", args: { project_id: "there", file_path: "f" }, is: "read" }, { tool: "get_file_contents", args: { project_id: "gone", file_path: "f" }, is: "gone" },
    ...tools.flatMap((tool) => [...REFUSALS.map((word): ProvenCall => ({ tool, args: args(word), is: "refused" })), ...[...OPEN, "broken"].map((word): ProvenCall => ({ tool, args: args(word), is: "open" }))]),
  ];
}
