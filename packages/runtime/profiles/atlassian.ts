import { profile, type RawResult as Reply } from "offstage";

/**
 * What `mcp-atlassian` does not say about itself; written by reading and running 0.23.1 as for Cloud and for Data Center, for all its tools. Without a type
 * argument: a project may call the server what it likes.
 *
 * Its errors have the service's words and seldom a status: a 500 reads like a refusal. So little proves that nothing happened, and only of tools that make one request that changes
 * something. Many answer with an error as a success.
 *
 * What to know besides: its lists of boards, sprints and worklogs are empty when Jira answered with an error, so that a page of them that is empty proves nothing; with OAuth it pages
 * attachments by `start` where Confluence pages by cursor, and the first page comes again; give it `"PYTHONHASHSEED": "0"` and never `ATLASSIAN_RETRY_INCLUDE_WRITES`, by which it repeats writes itself; creating and updating an issue leave out fields (and
 * creating people) that it does not know, without a word; `sensitive` cannot reach into its results, which are texts of JSON, read here.
 */

const json = (r: Reply) => JSON.parse(r.text);

// An answer that says that it is none.
const says = (r: Reply) => /^\{\s*"(?:success":\s*false|error":\s*")/.test(r.text);

// A list of answers of which one says so: the others have been done.
const someSay = (r: Reply) => /\n {4}"success": false/.test(r.text);

// Files that were not all put there.
const notUploaded = (r: Reply) => /\n {2,4}"attachment": \{\n {4}"success": false|\n {4}"failed": \[\n/.test(r.text);

// Arguments that it does not take, before it does anything.
const untaken = (r: Reply) => /^[0-9]+ validation errors? for call\[[a-z_]+\]\n/.test(r.text);

// The service's refusal in the words of the tool. `where`: what an address ends with, so that a later request is not meant.
const missing = (r: Reply, said: string) => r.text === `${said}Issue does not exist or you do not have permission to see it.`;
const unauthorised = (r: Reply, said: string) => r.text === `${said}Unauthorized (401)` || /^Error calling tool '[a-z_]+': Authentication failed for Jira API \(40[13]\)\. Token may be expired or invalid\. Please verify credentials\.$/.test(r.text);
const denied = (r: Reply, said: string, where: RegExp) => r.text.startsWith(said) && /^(?:400|401|403|404|405|409|410|413|415|422|429) Client Error: [A-Za-z ]+ for url: https?:\/\/[^ \n]+$/.test(r.text.slice(said.length)) && where.test(r.text);

const refusedBy = (r: Reply, tool: string, doing: string, where: RegExp) => untaken(r) || missing(r, `Error calling tool '${tool}': ${doing}`) || unauthorised(r, `Error calling tool '${tool}': ${doing}`) || denied(r, `Error calling tool '${tool}': ${doing}`, where);

// Jira looked at the fields, and did not create it.
const unfit = (r: Reply) => /^Error calling tool 'create_issue': (?:(?:Field '[\w.-]+' cannot be set\. It is not on the appropriate screen, or unknown\.|You must specify a summary of the issue\.|Specify a valid issue type|valid project is required)(?:\n|$))+$/.test(r.text);

const gone = (r: Reply) => r.isError && /^Error calling tool 'get_issue': (?:Error retrieving issue [A-Z0-9_-]+: )?Issue [A-Z0-9_-]+ not found\. Verify the issue key and project access\.$/.test(r.text);

// Fields that may be set to the same again.
const setAgain = /^(?:summary|description|priority|labels|duedate|assignee|components|fixVersions|environment|customfield_[0-9]+)$/;

const read = { effect: "read" as const };
// An index that follows within seconds to minutes.
const index = { effect: "read" as const, lag: "2m" as const };
const write = { effect: "write" as const };
const setting = { effect: "write" as const, idempotent: true };
const byStart = { by: "offset" as const, param: "start_at", size: ["limit", 50] as const };
const found = (page: { issues: readonly unknown[] }) => page.issues;
// Jira Server and Data Center have a total instead of a token.
const untold = (page: { total: number; start_at: number; issues: readonly unknown[] }) => page.total > page.start_at + page.issues.length;

const issues = ["jira_get_issue", "jira_search", "jira_get_project_issues", "jira_get_board_issues", "jira_get_sprint_issues", "jira_get_queue_issues", "jira_batch_get_changelogs", "jira_get_issue_dates", "jira_get_project_epic_hierarchy"];
const transitions = [...issues, "jira_get_transitions", "jira_get_issue_sla"];
const links = [...issues, "jira_get_cross_project_dependencies"];
const sprints = ["jira_get_sprints_from_board", "jira_get_sprint_issues"];
const versions = ["jira_get_project_versions", "jira_get_issue", "jira_search"];
const forms = ["jira_get_issue_proforma_forms", "jira_get_proforma_form_details", "jira_get_issue"];
const pages = ["confluence_search", "confluence_get_page", "confluence_get_page_children", "confluence_get_space_page_tree", "confluence_get_page_history", "confluence_get_page_diff"];
const comments = ["confluence_get_comments", "confluence_get_inline_comments", "confluence_search"];
const attachments = ["confluence_get_attachments", "confluence_download_attachment", "confluence_download_content_attachments", "confluence_get_page_images"];
const restrictions = ["confluence_get_page_restrictions", "confluence_check_content_permissions"];

export default profile("mcp-atlassian@0", {
  jira_get_issue: { ...read, result: json, gone },
  jira_search: { ...index, result: json, pages: { by: "cursor", param: "page_token", size: ["limit", 50], items: (r) => found(r), next: (r) => r.next_page_token ?? null, more: (r) => untold(r) } },
  // On Cloud it gives the first page whatever `start_at` says.
  jira_get_project_issues: { ...index, result: json, pages: { by: "none", size: ["limit", 50], items: (r) => found(r), more: (r) => (r.next_page_token ?? null) !== null || untold(r) } },
  jira_get_board_issues: { ...index, result: json, pages: { ...byStart, items: (r) => found(r) } },
  jira_get_sprint_issues: { ...index, result: json, pages: { ...byStart, items: (r) => found(r) } },
  jira_batch_get_changelogs: { ...read, result: json },
  jira_get_transitions: { ...read, result: json },
  jira_get_worklog: { ...read, result: json },
  jira_get_issue_watchers: { ...read, result: json },
  jira_get_issue_dates: { ...read, result: json },
  jira_get_issue_sla: { ...read, result: json },
  jira_get_issue_development_info: { ...read, result: json },
  jira_get_issues_development_info: { ...read, result: json },
  jira_download_attachments: read,
  jira_get_issue_images: read,
  jira_search_fields: { ...read, result: json },
  jira_get_field_options: { ...read, result: json },
  jira_get_link_types: { ...read, result: json },
  jira_get_agile_boards: { ...read, result: json, pages: byStart },
  jira_get_sprints_from_board: { ...read, result: json, pages: byStart },
  jira_get_user_profile: { ...read, result: json },
  jira_search_assignable_users: { ...read, result: json },
  jira_get_project_issue_types: { ...read, result: json },
  jira_get_create_fields: { ...read, result: json },
  jira_get_project_versions: { ...read, result: json },
  jira_get_project_components: { ...read, result: json },
  jira_get_all_projects: { ...read, result: json },
  jira_search_projects: { ...read, result: json },
  jira_get_project_fields: { ...read, result: json },
  jira_get_project_epic_hierarchy: { ...index, result: json },
  jira_get_cross_project_dependencies: { ...index, result: json },
  jira_get_service_desk_for_project: { ...read, result: json },
  jira_get_service_desk_queues: { ...read, result: json },
  jira_get_queue_issues: { ...index, result: json },
  jira_get_request_types: { ...read, result: json },
  jira_get_request_type_fields: { ...read, result: json },
  jira_get_issue_proforma_forms: { ...read, result: json },
  jira_get_proforma_form_details: { ...read, result: json },

  // The issue is made by the first request that writes; then it is assigned and read, and what goes wrong there is no refusal.
  jira_create_issue: { ...write, result: json, undo: "delete the issue", refused: (r) => untaken(r) || unfit(r) || denied(r, "Error calling tool 'create_issue': ", /\/rest\/api\/[23]\/issue(?:\?updateHistory=false)?$/), affects: issues },
  // Those that Jira did not take are missing in the answer.
  jira_batch_create_issues: [{ when: (a) => a.validate_only === true, ...read, result: json }, { ...write, result: json, undo: "delete the issues", affects: issues }],
  // Sets what it names, then reads. A `status` is a transition, a file comes once more each time, and `update` may add. Fields are texts of JSON; of
  // anything else nothing is claimed.
  jira_update_issue: { ...write, result: json, idempotent: (a) => (a.attachments ?? null) === null && [...Object.keys(JSON.parse(String(a.fields ?? "{}"))), ...Object.keys(JSON.parse(String(a.additional_fields ?? "{}")))].every((name) => setAgain.test(name)), affects: transitions },
  jira_assign_issue: { ...setting, result: json, undo: "assign it back", affects: issues },
  jira_delete_issue: { ...write, result: json, undo: "none", refused: (r) => untaken(r) || /^Error calling tool 'delete_issue': Error deleting issue [A-Z0-9_-]+: (?:Issue does not exist or you do not have permission to see it\.|Unauthorized \(401\)|(?:400|401|403|404|405|409|410|422|429) Client Error: [A-Za-z ]+ for url: [^ \n]+)$/.test(r.text), affects: links },
  // Waits for a task of Jira's, and may stop waiting before it is done.
  jira_move_issue: { ...write, result: json, undo: "move it back", affects: links },
  // With `public` it goes another way, whose errors are worded anew.
  jira_add_comment: [
    { when: (a) => (a.public ?? null) === null, ...write, result: json, undo: "none", refused: (r) => refusedBy(r, "add_comment", "Error adding comment: ", /\/comment$/), affects: issues },
    { ...write, result: json, undo: "none", affects: issues },
  ],
  jira_edit_comment: { ...setting, result: json, refused: (r) => refusedBy(r, "edit_comment", "Error editing comment: ", /\/comment\/[^/]+$/), affects: issues },
  // With an estimate it makes two requests that write.
  jira_add_worklog: [
    { when: (a) => (a.original_estimate ?? null) === null, ...write, result: json, undo: "none", refused: (r) => refusedBy(r, "add_worklog", "Error adding worklog: ", /\/worklog(?:\?[^/]*)?$/), affects: [...issues, "jira_get_worklog"] },
    { ...write, result: json, undo: "none", affects: [...issues, "jira_get_worklog"] },
  ],
  // Not idempotent: a transition may lead back to where it came from. Reads the transitions first and the issue last, in other words.
  jira_transition_issue: { ...write, result: json, undo: "transition back", refused: (r) => refusedBy(r, "transition_issue", "", /\/transitions(?:\?[^/]*)?$/), affects: transitions },
  jira_add_watcher: { ...setting, result: json, undo: "remove the watcher", refused: (r) => refusedBy(r, "add_watcher", "", /\/watchers(?:\?[^/]*)?$/), affects: ["jira_get_issue_watchers", "jira_get_issue"] },
  jira_remove_watcher: { ...setting, result: json, undo: "add the watcher", refused: (r) => refusedBy(r, "remove_watcher", "", /\/watchers(?:\?[^/]*)?$/), affects: ["jira_get_issue_watchers", "jira_get_issue"] },
  jira_create_issue_link: { ...write, result: json, undo: "remove the link", refused: (r) => refusedBy(r, "create_issue_link", "", /\/issueLink$/), affects: links },
  jira_create_remote_issue_link: { ...write, result: json, undo: "none", refused: (r) => refusedBy(r, "create_remote_issue_link", "", /\/remotelink$/), affects: links },
  jira_remove_issue_link: { ...write, result: json, undo: "add the link again", refused: (r) => refusedBy(r, "remove_issue_link", "", /\/issueLink\/[^/]+$/), affects: links },
  // Tries several fields until one takes.
  jira_link_to_epic: { ...write, result: json, affects: links },
  jira_create_sprint: { ...write, result: json, undo: "none", refused: (r) => refusedBy(r, "create_sprint", "", /\/agile\/1\.0\/sprint$/), affects: sprints },
  jira_update_sprint: { ...write, result: json, affects: sprints },
  jira_add_issues_to_sprint: { ...setting, result: json, refused: (r) => refusedBy(r, "add_issues_to_sprint", "", /\/sprint\/[^/]+\/issue$/), undo: "move them back", affects: [...issues, ...sprints] },
  jira_move_issues_to_backlog: { ...setting, result: json, refused: (r) => refusedBy(r, "move_issues_to_backlog", "", /\/backlog\/issue$/), undo: "add them to the sprint", affects: [...issues, ...sprints] },
  jira_create_customer_request: { ...write, result: json, undo: "none", affects: issues },
  jira_create_version: { ...write, result: json, undo: "none", affects: versions },
  jira_batch_create_versions: { ...write, result: json, undo: "none", failed: someSay, affects: versions },
  jira_update_version: { ...setting, result: json, affects: versions },
  jira_update_proforma_form_answers: { ...write, result: json, affects: forms },

  confluence_search: { ...index, result: json, pages: { by: "none", size: ["limit", 50], more: (r) => r.length >= 50 } },
  confluence_get_page: { ...read, result: json },
  confluence_get_page_children: { ...read, result: json, pages: { by: "offset", param: "start", size: ["limit", 50], items: (r) => r.results } },
  confluence_get_space_page_tree: { ...read, result: json },
  confluence_get_page_history: { ...read, result: json },
  confluence_get_page_diff: { ...read, result: json },
  confluence_get_page_views: { ...read, result: json },
  confluence_get_comments: { ...read, result: json },
  confluence_get_inline_comments: { ...read, result: json },
  confluence_get_labels: { ...read, result: json },
  confluence_search_user: { ...index, result: json },
  // It looks for a name or a kind only after it has cut the page: whether there is more cannot be told then.
  confluence_get_attachments: [
    { when: (a) => (a.filename ?? null) === null && (a.media_type ?? null) === null, ...read, result: json, pages: { by: "offset", param: "start", size: ["limit", 50], items: (r) => r.attachments } },
    { ...read, result: json, pages: { by: "none", size: ["limit", 50], items: (r) => r.attachments, more: () => true } },
  ],
  confluence_download_attachment: read,
  confluence_download_content_attachments: read,
  confluence_get_page_images: read,
  confluence_list_page_templates: { ...read, result: json },
  confluence_get_page_template: { ...read, result: json },
  confluence_get_page_restrictions: { ...read, result: json },
  confluence_check_content_permissions: { ...read, result: json },
  confluence_get_space_permissions: { ...read, result: json },

  // Reads, renders, writes, and sets properties: several requests, whose errors are worded alike. Each update is another version.
  confluence_create_page: { ...write, result: json, undo: "delete the page", affects: pages },
  confluence_create_page_from_template: { ...write, result: json, undo: "delete the page", affects: pages },
  confluence_copy_page: { ...write, result: json, undo: "delete the page", affects: pages },
  confluence_update_page: { ...write, result: json, undo: "update it to what it was", affects: pages },
  confluence_update_page_section: { ...write, result: json, undo: "update it to what it was", affects: pages },
  confluence_move_page: { ...write, result: json, undo: "move it back", affects: pages },
  confluence_delete_page: { ...write, result: json, undo: "none", affects: [...pages, ...comments, ...attachments] },
  confluence_add_label: { ...setting, result: json, undo: "none", affects: ["confluence_get_labels", "confluence_search"] },
  confluence_add_comment: { ...write, result: json, undo: "none", affects: comments },
  confluence_reply_to_comment: { ...write, result: json, undo: "none", affects: comments },
  confluence_add_inline_comment: { ...write, result: json, undo: "none", affects: [...comments, ...pages] },
  // The same file again is another version of it. Reads files of the machine that the server runs on.
  confluence_upload_attachment: { ...write, result: json, failed: notUploaded, undo: "delete the attachment", affects: attachments },
  confluence_upload_attachments: { ...write, result: json, failed: notUploaded, undo: "delete the attachments", affects: attachments },
  // It says that it is deleted, whatever Confluence said: somebody has to look.
  confluence_delete_attachment: { ...write, failed: (r) => !r.isError, undo: "none", affects: attachments },
  confluence_set_page_restrictions: { ...setting, result: json, undo: "set what there was", affects: restrictions },

  // What each leaves out.
  "*": { failed: says, refused: untaken, rate: { perSecond: 5, concurrent: 4 }, names: { JiraGetIssueResult: "Issue", JiraSearchItem: "FoundIssue", ConfluenceGetPageResult: "Page" } },
});
