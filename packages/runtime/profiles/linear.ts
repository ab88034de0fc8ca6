import { capture, profile } from "offstage";

/**
 * What `linear-mcp-server` does not say about itself; written by reading and running 0.1.0. Linear's own remote server has other tools.
 * Without a type argument: a project may call the server what it likes.
 *
 * What to know besides: neither search can be used. One that finds something never answers, nor does any after it (the server's own queue
 * waits for itself), and one that finds nothing fails. So what was written cannot be looked for with it. It breaks its own errors ("Invalid
 * tools/call result", whatever the cause), so that none of a write proves anything; a write reads what it wrote before it answers; `status`
 * is the identifier of a state.
 */

export default profile("linear-mcp-server@0", {
  linear_search_issues: { effect: "read" },
  linear_get_user_issues: { effect: "read" },
  linear_create_issue: {
    effect: "write", undo: "none", affects: ["linear_search_issues", "linear_get_user_issues"],
    result: (r) => ({ identifier: capture(r.text, /^Created issue ([A-Z0-9]+-[0-9]+): /), url: capture(r.text, /\nURL: (https:\/\/[^\s]+)$/) }),
  },
  // Sets what it names.
  linear_update_issue: {
    effect: "write", idempotent: true, affects: ["linear_search_issues", "linear_get_user_issues"],
    result: (r) => ({ identifier: capture(r.text, /^Updated issue ([A-Z0-9]+-[0-9]+)\nURL: /), url: capture(r.text, /\nURL: (https:\/\/[^\s]+)$/) }),
  },
  // No tool takes it away again.
  linear_add_comment: { effect: "write", undo: "none", result: (r) => ({ url: capture(r.text, /^Added comment to issue [^\n]*\nURL: (https:\/\/[^\s]+)$/) }) },

  // Linear's limit for one key is 1,500 requests an hour, and a write makes up to three.
  "*": { rate: { perSecond: 1, concurrent: 1 } },
}, { hosts: ["api.linear.app"] });
