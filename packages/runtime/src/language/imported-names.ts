import { ts } from "./typescript.ts";

const SPECIFIER = /^\.\/([a-z0-9-]+)\.ts$/;

const OWN = /^\.\/own\/([a-z0-9-]+)\.ts$/;

/** The module of its owner's code that an import names, `slug` of `./own/slug.ts`; null for an import of anything else. */
export function ownName(specifier: string): string | null {
  return OWN.exec(specifier)?.[1] ?? null;
}

/** The modules of its owner's code that a module imports, in the order of its text. */
export function ownNames(source: string): readonly string[] {
  return [...new Set(importsOf(source).flatMap((name) => ownName(name) ?? []))];
}

/** The workflow that an import names, `./reports.ts`; null for an import of anything else. */
export function importedName(specifier: string): string | null {
  return SPECIFIER.exec(specifier)?.[1] ?? null;
}

/** The workflows that a module imports, in the order of its text. Looks at the words only, so that any text will do. */
export function importedNames(source: string): readonly string[] {
  return [...new Set(importsOf(source).flatMap((name) => importedName(name) ?? []))];
}

function importsOf(source: string): readonly string[] {
  return ts.preProcessFile(source, true, false).importedFiles.map(({ fileName }) => fileName);
}
