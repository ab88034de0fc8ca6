import { nearestName, OffstageError } from "offstage/base";

/** `WORKFLOW_NOT_FOUND`, with the workflow that was most likely meant: a file's path, as shells complete it, names one too. `isDrafted`: a chat drafted it, and nobody adopted it. */
export function workflowNotFound(typed: string, names: readonly string[], { isDrafted = false }: { readonly isDrafted?: boolean } = {}): OffstageError {
  if (isDrafted) return new OffstageError("WORKFLOW_NOT_FOUND", `There is no workflows/${typed}.ts.`, { hint: `There is a draft of it: offstage adopt workflows/${typed}.ts` });
  const bare = typed.replace(/^.*[/\\]/, "").replace(/\.ts$/, "");
  const near = names.includes(bare) ? bare : nearestName(bare, names);
  const known = names.length === 0 ? "The project has no workflows yet: write one into workflows/." : `There are: ${names.join(", ")}.`;
  const meant = near === null ? "" : `Did you mean ${near}? `;
  // A path is not put between `workflows/` and `.ts` once more.
  const message = bare === typed ? `There is no workflows/${typed}.ts.` : `"${typed}" does not name a workflow: its name has no folder and no ending.`;
  return new OffstageError("WORKFLOW_NOT_FOUND", message, { hint: meant + known });
}
