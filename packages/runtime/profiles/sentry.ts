import { capture, profile, type RawResult as Reply } from "offstage";

/**
 * What `@sentry/mcp-server` does not say about itself; written by reading and running 0.39.0, for the tools that it lists. Sentry's remote
 * server has the same ones. Without a type argument: a project may call the server what it likes.
 *
 * What to know besides: most answers are Markdown in which titles and comments of others stand, so nothing but first lines is read; lists are
 * cut off without a word; with the key of a model in its environment, searches ask that model. Sentry does not say how soon a search shows
 * what was written, so one that finds nothing proves nothing.
 */

// Sentry's refusal of a request, as the server words it. A 5xx, "Unable to connect", an answer that cannot be read: it may have happened.
const denied = (r: Reply) => /^\*\*Input Error\*\*\n\nThere was an HTTP (?:400|401|403|404|405|409|410|413|422|429) error with your request to the Sentry API\.\n/.test(r.text)
  || r.text.startsWith("**Authorization Expired**\n") || r.text.startsWith("**Input Error**\n\nIt looks like there was a problem with the input you provided.\n");

// The token may also not be allowed to see it.
const missing = (r: Reply) => r.isError && r.text.startsWith("**Input Error**\n\nThere was an HTTP 404 error with your request to the Sentry API.\n");

// What `execute_sentry_tool` can do without changing anything.
const looking = [
  "whoami", "find_organizations", "find_teams", "find_projects", "find_releases", "get_release_details", "find_dashboards", "get_dashboard_details", "find_monitors", "get_monitor_details",
  "find_uptime_monitors", "get_uptime_monitor_details", "find_alert_rules", "get_alert_rule", "get_issue_details", "get_event_stacktrace", "get_issue_activity", "get_issue_breadcrumbs",
  "get_issue_tag_values", "get_issue_user_reports", "get_trace_details", "get_span_details", "get_replay_details", "get_event_attachment", "search_events", "find_dsns",
  "search_issues", "search_issue_events", "get_profile", "get_profile_details", "get_agent_conversation_details", "search_agent_conversations", "get_sentry_resource",
];

// These make one request that changes something, and none after it that could be refused.
const single = ["update_issue", "add_issue_note", "create_team", "create_dsn", "update_dsn", "create_uptime_monitor", "update_uptime_monitor", "delete_uptime_monitor"];

const reads = ["get_sentry_resource", "search_issues", "search_events", "find_projects", "find_organizations", "execute_sentry_tool"];

export default profile("@sentry/mcp-server@0", {
  find_organizations: { effect: "read" },
  find_projects: { effect: "read" },
  get_sentry_resource: { effect: "read", gone: missing },
  search_events: { effect: "read" },
  search_issues: { effect: "read" },
  // Looks through the server's own list.
  search_sentry_tools: { effect: "read" },

  // Looks at the issue first and leaves one alone that is as it should be. With `reason` it writes a comment, each time, and tells in a success that it could not.
  update_issue: {
    effect: "write", undo: "set what was there", idempotent: (a) => a.reason === undefined, refused: denied, affects: reads,
    result: (r) => ({ issue: capture(r.text, /^# Issue ([^ ]+) (?:Updated|Already Matches Requested State) in \*\*[^*\n]*\*\*\n/) }),
  },
  // Starts a run where there is none yet, waits for it up to five minutes, and costs something. An error may be of the waiting.
  analyze_issue_with_seer: { effect: "write", undo: "none", idempotent: true, affects: ["get_sentry_resource"] },
  execute_sentry_tool: [
    { when: (a) => looking.includes(a.name), effect: "read", gone: missing },
    { when: (a) => single.includes(a.name), effect: "write", undo: "none", idempotent: (a) => a.name === "delete_uptime_monitor", refused: denied, affects: reads },
    // Several requests, or one nobody looked at.
    { effect: "write", undo: "none", affects: reads },
  ],

  "*": { rate: { perSecond: 5, concurrent: 4 } },
// Its regions, and not all below its name: events of anybody are taken there too.
}, { hosts: ["sentry.io", "us.sentry.io", "de.sentry.io"] });
