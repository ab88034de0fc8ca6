/** What a session may write: the text of a workflow, or of a profile. Neither is executed by anything; no other file is in reach. */
export type DraftFile = { readonly kind: "workflow" | "profile"; /** Of the workflow, or of the server. */ readonly name: string; /** Below the project's folder: `workflows/reports.ts`. */ readonly file: string };

/** A workflow's name is a DNS label. A server may be called anything that is one name of a file. */
const WORKFLOW = /^(?:workflows\/)?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.ts)?$/;
const PROFILE = /^profiles\/([\w@-][\w.@-]{0,99}?)(?:\.ts)?$/;

/** Reads `workflows/reports.ts`, `reports` or `profiles/jira.ts`; null for anything else. */
export function draftFile(text: string): DraftFile | null {
  const workflow = WORKFLOW.exec(text)?.[1];
  if (workflow !== undefined) return { kind: "workflow", name: workflow, file: `workflows/${workflow}.ts` };
  const profile = PROFILE.exec(text)?.[1];
  return profile === undefined ? null : { kind: "profile", name: profile, file: `profiles/${profile}.ts` };
}
