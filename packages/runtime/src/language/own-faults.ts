import type { Diagnostic } from "../base/index.ts";
import { createFaults, type Faults } from "./faults.ts";
import { guardSource } from "./source-guard.ts";
import { ts } from "./typescript.ts";

const K = ts.SyntaxKind;

/** Finds the text of a module of the owner's own, by what stands before `.ts`: `own/text`; null when there is none. */
type ReadOwn = (module: string) => string | null;

/**
 * What keeps Node from loading modules of the owner's own (`own/text`), and those of its folder that they import: it strips types and compiles nothing. `fileOf` names them for
 * people. What they do is not looked at.
 */
export function ownFaults(modules: Iterable<string>, read: ReadOwn, fileOf: (module: string) => string): readonly Diagnostic[] {
  const met = new Set(modules);
  const found: Diagnostic[] = [];
  // Grows as it is gone through.
  for (const module of met) {
    const text = read(module);
    const file = fileOf(module);
    const guarded = text === null ? null : guardSource(file, text);
    if (guarded !== null) found.push(guarded);
    if (text === null || guarded !== null) continue;
    const source = ts.createSourceFile(file, text, { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }, true);
    const faults = createFaults(file, source);
    for (const node of nodesOf(source)) {
      const construct = unstripped(node);
      if (construct !== null) faults.error(node, "TYPE_NOT_ALLOWED", `${construct} does not erase to plain JavaScript, and Node strips types only.`, ts.isTypeAssertionExpression(node) ? "Write `value as Type`." : "Write what JavaScript has: a constant, a union of texts, an import.");
      const specifier = loaded(node);
      const imported = specifier === null ? null : importedOwn(module, specifier, read, faults);
      if (imported !== null) met.add(imported);
    }
    found.push(...faults.all((source as unknown as { readonly parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics));
  }
  return found;
}

/** Without recursion: a long sum nests as deep as it is long. What is only declared is no code. */
function nodesOf(source: ts.SourceFile): readonly ts.Node[] {
  const nodes: ts.Node[] = [source];
  for (const node of nodes) if (!isDeclared(node)) ts.forEachChild(node, (child) => void nodes.push(child));
  return nodes.filter((node) => !isDeclared(node));
}

function isDeclared(node: ts.Node): boolean {
  return ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === K.DeclareKeyword) === true;
}

/** What it is that Node would have to compile; null for everything else. */
function unstripped(node: ts.Node): string | null {
  if (ts.isDecorator(node)) return "A decorator";
  if (ts.isEnumDeclaration(node)) return "`enum`";
  if (ts.isModuleDeclaration(node)) return hasCode(node) && !ts.isModuleDeclaration(node.parent) ? "`namespace`" : null;
  if (ts.isParameter(node)) return ts.isParameterPropertyDeclaration(node, node.parent) ? "A parameter property" : null;
  if (ts.isTypeAssertionExpression(node)) return "`<Type>value`";
  if (ts.isImportEqualsDeclaration(node)) return node.isTypeOnly ? null : "`import =`";
  return ts.isExportAssignment(node) && node.isExportEquals === true ? "`export =`" : null;
}

/** A namespace of types alone is stripped. */
function hasCode({ body }: ts.ModuleDeclaration): boolean {
  if (body === undefined) return false;
  if (!ts.isModuleBlock(body)) return ts.isModuleDeclaration(body) && hasCode(body);
  return body.statements.some((one) => !isDeclared(one) && !ts.isInterfaceDeclaration(one) && !ts.isTypeAliasDeclaration(one) && !(ts.isModuleDeclaration(one) && !hasCode(one)));
}

/** Where an import or an export from elsewhere leads that is not of types alone. */
function loaded(node: ts.Node): ts.StringLiteral | null {
  const specifier = ts.isImportDeclaration(node) && node.importClause?.isTypeOnly !== true ? node.moduleSpecifier : ts.isExportDeclaration(node) && !node.isTypeOnly ? node.moduleSpecifier : undefined;
  return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier : null;
}

/** The module of the same folder that an import leads to; null for what lies elsewhere, and for what is not there, which is a fault. */
function importedOwn(from: string, specifier: ts.StringLiteral, read: ReadOwn, faults: Faults): string | null {
  const { text } = specifier;
  if (!/^\.\.?\/[\w./-]+$/.test(text)) return null;
  const path = new URL(text, `file:///${from}`).pathname.slice(1);
  if (!path.startsWith("own/") || /\.(?!ts$)\w+$/.test(path)) return null;
  const module = path.endsWith(".ts") ? path.slice(0, -".ts".length) : null;
  if (module !== null && read(module) !== null) return module;
  faults.error(specifier, "IMPORT_NOT_FOUND", `There is no file ${path}.`, "Correct it; Node wants the whole name of a file, `./name.ts`.");
  return null;
}
