import type { TextEdit } from "../../base/index.ts";
import { ts } from "../typescript.ts";
import { fix, type FixMaker, replace } from "./fix-context.ts";
import { importEdits } from "./import-edits.ts";

/** Globals that the language, or `offstage`, has a word for. */
export const globalInstead: FixMaker = (c, node) => wordInstead(c, node) ?? spreadInstead(c, node) ?? branchesInstead(c, node);

const wordInstead: FixMaker = (c, node) => {
  const call = calledOn(node);
  if (call === null) return null;
  const callee = call.expression;
  const text = callee.getText(c.source);
  const word = text === "Date.now" ? "now" : /^console\.(?:log|info|warn|error)$/.test(text) && ts.isExpressionStatement(call.parent) ? "log" : null;
  const imported = word === null ? null : importEdits(c.source, word);
  return word === null || imported === null ? null : fix(`Write \`${word}(…)\``, ...imported, replace(c, callee, word));
};

/** The call of a member of a global, `Date.now()`, wherever in its name the fault stands: of what no library declares, only the first name is refused. */
function calledOn(node: ts.Node): ts.CallExpression | null {
  const callee = ts.isIdentifier(node) && ts.isPropertyAccessExpression(node.parent) ? node.parent : node;
  const call = callee.parent;
  return ts.isPropertyAccessExpression(callee) && ts.isCallExpression(call) && call.expression === callee ? call : null;
}

/** `Object.assign({}, a, b)`: the object is new, so it is the spread of all. */
const spreadInstead: FixMaker = (c, node) => {
  const call = calledOn(node);
  const [first, ...rest] = call?.arguments ?? [];
  if (call === null || first === undefined || call.expression.getText(c.source) !== "Object.assign" || !ts.isObjectLiteralExpression(first)) return null;
  if (rest.length === 0 || rest.some((one) => ts.isSpreadElement(one) || c.facts.kinds(one).size !== 1 || !c.facts.kinds(one).has("object"))) return null;
  const members = first.properties.map((property) => property.getText(c.source));
  const text = `{ ${[...members, ...rest.map((one) => `...${one.getText(c.source)}`)].join(", ")} }`;
  const isBody = ts.isArrowFunction(call.parent) || ts.isExpressionStatement(call.parent);
  return fix("Write a spread", replace(c, call, isBody ? `(${text})` : text));
};

/** `const [a, b] = await Promise.all([f(), g()])`: branches that are called as what they give. */
const branchesInstead: FixMaker = (c, node) => {
  const call = calledOn(node);
  const list = call?.arguments[0];
  const declaration = call?.parent.parent;
  if (call === null || call.expression.getText(c.source) !== "Promise.all" || call.arguments.length !== 1 || list === undefined || !ts.isArrayLiteralExpression(list)) return null;
  if (!ts.isAwaitExpression(call.parent) || declaration === undefined || !ts.isVariableDeclaration(declaration) || !ts.isArrayBindingPattern(declaration.name)) return null;
  const names = declaration.name.elements.flatMap((element) => (ts.isBindingElement(element) && ts.isIdentifier(element.name) && element.initializer === undefined && element.dotDotDotToken === undefined ? [element.name.text] : []));
  const imported = importEdits(c.source, "parallel");
  if (imported === null || names.length !== declaration.name.elements.length || names.length !== list.elements.length || !list.elements.every((one) => ts.isCallExpression(one) && c.facts.isPromise(one))) return null;
  const branches = list.elements.map((one, index) => `${names[index] ?? ""}: () => ${one.getText(c.source)}`);
  return fix("Write `parallel`", ...imported, replace(c, declaration.name, `{ ${names.join(", ")} }`), replace(c, call, `parallel({ ${branches.join(", ")} })`));
};

/** `new Date().toISOString()` and `new Date().getTime()`: the journaled instant. */
export const instant: FixMaker = (c, node) => {
  if (!ts.isNewExpression(node) || node.expression.getText(c.source) !== "Date" || (node.arguments?.length ?? 0) > 0) return null;
  const call = calledOn(node.parent);
  if (call === null || !ts.isPropertyAccessExpression(call.expression) || call.arguments.length > 0) return null;
  const isText = call.expression.name.text === "toISOString";
  if (!isText && !["getTime", "valueOf"].includes(call.expression.name.text)) return null;
  const [now, iso] = [importEdits(c.source, "now"), isText ? importEdits(c.source, "iso") : []];
  return now === null || iso === null ? null : fix(`Write \`${isText ? "iso(now())" : "now()"}\``, ...joined(now, iso), replace(c, call, isText ? "iso(now())" : "now()"));
};

/** Two names that are added at one place. */
function joined(first: readonly TextEdit[], second: readonly TextEdit[]): readonly TextEdit[] {
  const [a] = first;
  const [b] = second;
  return a !== undefined && b !== undefined && a.start === b.start ? [{ ...a, text: a.text + b.text }] : [...first, ...second];
}
