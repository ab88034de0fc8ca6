/** A list of codes as the sources have it. */
export type Codes = Readonly<Record<string, string>>;

/** The text of `docs/errors.md`: made from the lists of codes, never written by hand. */
export function errorsDocument(errors: Codes, diagnostics: Codes): string {
  return `# Errors

Made from \`base/error-codes.ts\` and \`language/diagnostic-codes.ts\` by \`npm run docs:errors\`; a test compares. A code is API: scripts and
workflows may rely on it, and it is never renamed. The message beside it is for people and may change; the hint says what to do next.

Exit codes of the command line: 0 fine; 1 failed or partial, also of a plan that shows changes; 2 usage, or something a person wrote that does not check; 3 changes
pending (\`plan --detailed-exitcode\`, \`lock --check\`); 4 waiting for a person (pending, needs attention). \`--json\` prints
\`{ "version": 1, "command", "ok": false, "error": { "code", "message", "hint"?, "diagnostics"? } }\`. A command that did its work answers \`"ok": true\` with its \`"result"\`, whatever it found: \`check\` of a workflow
with faults is such an answer, in which each workflow has an \`"ok"\` of its own, and the exit code is 2.

## Thrown: \`OffstageError\`
${table(errors)}

## About a document: \`Diagnostic\`
With file, line and column. TypeScript's own faults are \`TS\` and their number. Faults of \`mcp.json\` and \`offstage.yaml\` have the code \`CONFIG_INVALID\`,
those of \`offstage.lock\` and \`offstage.learnt.json\` \`LOCK_INVALID\`.

${table(diagnostics)}
`;
}

function table(codes: Codes): string {
  const rows = Object.entries(codes).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([code, meaning]) => `| \`${code}\` | ${meaning.replaceAll("|", "\\|")} |`);
  return ["| code | meaning |", "|---|---|", ...rows].join("\n");
}
