import { capture, profile } from "offstage";

/**
 * What `@nexus2520/jira-mcp-server` does not say about itself; written by reading and running 1.2.0. Every tool reads and
 * writes by its `action`. All errors are `isError` texts without a status: a dropped socket, a 500 and a 502 look like a
 * validation error, and the write may have happened. Without a type argument: a project may call the server what it likes.
 *
 * What to know besides: titles are echoed in its texts, so every pattern is anchored at the first character; empty texts
 * and lists count as absent (`update` cannot clear a summary); a `comment` of `transition` is sent as plain text, which
 * Jira Cloud refuses; there is no tool that deletes an issue.
 */

// Jira checked the fields and said which are wrong: it does so before it writes.
const invalid = (text: string) => text.startsWith("Error: JIRA validation failed.\nField errors:\n") || text.startsWith("Error: Issue creation failed — validation errors:\n");

// The server itself missed an argument, before any request.
const incomplete = (text: string) => /^Error: (?:[A-Za-z]+(?:(?:, [A-Za-z]+)*,? and [A-Za-z]+)? (?:is|are) required(?: for (?:add|remove \(use list to find the ID\)))?|At least one field to update must be provided)$/.test(text);

// No connection came about, so nothing was sent. "socket hang up", "timeout" and "ECONNRESET" prove no such thing.
const unsent = (text: string) => /^Error: (?:connect ECONNREFUSED |getaddrinfo (?:ENOTFOUND|EAI_AGAIN) )/.test(text);

// A 404, in Jira's own and only words for it. The token may also lack permission.
const missing = (text: string) => text === "Error: Issue does not exist or you do not have permission to see it.";

const nothingDone = (text: string) => invalid(text) || incomplete(text) || unsent(text) || missing(text);

const issueReads = ["jira_issues", "jira_search"];

export default profile("@nexus2520/jira-mcp-server@1", {
  jira_issues: [
    { when: (a) => a.action === "get", effect: "read", gone: (r) => r.isError && missing(r.text) },
    {
      when: (a) => a.action === "create", effect: "write", undo: "none",
      // "**Key**: undefined" (a 201 whose body was broken) is no key: the issue exists and its result is unreadable.
      result: (r) => ({
        key: capture(r.text, /^✅ Issue created successfully!\n\n\*\*Key\*\*: ([A-Z][A-Z0-9_]*-[0-9]+)\n/),
        url: capture(r.text, /^✅ Issue created successfully!\n\n\*\*Key\*\*: [A-Z][A-Z0-9_]*-[0-9]+\n\*\*ID\*\*: [^\n]*\n\*\*URL\*\*: ([^\s]+)$/),
      }),
      // A missing issue is no answer to a create.
      refused: (r) => invalid(r.text) || incomplete(r.text) || unsent(r.text),
      affects: ["jira_search"],
    },
    // A PUT that sets what it names; an assignee given by e-mail is looked up each time.
    { when: (a) => a.action === "update", effect: "write", idempotent: true, refused: (r) => nothingDone(r.text), affects: issueReads },
    { when: (a) => a.action === "assign", effect: "write", idempotent: true, refused: (r) => nothingDone(r.text), affects: issueReads },
  ],

  jira_search: [
    // An index that follows within seconds to minutes, and one page of it: `isLast: false` is a truncation, because the
    // tool takes no page token. Jira may give fewer than `maxResults` and still have more.
    {
      when: (a) => a.action === "issues", effect: "read", lag: "2m",
      pages: { by: "none", size: ["maxResults", 100], items: (r) => r.issues, more: (r) => !r.isLast || r.nextPageToken !== null },
    },
    { when: (a) => a.action === "projects", effect: "read" },
    { when: (a) => a.action === "users", effect: "read", lag: "2m" },
    { when: (a) => a.action === "create_metadata", effect: "read" },
  ],

  jira_comments: [
    { when: (a) => a.action === "get", effect: "read", gone: (r) => r.isError && missing(r.text) },
    {
      when: (a) => a.action === "add", effect: "write", undo: "none",
      result: (r) => ({ id: capture(r.text, /^✅ Comment added to [^\s]+ successfully!\n\n\*\*Comment ID\*\*: ([0-9]+)$/) }),
      refused: (r) => nothingDone(r.text),
      affects: ["jira_comments", "jira_issues"],
    },
  ],

  jira_workflow: [
    { when: (a) => a.action === "get_transitions", effect: "read", gone: (r) => r.isError && missing(r.text) },
    // Not idempotent: a transition may lead back to where it came from. What can be made next changes with it.
    { when: (a) => a.action === "transition", effect: "write", undo: "transition back", refused: (r) => nothingDone(r.text), affects: ["jira_issues", "jira_search", "jira_workflow"] },
  ],

  jira_attachments: [
    { when: (a) => a.action === "list", effect: "read", gone: (r) => r.isError && missing(r.text) },
    { when: (a) => a.action === "get_content", effect: "read" },
    // Reads a file of the machine that the server runs on.
    {
      when: (a) => a.action === "upload", effect: "write", undo: "delete the attachment",
      result: (r) => ({ id: capture(r.text, /^Attachment uploaded successfully to [^\s]+\.\n\n\*\*ID\*\*: ([0-9]+)\n/) }),
      refused: (r) => nothingDone(r.text) || r.text.startsWith("Error: File not found: "),
      affects: ["jira_attachments", "jira_issues"],
    },
    // Not idempotent: "not found" at the second time says nothing about the first.
    {
      when: (a) => a.action === "delete", effect: "write", undo: "none",
      refused: (r) => nothingDone(r.text) || r.text.startsWith("Error: Attachment not found: "),
      affects: ["jira_attachments", "jira_issues"],
    },
  ],

  jira_links: [
    { when: (a) => a.action === "list", effect: "read", gone: (r) => r.isError && missing(r.text) },
    { when: (a) => a.action === "get_link_types", effect: "read" },
    // Answers with no id: look it up with `list`. "inward" and "outward" are Jira's, not what the words suggest.
    { when: (a) => a.action === "add", effect: "write", undo: "remove the link", refused: (r) => nothingDone(r.text), affects: ["jira_links", "jira_issues", "jira_search"] },
    { when: (a) => a.action === "remove", effect: "write", undo: "add the link again", refused: (r) => nothingDone(r.text), affects: ["jira_links", "jira_issues", "jira_search"] },
  ],

  // Far below what Jira Cloud allows one user in a second; it answers 429, which looks like any other error here.
  "*": {
    rate: { perSecond: 5, concurrent: 4 },
    names: {
      JiraIssuesGetResult: "Issue", JiraIssuesCreateResult: "CreatedIssue",
      JiraSearchIssuesItem: "FoundIssue", JiraSearchIssuesResult: "SearchPage",
      JiraCommentsAddResult: "AddedComment", JiraAttachmentsUploadResult: "UploadedAttachment",
    },
  },
});
