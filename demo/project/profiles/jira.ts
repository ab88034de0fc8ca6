import { profile } from "offstage";

/**
 * Over the profile that ships for `@nexus2520/jira-mcp-server`, for the Jira of the demo: its search lags by 1.5 s, where a real one's
 * needs minutes, and it stands more calls in a second. A tool that a project's profile names has its rules; the shipped ones hold for all others.
 */
export default profile("@nexus2520/jira-mcp-server@1", {
  jira_search: [
    {
      when: (a) => a.action === "issues", effect: "read", lag: "2s",
      pages: { by: "none", size: ["maxResults", 100], items: (r) => r.issues, more: (r) => !r.isLast || r.nextPageToken !== null },
    },
    { when: (a) => a.action === "projects", effect: "read" },
    { when: (a) => a.action === "users", effect: "read", lag: "2m" },
    { when: (a) => a.action === "create_metadata", effect: "read" },
  ],
  "*": { rate: { perSecond: 40, concurrent: 4 } },
});
