import { type ExportSource, headText, serverFilesParagraphs } from "../../bundle/index.ts";
import { inputNames } from "../../program/index.ts";

/** `README.md` of the package: what it does, what it needs, how it is run, and what of the project's settings it does without. */
export function pythonReadme({ program, needs, profiles, serverFiles }: ExportSource, packageName: string, passedBy: readonly string[]): string {
  const { variables } = needs;
  const inputs = inputNames(program);
  const run = `.venv/bin/python -m ${packageName}`;
  return `${headText(program.name, program.description)}
\`\`\`
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt
${variables.map(({ name }) => `export ${name}=…\n`).join("")}${run} plan            # shows what it would write, and writes nothing
${run} apply <plan>    # performs exactly what a plan showed
${run} run             # one run, under the policy of settings.json
${run} serve           # runs by its triggers, until it is told to stop
\`\`\`

Python 3.11 or newer. ${variables.length === 0 ? "It needs no variables of the environment." : `It needs ${variables.length === 1 ? "a variable" : "variables"} of the environment: ${variables.map(({ name, secret }) => `\`${name}\`${secret ? " (a secret)" : ""}`).join(", ")}.`}${inputs.length === 0 ? "" : ` Inputs: ${inputs.map((input) => `\`${input}\``).join(", ")}, given as \`--input name=value\`.`} \`--help\` lists the other commands: \`runs\`, \`show\`, \`approve\`, \`deny\`, \`resume\`, \`resolve\`, \`sweep\`, \`lock\`, …
${serverFilesParagraphs(serverFiles).map((text) => `\n${text}\n`).join("")}
Exit codes: 0 fine, 1 failed or partial (of a plan too), 2 usage, 3 changes pending (\`plan --detailed-exitcode\`, \`lock --check\`), 4 waiting for a person.

| file | what it is |
|---|---|
| \`${packageName}/workflow.py\` | the workflow |
| \`${packageName}/servers/\` | the tools that it calls, typed |
${profiles.length === 0 ? "" : `| \`${packageName}/profiles/\` | what MCP does not say about the servers: which calls write, how they page |\n`}| \`mcp.json\` | its servers; secrets are references |
| \`settings.json\` | policy, limits, store |
| \`offstage.lock\` | the tools as they were pinned; \`lock\` shows what became of them, \`lock --accept\` pins them as they are now |
| \`vendor/\` | Offstage's library for Python, packed |
| \`.offstage/\` | made by the first run: its store. Keep it: it knows what was written already |
${passedBy.length === 0 ? "" : `
What the project has, and this does without:

${passedBy.map((one) => `- ${one}`).join("\n")}
`}
\`.venv/bin/pip install pyright ruff\`, then \`.venv/bin/pyright\` and \`.venv/bin/ruff check\`, look at it under the settings of \`pyproject.toml\`.

The text may be changed: a plan, and a run that waits, belong to the text that they began with. A plan reads for real and holds every write; where an unknown result would decide, that item ends: the apply holds what comes after it, and the next plan shows that. Lasting identities (records, \`once\` keys) are those of the workflow that this was exported from, but a store belongs to one language: one that Offstage made in TypeScript is read here and not written.
`;
}
