import { OffstageError } from "../base/index.ts";

/** A file of the vocabulary's declarations. */
export interface ApiFile {
  /** `index.d.ts`, `record.d.ts`, … */
  readonly name: string;
  readonly text: string;
}

const NAMES = ["ask", "index", "input", "json", "lists", "loops", "once", "profile", "record", "schema", "server", "state", "text", "time", "triggers", "waiting", "workflow"];

/**
 * The declarations that `import … from "offstage"` means, for the checker and for a project's `.offstage/types/offstage/`:
 * with these beside it an editor completes a workflow without any package installed. `read` gives the text of a file of
 * the package, or null when there is none. Errors: `BUG` when a declaration is missing.
 */
export function apiFiles(read: (url: URL) => string | null): readonly ApiFile[] {
  return NAMES.map((name) => {
    // Source in a clone, declarations in the published package.
    const text = read(new URL(`../api/${name}.ts`, import.meta.url)) ?? read(new URL(`../api/${name}.d.ts`, import.meta.url));
    if (text === null) throw new OffstageError("BUG", `The declarations of offstage/${name} are missing from the package.`, { hint: "Install the package again." });
    return { name: `${name}.d.ts`, text };
  });
}
