import { OffstageError } from "../../base/index.ts";
import { type Deployment, requirePostgres } from "../../bundle/index.ts";

/** What a function cannot have. Errors: `EXPORT_REFUSED`. */
export function requireFunction(deployment: Deployment, target: string): void {
  requirePostgres(deployment, target);
  const { needs } = deployment;
  if (needs.files.length > 0) throw new OffstageError("EXPORT_REFUSED", `${target} has no files with secrets: ${needs.files.map(({ path }) => path).join(", ")}.`, { hint: "Write ${secret:NAME} in the place of ${file:…}: it may be a variable too." });
  const odd = needs.secrets.find(({ name }) => !/^[A-Za-z]\w*$/.test(name));
  if (odd !== undefined) throw new OffstageError("EXPORT_REFUSED", `${target} knows no variable ${odd.name}.`, { hint: "Letters, digits and _ make a name that it takes." });
}

/** The variables that are secrets, by whichever kind of reference. */
export function secretNames({ needs }: Pick<Deployment, "needs">): readonly string[] {
  return [...new Set([...needs.variables.filter(({ secret }) => secret), ...needs.secrets].map(({ name }) => name))].toSorted();
}
