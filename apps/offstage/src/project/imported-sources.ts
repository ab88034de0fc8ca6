/** Words that may import a workflow beside this one, or its owner's own code: too many do no harm, and no compiler is needed to find them. */
const MAY_IMPORT = /["']\.\/((?:own\/)?[a-z0-9-]+)\.ts["']/g;

/** The texts of the workflows that a module may import, directly or through others, by name: what its Program is made of besides itself. */
export function importedSources(source: string, read: (name: string) => string | null): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (text: string): void => {
    for (const [, name = ""] of text.matchAll(MAY_IMPORT)) {
      const imported = found.has(name) ? null : read(name);
      if (imported === null) continue;
      found.set(name, imported);
      visit(imported);
    }
  };
  visit(source);
  return found;
}
