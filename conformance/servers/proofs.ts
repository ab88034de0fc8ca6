import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MARK_VARIABLE } from "../../demo/project.ts";
import { startFaultyService } from "./faulty-service.ts";
import { githubCalls, githubReads } from "./github-calls.ts";
import { kubernetesCalls, kubernetesMessage, kubernetesReads } from "./kubernetes-calls.ts";
import { commandOf } from "./install.ts";
import { contentsOf, type ProofSetting, type ProvenCall, proveProfile } from "./prove-profile.ts";
import { REAL_SERVERS } from "./servers.ts";

/** A shipped profile and the server that proves it. */
export interface Proof {
  readonly profile: string;
  /** Of {@link REAL_SERVERS}. */
  readonly server: string;
  /** Gives back what is wrong. */
  readonly prove: (installed: string, mark: string) => Promise<readonly string[]>;
}

const read = (tool: string, args: object): ProvenCall => ({ tool, args, is: "read" });

/** The shipped profiles that are held against their real server here. */
export const PROOFS: readonly Proof[] = [
  { profile: "filesystem.ts", server: "filesystem", prove: (installed, mark) => inFolder((folder) => provenBy("filesystem.ts", "filesystem", installed, mark, { args: [folder], env: {}, calls: filesystemCalls(folder), changed: () => contentsOf(folder), untried: [] })) },
  { profile: "git.ts", server: "git", prove: (installed, mark) => inFolder((folder) => provenBy("git.ts", "git", installed, mark, { args: [], env: {}, calls: gitCalls(folder), changed: () => contentsOf(folder), untried: [] })) },
  {
    profile: "github-official.ts", server: "github",
    prove: async (installed, mark) => {
      const service = await startFaultyService(githubReads);
      const env = { GITHUB_PERSONAL_ACCESS_TOKEN: "not-a-real-token-0123456789", GITHUB_HOST: "http://github.test", HTTP_PROXY: service.url };
      // These two look for Copilot by GraphQL first, and nothing is said of their errors.
      return provenBy("github-official.ts", "github", installed, mark, { args: ["stdio"], env, calls: githubCalls(), changed: service.changes, untried: ["assign_copilot_to_issue", "request_copilot_review"] }).finally(service.close);
    },
  },
  {
    profile: "kubernetes.ts", server: "kubernetes",
    prove: (installed, mark) => inFolder(async (folder) => {
      const service = await startFaultyService(kubernetesReads, kubernetesMessage);
      const kubeconfig = join(folder, "kubeconfig.json");
      writeFileSync(kubeconfig, JSON.stringify({ apiVersion: "v1", kind: "Config", "current-context": "c", clusters: [{ name: "c", cluster: { server: service.url } }], contexts: [{ name: "c", context: { cluster: "c", user: "u" } }], users: [{ name: "u", user: {} }] }));
      return provenBy("kubernetes.ts", "kubernetes", installed, mark, { args: ["--kubeconfig", kubeconfig], env: {}, calls: kubernetesCalls(), changed: service.changes, untried: [] }).finally(service.close);
    }),
  },
];

type Situation = Pick<ProofSetting, "env" | "calls" | "changed" | "untried"> & { readonly args: readonly string[] };

function provenBy(profile: string, name: string, installed: string, mark: string, { args, env, ...rest }: Situation): Promise<readonly string[]> {
  const server = REAL_SERVERS.find((one) => one.name === name);
  if (server === undefined) throw new Error(`there is no server ${name}`);
  const [command, ...first] = commandOf(server, installed);
  return proveProfile({ server: name, profile, command: [command, ...first, ...args], env: { ...env, [MARK_VARIABLE]: mark }, ...rest });
}

async function inFolder(prove: (folder: string) => Promise<readonly string[]>): Promise<readonly string[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "offstage-proof-")));
  try {
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub/a.txt"), "one\ntwo\n");
    return await prove(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesystemCalls(folder: string): readonly ProvenCall[] {
  const file = `${folder}/sub/a.txt`;
  const none = `${folder}/sub/none.txt`;
  return [
    ...["read_file", "read_text_file", "read_media_file", "get_file_info"].flatMap((tool) => [read(tool, { path: file }), { tool, args: { path: none }, is: "gone" as const }]),
    ...["list_directory", "list_directory_with_sizes", "directory_tree"].flatMap((tool) => [read(tool, { path: folder }), { tool, args: { path: none }, is: "gone" as const }]),
    read("read_multiple_files", { paths: [file, none] }), read("search_files", { path: folder, pattern: "*.txt" }), read("list_allowed_directories", {}),
    read("edit_file", { path: file, edits: [{ oldText: "one", newText: "1" }], dryRun: true }),
    { tool: "edit_file", args: { path: file, edits: [{ oldText: "one", newText: "1" }, { oldText: "not there", newText: "x" }] }, is: "refused" },
    { tool: "edit_file", args: { path: none, edits: [] }, is: "refused" },
    { tool: "edit_file", args: { path: file, edits: [{ oldText: "two", newText: "2" }] }, is: "written" },
    ...["write_file", "create_directory"].map((tool): ProvenCall => ({ tool, args: { path: "/etc/none", content: "x" }, is: "refused" })),
    { tool: "write_file", args: { path: `${folder}/not/there.txt`, content: "x" }, is: "refused" },
    { tool: "write_file", args: { path: `${folder}/b.txt`, content: "x" }, is: "written" },
    // A folder in the file's place: the server has begun to write.
    { tool: "write_file", args: { path: `${folder}/sub`, content: "x" }, is: "open" },
    { tool: "create_directory", args: { path: `${folder}/new` }, is: "written" },
    { tool: "move_file", args: { source: `${folder}/b.txt`, destination: "/etc/none" }, is: "refused" },
    { tool: "move_file", args: { source: `${folder}/b.txt`, destination: `${folder}/c.txt` }, is: "written" },
    { tool: "move_file", args: { source: `${folder}/b.txt`, destination: `${folder}/d.txt` }, is: "refused" },
    { tool: "move_file", args: { source: file, destination: `${folder}/c.txt` }, is: "refused" },
  ];
}

function gitCalls(folder: string): readonly ProvenCall[] {
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
