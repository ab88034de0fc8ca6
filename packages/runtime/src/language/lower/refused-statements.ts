import type { DiagnosticCode } from "../diagnostic-codes.ts";
import { ts } from "../typescript.ts";
import type { Lowering } from "./lowering.ts";

const K = ts.SyntaxKind;
type Refusal = readonly [DiagnosticCode, string, string];
const LOOP: Refusal = ["LOOP_NOT_ALLOWED", "The only loop statement is `for (const item of items)`.", "Use `for…of` over a list or `range(n)`, `each` around writes, or a method like `map`."];
const FUNCTION: Refusal = ["FUNCTION_NOT_ALLOWED", "Only arrow functions belong to the language.", "Write an arrow: `const name = (item) => …`."];
const TYPE: Refusal = ["TYPE_NOT_ALLOWED", "This construct does not erase to plain JavaScript.", "Use a union of texts, an object type, or a constant."];

const REFUSALS: ReadonlyMap<ts.SyntaxKind, Refusal> = new Map<ts.SyntaxKind, Refusal>([
  [K.WhileStatement, LOOP], [K.DoStatement, LOOP], [K.ForStatement, LOOP], [K.ForInStatement, LOOP], [K.ForOfStatement, LOOP],
  [K.SwitchStatement, ["SWITCH_NOT_ALLOWED", "`switch` does not belong to the language.", "Write `if … else if …`, or look the value up in a Map."]],
  [K.TryStatement, ["FINALLY_NOT_ALLOWED", "`finally` does not belong to the language.", "Write what must happen after the `try` statement."]],
  [K.LabeledStatement, ["LABEL_NOT_ALLOWED", "Labels do not belong to the language.", "Put the inner loop into a helper and return from it."]],
  [K.BreakStatement, ["LABEL_NOT_ALLOWED", "A jump to a label does not belong to the language.", "Put the inner loop into a helper and return from it."]],
  [K.ContinueStatement, ["LABEL_NOT_ALLOWED", "A jump to a label does not belong to the language.", "Put the inner loop into a helper and return from it."]],
  [K.FunctionDeclaration, FUNCTION],
  [K.ClassDeclaration, ["CLASS_NOT_ALLOWED", "There are no classes in the language.", "Use objects and helper arrows."]],
  [K.EnumDeclaration, TYPE], [K.ModuleDeclaration, TYPE],
]);
const OTHER: Refusal = ["STATEMENT_NOT_ALLOWED", "This statement does not belong to the language.", "See the table of the portable subset in docs/language.md."];

/** The fault of a statement outside the subset. */
export function refuseStatement(l: Lowering, node: ts.Statement): void {
  const [code, message, hint] = REFUSALS.get(node.kind) ?? OTHER;
  l.faults.error(node, code, message, hint);
}
