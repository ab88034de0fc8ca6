import { profile, type RawResult as Reply } from "offstage";

/**
 * What `@modelcontextprotocol/server-gitlab` does not say about itself; written by reading and running 2025.4.25. Without a type
 * argument: a project may call the server what it likes.
 *
 * What to know besides: each write is one request that changes something; its errors have only the status's name; "Invalid arguments"
 * may be about GitLab's answer, and then the write has happened; `push_files` can only add files; no tool deletes or closes anything.
 */

// The names of the statuses with which GitLab does not do what it is asked for. All others, and "request to … failed", may have happened.
const denied = (r: Reply) => /^GitLab API error: (?:Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|Not Acceptable|Conflict|Precondition Failed|Payload Too Large|Unprocessable (?:Entity|Content)|Too Many Requests)$/.test(r.text);

const files = ["get_file_contents"];

export default profile("@modelcontextprotocol/server-gitlab@2025", {
  // GitLab answers a request within a minute or not at all, and its replicas follow within seconds.
  get_file_contents: { effect: "read", lag: "1m", gone: (r) => r.isError && r.text === "GitLab API error: Not Found" },
  search_repositories: { effect: "read", lag: "1m", pages: { by: "page", param: "page", size: ["per_page", 100], items: (r) => r.items } },

  create_issue: { effect: "write", undo: "none", refused: denied, affects: [] },
  create_merge_request: { effect: "write", undo: "none", refused: denied, affects: [] },
  create_branch: { effect: "write", undo: "none", refused: denied, affects: files },
  // Looks for the file first, and takes every error for "it is not there". The same content again is another commit.
  create_or_update_file: { effect: "write", undo: "commit what was there", refused: denied, affects: files },
  // One commit: all of it or nothing.
  push_files: { effect: "write", undo: "none", refused: denied, affects: files },
  create_repository: { effect: "write", undo: "none", refused: denied, affects: ["search_repositories"] },
  fork_repository: { effect: "write", undo: "none", refused: denied, affects: ["search_repositories"] },

  "*": { rate: { perSecond: 8, concurrent: 4 } },
});
