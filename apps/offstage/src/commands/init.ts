import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OffstageError } from "offstage/base";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";

const SERVERS = `{
  "mcpServers": {}
}
`;

const SETTINGS = `# Everything here has a default; what stands here is the project's policy and is read at every run.
version: 1

# policy:
#   rules:                        # the first that matches decides
#     - { verdict: approve, tool: "delete_*" }
#     - { verdict: deny, server: github, tool: merge_pull_request }
#   classes:                      # what nobody says to be a read is a write
#     - { server: wiki, tool: "get_*", effect: read }
# plan: { maxAge: 1h }            # how long a plan may wait for its apply
# servers: { jira: { timeout: 90s } }
# secrets: [JIRA_EMAIL]           # variables to keep out of texts, besides those whose names say so
# plain: [JIRA_PROJECT_KEY]       # variables that only sound like secrets
`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2024",
    "lib": ["es2024"],
    "module": "nodenext",
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "noEmit": true,
    "types": [],
    "plugins": [{ "name": "@offstage/cli" }],
    "paths": {
      "#servers": ["./.offstage/types/servers.d.ts"],
      "offstage": ["./.offstage/types/offstage/index.d.ts"],
      "offstage/test": ["./.offstage/types/offstage/test.d.ts"]
    }
  },
  "include": ["workflows", "profiles", ".offstage/types"]
}
`;

const EXAMPLE = `// A workflow is an ordinary TypeScript module. Once mcp.json names your servers and \`offstage lock\` has pinned their tools,
// save this as example.ts, without the slashes, and write what shall happen; \`offstage check example\` tells what does not fit.
//
// import { every, workflow } from "offstage";
// import { github } from "#servers";
//
// export default workflow({ name: "example", on: [every("1h")], inputs: { owner: "acme", repo: "api" }, limits: { writes: 10 } }, async ({ inputs }) => {
//   const pulls = await github.list_pull_requests.pages({ ...inputs, state: "open" });
//   return { open: pulls.length };
// });
`;

const IGNORE = ".offstage/\nnode_modules/\n";

const FILES: Readonly<Record<string, string>> = {
  "mcp.json": SERVERS,
  "offstage.yaml": SETTINGS,
  "tsconfig.json": TSCONFIG,
  "workflows/example.ts.txt": EXAMPLE,
  ".gitignore": IGNORE,
};

/** `offstage init`: the files of a project, those that are not there yet. */
export function register(command: Command, io: CommandIo): void {
  command.action(io.action(async () => Promise.resolve(init(io))));
}

function init(io: CommandIo): ExitCode {
  const folder = io.projectFolder === null ? io.cwd : resolve(io.cwd, io.projectFolder);
  const made = Object.entries(FILES).filter(([path, text]) => writeNew(join(folder, path), text)).map(([path]) => path);
  const kept = Object.keys(FILES).filter((path) => !made.includes(path));
  const next = `Next: name your servers in mcp.json, then: ${commandLine(io, "servers")}, ${commandLine(io, "lock")}`;
  io.answer({ folder, made, kept }, [...made.map((path) => `made ${path}`), ...kept.map((path) => `kept ${path}`), "", next].join("\n"));
  return EXIT.fine;
}

/** False when the file is there already; never overwrites, not even in a race. */
function writeNew(path: string, text: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (existsSync(path)) return false;
    throw new OffstageError("USAGE", `${path} cannot be written: ${(error as Error).message}`, { hint: "Check the folder's permissions and the disk.", cause: error });
  }
}
