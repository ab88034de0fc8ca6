import { parseReference, referencesIn } from "../base/index.ts";
import type { ExportNeeds } from "./export-needs.ts";
import { textsIn } from "./server-programs.ts";

/** What of it some text still refers to. */
export function usedIn({ variables, secrets, files, programs }: ExportNeeds, parts: readonly unknown[]): ExportNeeds {
  const found = new Set<string>();
  for (const text of textsIn(parts)) {
    for (const { inner } of referencesIn(text)) {
      const reference = parseReference(inner, text);
      if (reference.form === "env" || reference.form === "secret") found.add(`${reference.form} ${reference.name}`);
      if (reference.form === "file") found.add(`file ${reference.path}`);
      if (reference.form === "exec") found.add(`exec ${JSON.stringify(reference.argv)}`);
    }
  }
  return {
    variables: variables.filter(({ name }) => found.has(`env ${name}`)), secrets: secrets.filter(({ name }) => found.has(`secret ${name}`)),
    files: files.filter(({ path }) => found.has(`file ${path}`)), programs: programs.filter(({ argv }) => found.has(`exec ${JSON.stringify(argv)}`)),
  };
}
