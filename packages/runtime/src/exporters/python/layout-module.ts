import { annotationTree } from "./annotation-tree.ts";
import { columns, type Document, group, HARD, ifBroken, indent, layout, LINE_WIDTH, SOFT, SPACE } from "./document.ts";
import { parameter, statementExpression } from "./layout-expression.ts";
import { escaped } from "./literals.ts";
import { call, type PyEntry, type PyExpression, type PyFunction, type PyImport, type PyModule, type PyParameter, type PyStatement, string } from "./tree.ts";

/** The text of a module, as `ruff format` leaves it. */
export function layoutModule({ docstring, imports, declarations = "", body }: PyModule): string {
  const parts = [
    ...(docstring === "" ? [] : [docstringText(docstring)]),
    // Classes that mention each other stand in any order.
    ...(declarations === "" ? [] : ["from __future__ import annotations"]),
    ...imports.length === 0 ? [] : [importBlock(imports)],
    ...(declarations === "" ? [] : [`${declarations.startsWith("class ") ? "\n" : ""}${declarations.trimEnd()}`]),
  ];
  const above = parts.join("\n\n");
  const below = body.length === 0 ? "" : layout(block(body, 0), LINE_WIDTH);
  if (below === "") return `${above}\n`;
  return above === "" ? `${below}\n` : `${above}${"\n".repeat(declarations === "" ? 1 + blanksBetween(undefined, body, 0, imports.length > 0) : 3)}${below}\n`;
}

function docstringText(text: string): string {
  const safe = text.split("\n").map((line) => line.trim().split("\"\"\"").map((piece) => piece.split("\"").map((part) => escaped(part, "\"")).join("\"")).join("\\\"\\\"\\\"")).join("\n").trim();
  const closed = safe.endsWith("\"") ? `${safe.slice(0, -1)}\\"` : safe;
  // ruff puts a space before a quote that begins it.
  return `"""${closed.startsWith("\"") ? " " : ""}${closed}"""`;
}

/** The imports of a module, sorted as ruff sorts them. */
export function importBlock(imports: readonly PyImport[]): string {
  const byModule = Map.groupBy(imports, ({ module }) => module);
  return importSections([...byModule].map(([module, all]) => ({ module, names: [...new Set(all.flatMap(({ names }) => names))] })));
}

/** Those of Python, then those of others, then those of this package; between them a line. */
function importSections(imports: readonly PyImport[]): string {
  const rank = ({ module }: PyImport): number => (module.startsWith(".") ? 2 : PYTHONS_OWN.has(module) ? 0 : 1);
  const sections = [0, 1, 2].map((at) => imports.filter((one) => rank(one) === at).toSorted((a, b) => (a.module < b.module ? -1 : 1)));
  return sections.filter(({ length }) => length > 0).map((section) => section.map((one) => layout(importLine(one), LINE_WIDTH)).join("\n")).join("\n\n");
}

const PYTHONS_OWN: ReadonlySet<string> = new Set(["math", "typing", "collections.abc"]);

function importLine({ module, names }: PyImport): Document {
  const list = names.toSorted(byImportOrder).flatMap((one, index): readonly Document[] => (index === 0 ? [one] : [",", SPACE, one]));
  return group([`from ${module} import `, ifBroken("("), indent([SOFT, ...list, ifBroken(",")]), SOFT, ifBroken(")")]);
}

/** As ruff sorts what is imported: constants, classes, the others. */
function byImportOrder(a: string, b: string): number {
  const rank = (name: string): number => (/^[A-Z0-9_]{2,}$/.test(name) ? 0 : /^[A-Z]/.test(name) ? 1 : 2);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/** Empty lines before a statement. `after`: what stands before it, or nothing where it is the first. */
function blanksBetween(before: PyStatement | undefined, rest: readonly PyStatement[], depth: number, isAfterImports = false): number {
  const next = rest.find(({ kind }) => kind !== "comment");
  const around = depth === 0 ? 2 : 1;
  const isApart = rest[0]?.kind === "comment" && rest[0].apart === true;
  if (before === undefined) return next?.kind === "function" && depth === 0 && !isApart ? around : depth === 0 || isAfterImports ? 1 : 0;
  if (before.kind === "comment") return before.apart !== true ? 0 : next?.kind === "function" ? around : 1;
  if (before.kind === "function" || next?.kind === "function") return around;
  return depth === 0 && (rest[0]?.kind === "comment" || (next !== undefined && isLarge(next)) || isLarge(before)) ? 1 : 0;
}

/** A call that takes several lines reads better with air around it. */
function isLarge(statement: PyStatement): boolean {
  return statement.kind === "assign" && statement.value.kind === "call" && statement.value.args.length > 2;
}

function block(body: readonly PyStatement[], depth: number): Document {
  const lines = body.map((statement, index): Document => {
    const before = body[index - 1];
    const blanks = before === undefined ? 0 : blanksBetween(before, body.slice(index), depth);
    return [index === 0 ? "" : [HARD, ...Array<Document>(blanks).fill(HARD)], noted(statement, depth)];
  });
  return lines;
}

/** A statement with its comment behind it, where both fit; else over it. */
function noted(statement: PyStatement, depth: number): Document {
  const whole = layoutStatement(statement, depth);
  const note = statement.note;
  if (note === undefined) return whole;
  const text = layout(whole, LINE_WIDTH - depth * 4);
  const comment = `# ${note}`;
  if (!text.includes("\n") && columns(text) + columns(comment) + 2 <= LINE_WIDTH - depth * 4) return [whole, "  ", comment];
  return [comment, HARD, whole];
}

function suite(body: readonly PyStatement[], depth: number): Document {
  return indent([HARD, block(body.some(({ kind }) => kind !== "comment") ? body : [...body, { kind: "pass" }], depth + 1)]);
}

function layoutStatement(statement: PyStatement, depth: number): Document {
  switch (statement.kind) {
    case "expression": return statementExpression(statement.value);
    case "assign": return [statement.targets.join(", "), statement.annotation === undefined ? "" : `: ${statement.annotation}`, " = ", statementExpression(statement.value)];
    case "if": return conditional(statement, depth, "if");
    case "for": return ["for ", statement.target, " in ", statementExpression(statement.items), ":", suite(statement.body, depth)];
    case "break": case "continue": case "pass": return statement.kind;
    case "return": return statement.value === undefined ? "return" : ["return ", statementExpression(statement.value)];
    case "raise": return statement.value === undefined ? "raise" : ["raise ", statementExpression(statement.value)];
    case "try": return [
      "try:", suite(statement.body, depth), HARD, `except ${statement.except}${statement.as === undefined ? "" : ` as ${statement.as}`}:`, suite(statement.handler, depth),
    ];
    case "function": return layoutFunction(statement, depth);
    case "comment": return statement.lines.map((line, index): Document => [index === 0 ? "" : HARD, line === "" ? "#" : `# ${line}`]);
  }
}

function conditional({ test, then, otherwise }: Extract<PyStatement, { readonly kind: "if" }>, depth: number, word: "if" | "elif"): Document {
  const head: Document = [word, " ", statementExpression(test), ":", suite(then, depth)];
  const [only] = otherwise;
  if (only === undefined) return head;
  if (otherwise.length === 1 && only.kind === "if") return [head, HARD, conditional(only, depth, "elif")];
  return [head, HARD, "else:", suite(otherwise, depth)];
}

function layoutFunction({ name, async, decorators, parameters, returns, body }: PyFunction, depth: number): Document {
  return [
    ...decorators.map((one): Document => ["@", statementExpression(one), HARD]), async ? "async " : "", signature(name, parameters, returns), suite(body, depth),
  ];
}

function signature(name: string, parameters: readonly PyParameter[], returns: string | undefined): Document {
  return ["def ", name, parameterList(parameters), returns === undefined ? ":" : ` -> ${returns}:`];
}

/** `def name(…) -> returns: …` as the lines of a class. `end`: what stands behind it on its line. */
export function methodText(name: string, parameters: readonly PyParameter[], returns: string, end = ""): string {
  return inClass(layout([signature(name, parameters, returns), end], LINE_WIDTH - CLASS_INDENT));
}

const CLASS_INDENT = 4;

function inClass(text: string): string {
  return `${text.replaceAll(/^(?=.)/gm, " ".repeat(CLASS_INDENT))}\n`;
}

/** `name: annotation` as a line of a class. */
export function fieldText(name: string, annotation: string): string {
  return inClass(layout([name, ": ", statementExpression(annotationTree(annotation))], LINE_WIDTH - CLASS_INDENT));
}

/** `name: TypeAlias = annotation`. */
export function aliasText(name: string, annotation: string): string {
  return `${layout([name, ": TypeAlias = ", statementExpression(annotationTree(annotation))], LINE_WIDTH)}\n`;
}

/** `name = TypedDict("name", {…})` */
export function typedDictText(name: string, fields: readonly (readonly [name: string, annotation: string])[]): string {
  const entries: readonly PyEntry[] = fields.map(([key, annotation]) => ({ key: string(key), value: annotationTree(annotation) }));
  return assignmentText(name, call("TypedDict", string(name), { kind: "dict", entries }));
}

/** `name = value` at the top of a module. */
export function assignmentText(name: string, value: PyExpression): string {
  return `${layout([name, " = ", statementExpression(value)], LINE_WIDTH)}\n`;
}

function parameterList(parameters: readonly PyParameter[]): Document {
  if (parameters.length === 0) return "()";
  const list = parameters.flatMap((one, index): readonly Document[] => (index === 0 ? [parameter(one)] : [",", SPACE, parameter(one)]));
  return group(["(", indent([SOFT, group([...list, parameters.length > 1 ? ifBroken(",") : ""])]), SOFT, ")"]);
}
