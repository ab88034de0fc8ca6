import type { Said } from "./faulty-service.ts";
import type { Meant, ProvenCall } from "./prove-profile.ts";

/** What fits an argument of this name. Jira's own messages come for the words and keys that the service is told to fail by. */
const GIVEN: Readonly<Record<string, unknown>> = {
  issue_key: "PROD-1", issue_keys: "PROD-1,PROD-2", project_key: "PROD", query: "ana", jql: "project = PROD", user_identifier: "557058:ana", field_id: "customfield_1", board_id: "1", sprint_id: "1", issue_ids_or_keys: "PROD-1",
  issue_type_id: "1", service_desk_id: "1", queue_id: "1", request_type_id: "1", form_id: "1946b8b7-8f03-4dc0-ac2d-5fac0d960c6a", page_id: "1", parent_id: "1", space_key: "S", version: 1, from_version: 1, to_version: 2,
  content_id: "1", attachment_id: "1", template_id: "1", operation: "read", space_id: "1",
};

const READS: readonly (readonly [tool: string, ...needs: readonly string[]])[] = [
  ["jira_get_issue", "issue_key"], ["jira_search", "jql"], ["jira_get_project_issues", "project_key"], ["jira_get_board_issues", "board_id", "jql"], ["jira_get_sprint_issues", "sprint_id"], ["jira_batch_get_changelogs", "issue_ids_or_keys"],
  ...["jira_get_transitions", "jira_get_worklog", "jira_get_issue_watchers", "jira_get_issue_dates", "jira_get_issue_sla", "jira_get_issue_development_info", "jira_download_attachments", "jira_get_issue_images", "jira_get_issue_proforma_forms"].map((tool) => [tool, "issue_key"] as const),
  ["jira_get_issues_development_info", "issue_keys"], ["jira_search_fields"], ["jira_get_field_options", "field_id"], ["jira_get_link_types"], ["jira_get_agile_boards"], ["jira_get_sprints_from_board", "board_id"], ["jira_get_user_profile", "user_identifier"],
  ["jira_search_assignable_users", "query", "project_key"], ["jira_get_create_fields", "project_key", "issue_type_id"],
  ...["jira_get_project_issue_types", "jira_get_project_versions", "jira_get_project_components", "jira_get_project_fields", "jira_get_project_epic_hierarchy", "jira_get_cross_project_dependencies", "jira_get_service_desk_for_project"].map((tool) => [tool, "project_key"] as const),
  ["jira_get_all_projects"], ["jira_search_projects", "query"], ["jira_get_service_desk_queues", "service_desk_id"], ["jira_get_queue_issues", "service_desk_id", "queue_id"], ["jira_get_request_types", "service_desk_id"], ["jira_get_request_type_fields", "service_desk_id", "request_type_id"],
  ["jira_get_proforma_form_details", "issue_key", "form_id"],
  ["confluence_search", "query"], ...["confluence_get_page", "confluence_get_page_views", "confluence_get_comments", "confluence_get_inline_comments", "confluence_get_labels", "confluence_get_page_restrictions"].map((tool) => [tool, "page_id"] as const),
  ["confluence_get_page_children", "parent_id"], ["confluence_get_space_page_tree", "space_key"], ["confluence_get_page_history", "page_id", "version"], ["confluence_get_page_diff", "page_id", "from_version", "to_version"], ["confluence_search_user", "query"],
  ...["confluence_get_attachments", "confluence_download_content_attachments", "confluence_get_page_images"].map((tool) => [tool, "content_id"] as const), ["confluence_download_attachment", "attachment_id"],
  ["confluence_list_page_templates"], ["confluence_get_page_template", "template_id"], ["confluence_check_content_permissions", "content_id", "user_identifier", "operation"], ["confluence_get_space_permissions", "space_id"],
];

/** Tools that make one request that changes something; `at` puts the word there that the service fails by. */
const SINGLE: readonly (readonly [tool: string, args: (at: string) => object])[] = [
  ["jira_create_issue", (at) => ({ project_key: "PROD", summary: at, issue_type: "Bug" })],
  ["jira_add_comment", (at) => ({ issue_key: "PROD-1", body: at })],
  ["jira_edit_comment", (at) => ({ issue_key: "PROD-1", comment_id: "1", body: at })],
  ["jira_add_worklog", (at) => ({ issue_key: "PROD-1", time_spent: "1h", comment: at })],
  ["jira_transition_issue", (at) => ({ issue_key: "PROD-1", transition_id: "1", comment: at })],
  ["jira_create_issue_link", (at) => ({ link_type: at, inward_issue_key: "PROD-1", outward_issue_key: "PROD-2" })],
  ["jira_create_remote_issue_link", (at) => ({ issue_key: "PROD-1", url: "http://x.test", title: at })],
  ["jira_create_sprint", (at) => ({ board_id: "1", name: at, start_date: "2099-01-01T00:00:00Z", end_date: "2099-01-08T00:00:00Z" })],
  ["jira_add_issues_to_sprint", (at) => ({ sprint_id: "1", issue_keys: at })],
  ["jira_move_issues_to_backlog", (at) => ({ issue_keys: at })],
  ["jira_add_watcher", (at) => ({ issue_key: "PROD-1", user_identifier: at })],
  ["jira_delete_issue", (at) => ({ issue_key: `${at.toUpperCase()}-1` })],
  ["jira_remove_watcher", (at) => ({ issue_key: `${at.toUpperCase()}-1`, account_id: "1" })],
  ["jira_remove_issue_link", (at) => ({ link_id: at })],
];

/** Of the others nothing is said but what they do not take. */
const OTHERS: readonly (readonly [tool: string, args: (at: string) => object])[] = [
  ["jira_batch_create_issues", (at) => ({ issues: JSON.stringify([{ project_key: "PROD", summary: at, issue_type: "Bug" }]) })],
  ["jira_update_issue", (at) => ({ issue_key: "PROD-1", fields: JSON.stringify({ summary: at }) })],
  ["jira_assign_issue", (at) => ({ issue_key: "PROD-1", assignee: JSON.stringify({ accountId: at }) })],
  ["jira_move_issue", () => ({ issue_key: "PROD-1", target_project_key: "NEXT" })],
  ["jira_add_comment", (at) => ({ issue_key: "PROD-1", body: at, public: true })],
  ["jira_add_worklog", (at) => ({ issue_key: "PROD-1", time_spent: "1h", comment: at, original_estimate: "2h" })],
  ["jira_link_to_epic", () => ({ issue_key: "PROD-1", epic_key: "PROD-2" })],
  ["jira_update_sprint", (at) => ({ sprint_id: "1", name: at })],
  ["jira_create_customer_request", (at) => ({ service_desk_id: "1", request_type_id: "1", request_field_values: JSON.stringify({ summary: at }) })],
  ["jira_create_version", (at) => ({ project_key: "PROD", name: at })],
  ["jira_batch_create_versions", (at) => ({ project_key: "PROD", versions: JSON.stringify([{ name: at }]) })],
  ["jira_update_version", (at) => ({ version_id: "1", name: at })],
  ["jira_update_proforma_form_answers", (at) => ({ issue_key: "PROD-1", form_id: GIVEN["form_id"], answers: [{ questionId: "1", type: "TEXT", value: at }] })],
  ["confluence_create_page", (at) => ({ space_key: "S", title: at, content: "x" })],
  ["confluence_create_page_from_template", (at) => ({ space_key: "S", title: at, template_id: "1" })],
  ["confluence_copy_page", (at) => ({ source_page_id: "1", destination_space_key: "S", new_title: at })],
  ["confluence_update_page", (at) => ({ page_id: "1", title: at, content: "x" })],
  ["confluence_update_page_section", (at) => ({ page_id: "1", heading_text: "h", new_content: at })],
  ["confluence_move_page", (at) => ({ page_id: at, target_parent_id: "2" })],
  ["confluence_delete_page", (at) => ({ page_id: at })],
  ["confluence_add_label", (at) => ({ page_id: "1", name: at })],
  ["confluence_add_comment", (at) => ({ page_id: "1", body: at })],
  ["confluence_reply_to_comment", (at) => ({ comment_id: "1", body: at })],
  ["confluence_add_inline_comment", (at) => ({ page_id: "1", body: at, text_selection: "x" })],
  ["confluence_upload_attachment", (at) => ({ content_id: "1", content_base64: "eA==", filename: `${at}.txt` })],
  ["confluence_upload_attachments", (at) => ({ content_id: at, file_paths: "package.json" })],
  ["confluence_delete_attachment", (at) => ({ attachment_id: at })],
  ["confluence_set_page_restrictions", (at) => ({ page_id: "1", read_users: [at] })],
];

/** Where Jira and Confluence are run: some tools are for one of the two alone. */
export type Hosting = "cloud" | "dataCenter";

/** Tools that say at once that they are not for this hosting, or lack something. Forms are at an address of their own. */
const UNHEARD: Readonly<Record<Hosting, RegExp>> = {
  cloud: /^jira_(?:get_service_desk_|get_queue_|\w*proforma_)/,
  dataCenter: /^(?:jira_(?:batch_get_changelogs|get_field_options|move_issue$|\w*proforma_)|confluence_(?:get_page_views|\w*template|check_content_permissions|get_space_permissions))/,
};

/** Every tool of mcp-atlassian against a service that fails as it is told. */
export function atlassianCalls(hosting: Hosting): readonly ProvenCall[] {
  const unheard = (tool: string): { readonly unheard?: true } => (UNHEARD[hosting].test(tool) ? { unheard: true } : {});
  const isCloud = hosting === "cloud";
  const call = (tool: string, is: Meant, args: object): ProvenCall => ({ tool, args, is });
  return [
    ...READS.map(([tool, ...needs]): ProvenCall => ({ ...call(tool, UNHEARD[hosting].test(tool) ? "read" : "answered", Object.fromEntries(needs.map((name) => [name, GIVEN[name]]))), ...unheard(tool) })),
    { ...call("jira_search", "read", { jql: "project = PROD", limit: 1 }), pages: isCloud ? { items: 2, pages: 2 } : { items: 1, pages: 1, cut: true } },
    { ...call("jira_get_project_issues", "read", { project_key: "PROD", limit: 1 }), pages: { items: 1, pages: 1, cut: true } },
    { ...call("jira_get_board_issues", "read", { board_id: "1", jql: "project = PROD", limit: 1 }), pages: { items: 2, pages: 3 } },
    { ...call("confluence_get_attachments", "read", { content_id: "1", limit: 1 }), pages: { items: 2, pages: 3 } },
    call("jira_get_issue", "gone", { issue_key: "GONE-1" }),
    call("jira_batch_create_issues", "read", { issues: JSON.stringify([{ project_key: "PROD", summary: "s", issue_type: "Bug" }]), validate_only: true }),
    ...SINGLE.flatMap(([tool, args]) => [
      ...["s401", "s403", "s404", "s422", "s429"].map((word) => call(tool, tool === "jira_create_issue" && (word === "s404" || word === "s401") ? "open" : "refused", args(word))),
      ...["s408", "s500", "s503", "drop"].map((word) => call(tool, "open", args(word))),
    ]),
    call("jira_create_issue", "refused", { project_key: "PROD", summary: "s400", issue_type: "Bug" }),
    ...OTHERS.flatMap(([tool, args]) => ["s403", "s404", "s500", "drop"].map((word): ProvenCall => ({ ...call(tool, "open", args(word)), ...unheard(tool) }))),
    // What it does not take, it does not begin with.
    ...[...SINGLE, ...OTHERS].map(([tool]): ProvenCall => ({ tool, args: { not_an_argument: true }, is: "refused", unheard: true })),
  ];
}

/** One issue, whose key is in the address, and nothing under `GONE`. */
export function atlassianReads(path: string, said: Said): unknown {
  if (path.endsWith("/search/jql")) return said["nextPageToken"] !== undefined ? { issues: [issue("PROD-2")] } : { issues: [issue("PROD-1")], nextPageToken: "t" };
  if (path.endsWith("/rest/api/2/search")) return { total: 2, startAt: 0, maxResults: 1, issues: [issue("PROD-1")] };
  if (path.endsWith("/board/1/issue")) return { total: 2, startAt: startOf(said), issues: ["PROD-1", "PROD-2"].slice(startOf(said)).slice(0, 1).map(issue) };
  if (path.endsWith("/child/attachment")) return { results: ["a", "b"].slice(startOf(said)).slice(0, 1).map((id) => ({ id, title: id, type: "attachment", extensions: {}, _links: {} })) };
  if (path.includes("/GONE-")) return undefined;
  if (/\/issue\/[A-Z0-9]+-[0-9]+$/.test(path)) return issue("PROD-1");
  if (path.endsWith("/transitions")) return { transitions: [{ id: "1", name: "Done", to: { name: "Done" } }] };
  if (path.endsWith("/requesttype/1/field")) return { requestTypeFields: [], canRaiseOnBehalfOf: true, canAddRequestParticipants: true };
  if (/\/(?:search|search\/user|label|member)$/.test(path)) return { results: [], size: 0 };
  if (path.endsWith("/rest/api/content/1")) return { id: "1", type: "page", title: "a.txt", space: { key: "S" }, version: { number: 1 }, body: { storage: { value: "<h1>h</h1><p>x</p>", representation: "storage" } }, _links: { download: "/download/a.txt" } };
  return path.endsWith("/field") ? [{ id: "summary", name: "Summary", custom: false, schema: { type: "string", system: "summary" } }] : {};
}

function issue(key: string): object {
  return { id: "1", key, fields: { summary: "It leaks", status: { name: "Open" }, project: { key: "PROD" }, issuetype: { id: "1", name: "Bug" } } };
}

function startOf(said: Said): number {
  return Number(said["startAt"] ?? said["start"] ?? 0);
}

/** As Jira says it: a 404 and a 400 in its own words, most others without. */
export function atlassianMessage(status: number): object {
  if (status === 404) return { errorMessages: ["Issue does not exist or you do not have permission to see it."], errors: {} };
  if (status === 400) return { errorMessages: [], errors: { customfield_1: "Field 'customfield_1' cannot be set. It is not on the appropriate screen, or unknown." } };
  return status === 500 ? { errorMessages: ["Internal server error"], errors: {} } : [];
}

/** Reads that come as POST. */
export function atlassianAsks(path: string): boolean {
  return /\/search\/jql$|\/changelog\/bulkfetch$|\/permission\/check$/.test(path);
}
