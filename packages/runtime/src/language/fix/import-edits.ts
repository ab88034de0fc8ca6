import type { TextEdit } from "../../base/index.ts";
import { ts } from "../typescript.ts";
import { fix, type FixMaker } from "./fix-context.ts";

/** The edits that make `name` of `offstage` known to a module, none when it is; null when there is nothing to add it to, or when the module has something else of that name. */
export function importEdits(source: ts.SourceFile, name: string): readonly TextEdit[] | null {
  if (declares(source, name)) return null;
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

/** A name of `offstage` that is used and not imported. */
export const missingImport: FixMaker = (c, node) => {
  const from = c.source.statements.find((statement) => ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier) && statement.moduleSpecifier.text === "offstage");
  if (!ts.isIdentifier(node) || from === undefined || !ts.isImportDeclaration(from) || !c.facts.exportedNames(from.moduleSpecifier).includes(node.text)) return null;
  const edits = importEdits(c.source, ts.isTypeReferenceNode(node.parent) ? `type ${node.text}` : node.text);
  return edits === null || edits.length === 0 ? null : fix(`Import \`${node.text}\` from "offstage"`, ...edits);
};

/** Whether a module declares a name anywhere, besides importing it: there it would mean something else. */
export function declares(source: ts.SourceFile, name: string): boolean {
  const isDeclared = (node: ts.Node): boolean =>
    ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node) || ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node)) && node.name !== undefined && ts.isIdentifier(node.name) && node.name.text === name) ||
    ts.forEachChild(node, (child) => isDeclared(child) || undefined) === true;
  return isDeclared(source);
}
