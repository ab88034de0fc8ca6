import { type ExportSource, headText, serverFilesParagraphs } from "../../bundle/index.ts";
import { inputNames } from "../../program/index.ts";

/** `README.md` of the package: what it does, what it needs, how it is run. */
export function readmeText(source: ExportSource): string {
  const { name, description } = source.program;
  const { variables } = source.needs;
  const inputs = inputNames(source.program);
  return `${headText(name, description)}
For Node 22.18 or newer, which reads TypeScript as it is.

\`\`\`
npm install
${variables.map(({ name: variable }) => `export ${variable}=…\n`).join("")}npm run plan              # shows what it would write, and writes nothing
npm run apply -- <plan>   # performs exactly what a plan showed
npm start                 # one run, under the policy of offstage.yaml
npm run serve             # runs by its triggers, until it is told to stop
\`\`\`

${variables.length === 0 ? "It needs no variables of the environment." : `It needs ${variables.length === 1 ? "a variable" : "variables"} of the environment: ${variables.map(({ name: variable, secret }) => `\`${variable}\`${secret ? " (a secret)" : ""}`).join(", ")}.`}${inputs.length === 0 ? "" : ` Inputs: ${inputs.map((input) => `\`${input}\``).join(", ")}, given as \`--input name=value\`.`}
${serverFilesParagraphs(source.serverFiles).map((text) => `\n${text}\n`).join("")}
Exit codes: 0 fine, 1 failed or partial (of a plan too), 2 usage, 3 changes pending (\`plan --detailed-exitcode\`), 4 waiting for a person.

| file | what it is |
|---|---|
| \`workflows/${name}.ts\` | the workflow, as it was written |
| \`main.ts\` | puts it together with Offstage |
| \`types/servers.d.ts\` | every tool of its servers, typed |
| \`mcp.json\` | its servers; secrets are references |
${source.settingsText === "" ? "" : "| `offstage.yaml` | its settings: the store, webhooks, the policy |\n"}${source.profiles.some((profile) => profile.source !== undefined) ? "| `profiles/` | what MCP does not say about the servers |\n" : ""}| \`offstage.lock\`, \`offstage.learnt.json\` | the tools as they were pinned, and what their results look like; \`node main.ts lock\` shows what became of them, \`lock --accept\` pins them as they are now |
| \`offstage.program.json\` | what the compiler made of these files; a changed file voids its part |
| \`vendor/\` | Offstage, packed |
| \`.offstage/\` | made by the first run: its store. Keep it: it knows what was written already |

The text may be changed: \`npm run check\` tells whether Offstage still understands it, \`npm run typecheck\` what TypeScript says. What the language has not is yours to write in \`workflows/own/\`, as async functions that the workflow imports by name: \`check\` says where it begins, and a \`plan\` does not know what it gives.
`;
}
