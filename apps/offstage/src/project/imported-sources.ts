/** Words that may import a workflow, or its owner's own code: too many do no harm, and no compiler is needed to find them. */
const MAY_IMPORT = /["'](\.\.?\/[\w./-]+)\.ts["']/g;

/**
 * The texts that a module of `workflows/` may import, directly or through others, by name below that folder, `reports` or `own/text`: what its Program, and whether there is
 * one, depends on besides itself.
 */
export function importedSources(source: string, read: (name: string) => string | null): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (text: string, from: string): void => {
    for (const [, path = ""] of text.matchAll(MAY_IMPORT)) {
      const name = new URL(path, `file:///${from}`).pathname.slice(1);
      const imported = found.has(name) ? null : read(name);
      if (imported === null) continue;
      found.set(name, imported);
      visit(imported, name);
    }
  };
  visit(source, "");
  return found;
}
