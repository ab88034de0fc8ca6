import type { ProvenCall } from "./prove-profile.ts";

/** Statuses by which Sentry says that it did not do what it was asked for, and ends of a request that leave it open. */
const REFUSALS = ["s400", "s401", "s403", "s404", "s409", "s422", "s429"];
const OPEN = ["s408", "s500", "s502", "s503", "drop", "broken"];

const issue = { issueId: "API-1" };
const monitor = { projectSlug: "api", uptimeMonitorId: "7" };

/** By `execute_sentry_tool`: those of which a refusal tells, and those that ask for more afterwards. */
const WRITES: readonly (readonly [name: string, tells: "sure" | "never", args: object])[] = [
  ["update_issue", "sure", { ...issue, status: "resolved" }], ["add_issue_note", "sure", { ...issue, text: "**Input Error**" }], ["create_team", "sure", { name: "t" }],
  ["create_dsn", "sure", { projectSlug: "api", name: "d" }], ["update_dsn", "sure", { projectSlug: "api", keyId: "k", name: "d" }],
  ["create_uptime_monitor", "sure", { projectSlug: "api", name: "m", url: "https://example.com", intervalSeconds: 60 }], ["update_uptime_monitor", "sure", { ...monitor, name: "m" }],
  ["create_project", "never", { teamSlug: "t", name: "p" }], ["update_project", "never", { projectSlug: "api", name: "p" }],
  ["add_team_to_project", "never", { projectSlug: "api", teamSlug: "u" }], ["remove_team_from_project", "never", { projectSlug: "api", teamSlug: "t" }],
];

const LOOKS: readonly (readonly [name: string, args: object])[] = [
  ["whoami", {}], ["find_organizations", {}], ...["find_teams", "find_projects", "find_releases", "find_dashboards", "find_monitors", "find_uptime_monitors", "find_alert_rules", "search_events", "search_issues", "search_agent_conversations"].map((name) => [name, {}] as const),
 
  ...["get_issue_details", "get_issue_activity", "get_issue_breadcrumbs", "get_issue_user_reports", "search_issue_events"].map((name) => [name, issue] as const), ["get_issue_tag_values", { ...issue, tagKey: "url" }],
  ["get_event_stacktrace", { ...issue, eventId: "latest" }], ["get_trace_details", { traceId: "a".repeat(32) }],
  ["get_event_attachment", { projectSlug: "api", eventId: "a".repeat(32) }], ["find_dsns", { projectSlug: "api" }],
  ["get_sentry_resource", { resourceType: "issue", resourceId: "API-1" }],
];

/** These want more of the service than it has, and fail. */
const FAILING_LOOKS: readonly (readonly [name: string, args: object])[] = [
  ["get_release_details", { releaseVersion: "1" }], ["get_dashboard_details", { dashboardIdOrTitle: "1" }], ["get_monitor_details", { monitorSlug: "m" }], ["get_uptime_monitor_details", monitor], ["get_alert_rule", { ruleIdOrName: "1" }],
  ["get_span_details", { traceId: "a".repeat(32), spanId: "b".repeat(16) }], ["get_replay_details", { replayId: "a".repeat(32) }], ["get_profile", { projectSlugOrId: "api", transactionName: "t" }], ["get_profile_details", { projectSlugOrId: "api", profileId: "a".repeat(32) }], ["get_agent_conversation_details", { conversationId: "c" }],
];

/** Every listed tool of Sentry's server, called so that the service fails in each way. */
export function sentryCalls(): readonly ProvenCall[] {
  const at = (organizationSlug: string, args: object): object => ({ organizationSlug, ...args });
  const execute = (name: string, args: object, is: ProvenCall["is"]): ProvenCall => ({ tool: "execute_sentry_tool", args: { name, arguments: args }, is });
  const looks = ["find_organizations", "find_projects", "search_events", "search_issues"].map((tool): ProvenCall => ({ tool, args: tool === "find_organizations" ? {} : at("acme", {}), is: "answered" }));
  return [
    ...looks, { tool: "search_sentry_tools", args: { query: "team" }, is: "read", unheard: true },
    { tool: "get_sentry_resource", args: at("acme", { resourceType: "issue", resourceId: "API-1" }), is: "answered" }, { tool: "get_sentry_resource", args: at("gone", { resourceType: "issue", resourceId: "API-1" }), is: "gone" },
    ...LOOKS.map(([name, args]) => execute(name, at("acme", args), "answered")), ...FAILING_LOOKS.map(([name, args]) => execute(name, at("acme", args), "read")),
    ...REFUSALS.map((word): ProvenCall => ({ tool: "update_issue", args: at(word, { ...issue, status: "resolved", reason: "r" }), is: "refused" })), ...OPEN.map((word): ProvenCall => ({ tool: "update_issue", args: at(word, { ...issue, status: "resolved" }), is: "open" })),
    { tool: "update_issue", args: at("s200", { ...issue, status: "resolved" }), is: "written" }, { tool: "update_issue", args: at("s200", { ...issue, status: "unresolved" }), is: "written" }, { tool: "update_issue", args: at("s500", issue), is: "refused", unheard: true },
    ...WRITES.flatMap(([name, tells, args]) => [...REFUSALS.map((word) => execute(name, at(word, args), tells === "sure" ? "refused" : "open")), ...OPEN.map((word) => execute(name, at(word, args), word === "broken" && name === "add_team_to_project" ? "written" : "open"))]),
    // What is not there is as good as deleted.
    execute("delete_uptime_monitor", at("s403", monitor), "refused"), execute("delete_uptime_monitor", at("s404", monitor), "written"), execute("delete_uptime_monitor", at("s500", monitor), "open"),
    { ...execute("nothing_like_it", {}, "open"), unheard: true }, { tool: "analyze_issue_with_seer", args: at("s403", issue), is: "open" },
  ];
}

const TEAM = { id: "2", slug: "t", name: "t" };
const PROJECT = { id: "3", slug: "api", name: "api", platform: "node", teams: [TEAM] };
const ISSUE = {
  id: "1", shortId: "API-1", title: "It leaks", firstSeen: "2026-01-02T03:04:05Z", lastSeen: "2026-01-02T03:04:05Z", count: "1", userCount: 0, permalink: "https://sentry.test/issues/1/", project: PROJECT, platform: "node",
  status: "unresolved", culprit: null, type: "error", assignedTo: null, metadata: {}, issueType: "error", issueCategory: "error",
};

const EVENT = { id: "e".repeat(32), eventID: "e".repeat(32), title: "It leaks", message: "It leaks", platform: "node", type: "error", entries: [], contexts: {}, tags: [], culprit: null, dateCreated: "2026-01-02T03:04:05Z" };

/** What Sentry says; of what it did, the issue. */
export function sentryMessage(status: number): object {
  return status === 200 ? { ...ISSUE, status: "resolved" } : { detail: "As Sentry says" };
}

/** One of each, and none in `gone`. */
export function sentryReads(path: string): unknown {
  if (path.includes("/gone/")) return undefined;
  if (/\/issues\/[^/]+\/$/.test(path)) return ISSUE;
  if (/\/issues\/[^/]+\/events\/[^/]+\/$/.test(path)) return EVENT;
  if (/\/organizations\/[^/]+\/events\/$/.test(path)) return { data: [], meta: { fields: {} } };
  if (path.endsWith("/events/validate/")) return { valid: true, dataset: [], field: [], orderby: [], projects: [], environment: [], query: { valid: true, error: null, fields: [] } };
  if (path.endsWith("/activities/")) return { activity: [] };
  if (/\/tags\/[^/]+\/$/.test(path)) return { key: "url", name: "URL", totalValues: 0, topValues: [] };
  if (path.includes("/trace-meta/")) return { logs: 0, errors: 0, performance_issues: 0, span_count: 0, transaction_child_count_map: [], span_count_map: {} };
  if (/\/autofix\//.test(path)) return { autofix: null };
  return path.endsWith("/teams/") ? [TEAM] : path.endsWith("/projects/") ? [PROJECT] : path.endsWith("/auth/") || path.endsWith("/users/me/") ? { id: "1", name: "Ana", email: "ana@example.com" } : [];
}
