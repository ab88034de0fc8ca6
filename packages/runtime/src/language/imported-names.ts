import { ts } from "./typescript.ts";

const SPECIFIER = /^\.\/([a-z0-9-]+)\.ts$/;

/** The workflow that an import names, `./reports.ts`; null for an import of anything else. */
export function importedName(specifier: string): string | null {
  return SPECIFIER.exec(specifier)?.[1] ?? null;
}

/** The workflows that a module imports, in the order of its text. Looks at the words only, so that any text will do. */
export function importedNames(source: string): readonly string[] {
  const names = ts.preProcessFile(source, true, false).importedFiles.flatMap(({ fileName }) => importedName(fileName) ?? []);
  return [...new Set(names)];
}
