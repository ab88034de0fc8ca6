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

/** The files of a new project, by their path; `mcp.json` is made apart. */
export const PROJECT_FILES: Readonly<Record<string, string>> = {
  "offstage.yaml": SETTINGS,
  "tsconfig.json": TSCONFIG,
  "workflows/example.ts.txt": EXAMPLE,
  ".gitignore": IGNORE,
};
