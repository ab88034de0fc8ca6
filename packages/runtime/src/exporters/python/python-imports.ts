import { ANNOTATION_NAMES } from "./annotation.ts";
import type { PyImport } from "./tree.ts";

/** Where what annotations need is imported from. */
export function pythonImports(needed: ReadonlySet<string>): readonly PyImport[] {
  return Object.entries(ANNOTATION_NAMES).flatMap(([module, all]): readonly PyImport[] => {
    const names = all.filter((name) => needed.has(name));
    return names.length === 0 ? [] : [{ module, names }];
  });
}
