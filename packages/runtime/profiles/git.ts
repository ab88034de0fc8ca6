import { capture, profile } from "offstage";

/**
 * What `mcp-server-git` does not say about itself; written by reading and running 2026.10.19. Without a type argument: a project
 * may call the server what it likes.
 *
 * What to know besides: everything it answers is text; it does not push, pull or fetch; it checks names that begin with "-" itself,
 * so that a read cannot be given options. A branch `@{-1}` is another one each time, so a checkout is not idempotent.
 */

// What it looks at before it changes anything.
const unfit = (text: string) => /^(?:Error executing tool [a-z_]+: )?(?:No changes staged for commit\. |No files provided to stage\. |Path '|Invalid path: '|Repository path '|Invalid branch name: '|Invalid base branch: '|Cannot create branch '|HEAD is detached, so there is no current branch )/.test(text);

const reads = ["git_status", "git_diff_unstaged", "git_diff_staged", "git_diff", "git_log", "git_show", "git_branch"];

export default profile("mcp-server-git@2026", {
  git_status: [{ effect: "read", consistent: true }],
  git_diff_unstaged: [{ effect: "read", consistent: true }],
  git_diff_staged: [{ effect: "read", consistent: true }],
  git_diff: [{ effect: "read", consistent: true }],
  git_log: [{ effect: "read", consistent: true }],
  git_show: [{ effect: "read", consistent: true }],
  git_branch: [{ effect: "read", consistent: true }],

  // A second commit finds nothing staged, which says nothing about the first.
  git_commit: [
    {
      effect: "write", undo: "none", refused: (r) => unfit(r.text), affects: reads,
      result: (r) => ({ hash: capture(r.text, /^Changes committed successfully with hash ([0-9a-f]{40,64})/) }),
    },
  ],
  git_add: [{ effect: "write", idempotent: true, undo: "reset", refused: (r) => unfit(r.text), affects: reads }],
  // What was staged is not known any more.
  git_reset: [{ effect: "write", idempotent: true, undo: "none", affects: reads }],
  git_create_branch: [{ effect: "write", undo: "delete the branch", refused: (r) => unfit(r.text), affects: reads }],
  git_checkout: [{ effect: "write", undo: "check out what was there", refused: (r) => unfit(r.text), affects: reads }],
});
