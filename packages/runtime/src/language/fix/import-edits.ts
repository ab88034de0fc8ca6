import type { TextEdit } from "../../base/index.ts";
import { ts } from "../typescript.ts";

/** The edits that make `name` of `offstage` known to a module, none when it is; null when there is nothing to add it to. */
export function importEdits(source: ts.SourceFile, name: string): readonly TextEdit[] | null {
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier) || statement.moduleSpecifier.text !== "offstage") continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    if (bindings.elements.some((element) => element.name.text === name && element.propertyName === undefined)) return [];
    const last = bindings.elements.at(-1);
    if (last !== undefined && statement.importClause?.phaseModifier === undefined) return [{ start: last.end, end: last.end, text: `, ${name}` }];
  }
  return null;
}
