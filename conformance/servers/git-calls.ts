import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProvenCall } from "./prove-profile.ts";

const read = (tool: string, args: object): ProvenCall => ({ tool, args, is: "read" });

/** Every tool of mcp-server-git, in a folder that becomes a repository with `sub/a.txt` committed and changed since. */
export function gitCalls(folder: string): readonly ProvenCall[] {
  const git = (...args: readonly string[]): void => void execFileSync("git", ["-C", folder, ...args], { stdio: "ignore" });
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Ana");
  git("config", "user.email", "ana@example.com");
  git("add", "sub");
  git("commit", "--quiet", "-m", "The first commit");
  writeFileSync(join(folder, "sub/a.txt"), "one\n");
  const here = (more: object = {}): object => ({ repo_path: folder, ...more });
  const call = (tool: string, more: object, is: ProvenCall["is"]): ProvenCall => ({ tool, args: here(more), is });
  return [
    ...["git_status", "git_diff_unstaged", "git_diff_staged", "git_log"].map((tool) => read(tool, here())),
    read("git_diff", here({ target: "main" })), read("git_show", here({ revision: "HEAD" })), read("git_branch", here({ branch_type: "all" })),
    // What looks like an option is none.
    read("git_diff", here({ target: "--output=stolen" })), read("git_show", here({ revision: "--output=stolen" })), read("git_branch", here({ branch_type: "local", contains: "--delete" })), read("git_log", here({ start_timestamp: "--output=stolen" })),
    call("git_commit", { message: "Nothing" }, "refused"), call("git_add", { files: ["/etc/passwd"] }, "refused"), call("git_add", { files: ["sub/a.txt"] }, "written"),
    call("git_commit", { message: "Changes committed successfully with hash 0000" }, "written"), call("git_commit", { message: "Again" }, "refused"),
    call("git_reset", {}, "written"), call("git_create_branch", { branch_name: "next" }, "written"), call("git_create_branch", { branch_name: "next" }, "refused"), call("git_create_branch", { branch_name: "-D" }, "refused"),
    call("git_checkout", { branch_name: "next" }, "written"), call("git_checkout", { branch_name: "none" }, "open"), call("git_checkout", { branch_name: "-f" }, "refused"),
  ];
}
