import { OffstageError } from "offstage/base";
import { type ExportSource, forPython } from "offstage/bundle";
import { ownModules, programFamily } from "offstage/program";

/** What the library for Python would refuse at its first start is refused here. Errors: `EXPORT_REFUSED`. */
export function refuseForPython(source: ExportSource): void {
  const { refused } = forPython(source);
  if (refused.length > 0) throw refusal(source, "does not obey", refused);
}

/** Where it is deployed, it serves. Errors: `EXPORT_REFUSED`. */
export function refuseUnserved(source: ExportSource): void {
  const { unserved } = forPython(source);
  if (unserved.length > 0) throw refusal(source, "does not listen to", unserved);
}

function refusal({ program }: ExportSource, does: string, what: readonly string[]): OffstageError {
  return new OffstageError("EXPORT_REFUSED", `The library for Python ${does} this, and would not start: ${what.join("; ")}.`, { hint: programFamily(program).some((one) => ownModules(one).length > 0) ? `Only a package of TypeScript executes it: --to typescript, or --language typescript where it is deployed.` : "Take it out, or export the workflow as it stands or as TypeScript." });
}

/** What of the project is different in Python, for people. */
export function pythonWarnings(source: ExportSource): readonly string[] {
  const { unserved, passedBy } = forPython(source);
  return [...unserved.map((what) => `In Python nothing listens to ${what}: serve refuses, and all other commands run.`), ...passedBy.map((one) => `In Python ${one}`)];
}
