import type { Expression, GlobalNode, RecordNode, StateNode } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { lowerArrow } from "./functions.ts";
import { lowerImport } from "./imports.ts";
import { unwrap } from "./literals.ts";
import { at, type Lowering } from "./lowering.ts";
import { calledName } from "./names.ts";
import { lowerPattern } from "./patterns.ts";
import { lowerRecord, lowerState } from "./records.ts";
import { refuseStatement } from "./refused-statements.ts";
import { type FunctionDraft, type Helper, withFrame } from "./scope.ts";

/** What stands at the top of a module. */
export interface ModuleParts {
  readonly globals: readonly GlobalNode[];
  /** Names of the globals; those without one in the text are empty. */
  readonly names: readonly string[];
  readonly records: readonly RecordNode[];
  readonly states: readonly StateNode[];
  /** What the text calls records and states. */
  readonly recordNames: readonly string[];
  readonly stateNames: readonly string[];
  /** The call that is exported: `workflow(…)` or `profile(…)`. */
  readonly exported: ts.CallExpression | null;
  readonly made: readonly MadeGlobal[];
}

/** How a global is made: a helper reads others only when it is called, anything else at once. */
export interface MadeGlobal {
  readonly node: ts.Node;
  readonly index: number;
  readonly helper: boolean;
  /** Functions in what makes it. */
  readonly functions: readonly FunctionDraft[];
}

interface Constant {
  readonly node: ts.VariableDeclaration;
  readonly kind: "record" | "state" | "helper" | "value" | "pattern";
  readonly index: number;
  readonly helper?: Helper;
}

/** Lowers everything at the top of a module. All its names are known before the first is looked into. */
export function lowerModule(l: Lowering): ModuleParts {
  const constants = declareConstants(l);
  const parts = { globals: [] as GlobalNode[], names: [] as string[], records: [] as RecordNode[], states: [] as StateNode[], recordNames: [] as string[], stateNames: [] as string[], made: [] as MadeGlobal[] };
  for (const constant of constants) lowerConstant(l, constant, parts);
  return { ...parts, exported: findExport(l) };
}

function declareConstants(l: Lowering): readonly Constant[] {
  const constants: Constant[] = [];
  const counts = { globals: 0, records: 0, states: 0 };
  for (const statement of l.source.statements) if (ts.isImportDeclaration(statement)) lowerImport(l, statement);
  for (const statement of l.source.statements) {
    if (ts.isVariableStatement(statement)) {
      checkVariables(l, statement);
      for (const node of statement.declarationList.declarations) constants.push(declareConstant(l, node, counts));
    } else if (!ts.isExportAssignment(statement) && !ts.isImportDeclaration(statement)) checkTopLevel(l, statement);
  }
  return constants;
}

function declareConstant(l: Lowering, node: ts.VariableDeclaration, counts: { globals: number; records: number; states: number }): Constant {
  if (!ts.isIdentifier(node.name)) {
    const index = counts.globals++;
    for (const name of boundNames(node.name)) bind(l, name, { kind: "global", name: name.text, index: counts.globals++ });
    return { node, kind: "pattern", index };
  }
  const initializer = node.initializer === undefined ? undefined : unwrap(node.initializer);
  const called = initializer !== undefined && ts.isCallExpression(initializer) && ts.isIdentifier(initializer.expression) ? calledName(l, initializer.expression) : null;
  if (called?.kind === "vocabulary" && (called.name === "record" || called.name === "state")) {
    const index = called.name === "record" ? counts.records++ : counts.states++;
    bind(l, node.name, { kind: called.name, name: node.name.text, index });
    return { node, kind: called.name, index };
  }
  const index = counts.globals++;
  const helper = initializer !== undefined && ts.isArrowFunction(initializer) ? { name: node.name.text, draft: null } : undefined;
  bind(l, node.name, { kind: "global", name: node.name.text, index, ...(helper === undefined ? {} : { helper }), ...(node.initializer === undefined ? {} : { initializer: node.initializer }) });
  return helper === undefined ? { node, kind: "value", index } : { node, kind: "helper", index, helper };
}

function bind(l: Lowering, name: ts.Identifier, named: Parameters<Lowering["scope"]["named"]["set"]>[1]): void {
  const symbol = l.facts.symbol(name);
  if (symbol !== undefined) l.scope.named.set(symbol, named);
}

function boundNames(pattern: ts.BindingPattern): readonly ts.Identifier[] {
  return pattern.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : ts.isIdentifier(element.name) ? [element.name] : boundNames(element.name)));
}

type Parts = { -readonly [Key in Exclude<keyof ModuleParts, "exported">]: ModuleParts[Key][number][] };

function lowerConstant(l: Lowering, { node, kind, index, helper }: Constant, parts: Parts): void {
  const initializer = node.initializer === undefined ? undefined : unwrap(node.initializer);
  if (initializer === undefined) return;
  if ((kind === "record" || kind === "state") && ts.isCallExpression(initializer)) {
    const name = ts.isIdentifier(node.name) ? node.name.text : "";
    if (kind === "state") {
      parts.states.push(lowerState(l, initializer));
      parts.stateNames.push(name);
      return;
    }
    const record = lowerRecord(l, initializer);
    if (record === null) return;
    parts.records.push(record);
    parts.recordNames.push(name);
    return;
  }
  if (helper !== undefined && ts.isArrowFunction(initializer)) {
    parts.globals.push({ value: { kind: "function", ...at(l, initializer), fn: lowerArrow(l, initializer, "helper", helper).node } });
    parts.names.push(helper.name);
    parts.made.push({ node, index, helper: true, functions: [] });
    return;
  }
  const before = l.scope.functions.length;
  parts.globals.push({ value: l.expression(initializer) });
  parts.names.push(ts.isIdentifier(node.name) ? node.name.text : "");
  if (kind === "pattern") takeApart(l, node, index, parts);
  parts.made.push({ node, index, helper: false, functions: l.scope.functions.slice(before) });
}

/** Each name of a top-level pattern becomes a constant of its own: the pattern in a function that returns the one local. */
function takeApart(l: Lowering, node: ts.VariableDeclaration, index: number, parts: Parts): void {
  if (ts.isIdentifier(node.name)) return;
  const pattern = node.name;
  for (const name of boundNames(pattern)) {
    const before = new Map(l.scope.named);
    const fn = withFrame(l.scope, null, (frame) => {
      const lowered = lowerPattern(l, pattern, { declared: "const" });
      const slot = frame.names.indexOf(name.text);
      l.names[String(at(l, pattern).at)] = frame.names;
      return { ...at(l, pattern), parameters: [{ pattern: lowered }], slots: frame.names.length, steps: false, body: [{ kind: "return" as const, value: { kind: "local" as const, up: 0, slot } }] };
    });
    l.scope.named.clear();
    for (const [symbol, named] of before) l.scope.named.set(symbol, named);
    const argument: Expression = { kind: "global", index };
    parts.globals.push({ value: { kind: "call", ...at(l, name), callee: { kind: "function", fn }, args: [argument] } });
    parts.names.push(name.text);
  }
}

function checkVariables(l: Lowering, statement: ts.VariableStatement): void {
  if ((statement.declarationList.flags & ts.NodeFlags.BlockScoped) !== ts.NodeFlags.Const) {
    l.faults.error(statement, "TOP_LEVEL_NOT_ALLOWED", "What stands at the top of a module never changes.", "Write `const`; keep what changes in a local, or in `state(…)`.");
  }
  if (isExported(statement)) refuseExport(l, statement);
}

function checkTopLevel(l: Lowering, statement: ts.Statement): void {
  if (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isEmptyStatement(statement)) return;
  if (ts.isExportDeclaration(statement)) {
    if (statement.isTypeOnly !== true && statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause) && statement.exportClause.elements.length === 0) return;
    return refuseExport(l, statement);
  }
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) return refuseStatement(l, statement);
  l.faults.error(statement, "TOP_LEVEL_NOT_ALLOWED", "Nothing runs at the top of a module.", "Move it into the workflow's body, or into a helper.");
}

function isExported(statement: ts.VariableStatement): boolean {
  return statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true;
}

function refuseExport(l: Lowering, node: ts.Node): void {
  l.faults.error(node, "EXPORT_NOT_ALLOWED", `A module exports its ${l.kind} only.`, "Leave `export` out.");
}

function findExport(l: Lowering): ts.CallExpression | null {
  const exports = l.source.statements.filter(ts.isExportAssignment);
  const [first] = exports;
  const inner = first === undefined ? undefined : unwrap(first.expression);
  const called = inner !== undefined && ts.isCallExpression(inner) && ts.isIdentifier(inner.expression) ? calledName(l, inner.expression) : null;
  if (inner !== undefined && ts.isCallExpression(inner) && called?.kind === "vocabulary" && called.name === l.kind) return inner;
  const where = first ?? { start: l.source.end, end: l.source.end };
  l.faults.error(where, "EXPORT_MISSING", `The module does not export a ${l.kind}.`, l.kind === "workflow" ? "Write `export default workflow({ name, on: […] }, async ({ inputs }) => { … })`." : "Write `export default profile<typeof server>(\"package@1\", { … })`.");
  return null;
}
