import { profile, capture } from "offstage";
import type { jira } from "#servers";

/**
 * What the Jira server does not say about itself, for this site: the profile that ships with Offstage, with the lag of the demo's
 * Jira (1.5 s, where a real one needs minutes) and a rate that a local server stands.
 */
export default profile<typeof jira>("@nexus2520/jira-mcp-server@1", {
  jira_issues: [
    { when: (a) => a.action === "get", effect: "read", gone: (r) => r.isError && r.text.includes("does not exist or you do not have permission") },
    {
      when: (a) => a.action === "create",
      effect: "write",
      undo: "none",
      result: (r) => ({ key: capture(r.text, /^✅ Issue created successfully!\n\n\*\*Key\*\*: ([A-Z][A-Z0-9_]*-[0-9]+)\n/) }),
      // Errors carry no status code: only messages that Jira makes before it writes prove that nothing was written.
      refused: (r) => r.text.startsWith("Error: Issue creation failed — validation errors:") || r.text.startsWith("Error: JIRA validation failed."),
    },
    { when: (a) => a.action === "update", effect: "write", idempotent: true, refused: (r) => r.text.startsWith("Error: JIRA validation failed."), affects: ["jira_issues", "jira_search"] },
    { when: (a) => a.action === "assign", effect: "write", idempotent: true },
  ],
  jira_search: [{ effect: "read", lag: "2s", pages: { by: "none", items: (r) => r.issues, more: (r) => !r.isLast } }],
  jira_comments: [
    { when: (a) => a.action === "get", effect: "read" },
    { when: (a) => a.action === "add", effect: "write", undo: "none" },
  ],
  jira_workflow: [
    { when: (a) => a.action === "get_transitions", effect: "read" },
    { when: (a) => a.action === "transition", effect: "write", affects: ["jira_issues"] },
  ],
  "*": { names: { JiraIssuesGetResult: "Issue" }, rate: { perSecond: 40, concurrent: 4 } },
});
