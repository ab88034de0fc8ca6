import { type Expression, METHODS, type Receiver } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { lowerArguments } from "./arguments.ts";
import { METHOD_SIGNATURES, PREDICATES } from "./builtin-signatures.ts";
import { allowedName, unwrap } from "./literals.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { namedBy } from "./names.ts";
import { checkCondition, ownedHere } from "./operators.ts";
import { noteAssignment } from "./scope.ts";
import { refuseUnlearnt } from "./unlearnt.ts";

const ALL_METHODS: ReadonlySet<string> = new Set(Object.values(METHODS).flat());
const IN_PLACE: ReadonlySet<string> = new Set(["push", "set", "add", "delete"]);
const INSTEAD: Readonly<Record<string, string>> = {
  sort: "Use `toSorted((a, b) => …)`, which makes a new list.",
  reverse: "Use `toReversed()`, which makes a new list.",
  splice: "Use `slice`, `filter` or a spread to make a new list.",
  pop: "Use `at(-1)` and `slice(0, -1)`.", shift: "Use `at(0)` and `slice(1)`.", unshift: "Write `[item, ...list]`.", fill: "Use `map`.",
  forEach: "Use `for (const item of items)`, or `each` around writes.",
  reduceRight: "Use `toReversed().reduce(…)`.", findLastIndex: "Use `findLast`.", lastIndexOf: "Use `findLast`, or `indexOf` on what is left.",
  substring: "Use `slice`.", substr: "Use `slice`.", charAt: "Use `at`.", charCodeAt: "Characters have no numbers here.", concat: "Write a template.",
  localeCompare: "Compare with `<` and `>`: what localeCompare says depends on the machine.", normalize: "What normalize gives depends on the Unicode version.",
  toLocaleLowerCase: "Use `toLowerCase`.", toLocaleUpperCase: "Use `toUpperCase`.", search: "Use `match` or `capture`.", exec: "Use `text.match(pattern)` or `capture(text, pattern)`.",
  toString: "Use `String(value)` or a template.", toFixed: "Round with `Math.round(n * 100) / 100`.", toISOString: "Use `iso(time)`.", getTime: "Times are numbers already.",
  then: "Use `await`.", catch: "Use `try { await … } catch (error) { … }`.", finally: "Use `try`/`catch`.",
  hasOwnProperty: "Use `Object.keys(object).includes(name)`.", clear: "Make a new one.", forEachEntry: "Use `for…of`.",
  apply: "Call the helper with its arguments.", call: "Call the helper with its arguments.", bind: "Write an arrow.",
};

/** A method of a value. `receiver` lowers what it is called on. */
export function lowerMethod(l: Lowering, node: ts.CallExpression, of: ts.Expression, nameNode: ts.MemberName, optional: boolean, receiver: () => Expression): Expression {
  const name = nameNode.text;
  if (!allowedName(l, nameNode, name)) return PLACEHOLDER;
  const on = l.facts.receiver(of);
  if (!isAllowed(l, of, on, name)) return refuseMethod(l, node, nameNode, name, on, receiver);
  const value = receiver();
  if (IN_PLACE.has(name)) checkInPlace(l, of, nameNode, name);
  const args = lowerArguments(l, node, name, METHOD_SIGNATURES[name] ?? { min: 0, max: 3 });
  checkPattern(l, node, of, name);
  checkText(l, of, nameNode, name);
  const predicate = node.arguments[0];
  if (PREDICATES.has(name) && predicate !== undefined) checkCondition(l, predicate, l.facts.returned(predicate));
  return { kind: "method", ...at(l, node), on, value, name, args, ...(optional ? { optional: true } : {}) };
}

function isAllowed(l: Lowering, of: ts.Expression, on: Receiver, name: string): boolean {
  if (on !== "any") return Object.hasOwn(METHODS, on) && (METHODS as Partial<Record<Receiver, readonly string[]>>)[on]?.includes(name) === true;
  const kinds = l.facts.kinds(of);
  return ALL_METHODS.has(name) && !kinds.has("promise") && !kinds.has("iterator") && !kinds.has("unlearnt") && !kinds.has("function");
}

/** What a member is asked of, in messages. */
export function receiverWords(on: Receiver): string {
  return on === "any" ? "this value" : on === "array" || on === "object" ? `an ${on}` : `a ${on}`;
}

function refuseMethod(l: Lowering, node: ts.CallExpression, nameNode: ts.MemberName, name: string, on: Receiver, receiver: () => Expression): Expression {
  const of = (node.expression as ts.PropertyAccessExpression).expression;
  receiver();
  // A name that nothing declares was told already.
  if (ts.isIdentifier(of) && l.facts.symbol(of) === undefined) return PLACEHOLDER;
  if (refuseUnlearnt(l, of, nameNode)) return PLACEHOLDER;
  const hint = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : Object.hasOwn(METHODS, on) ? `There are ${METHODS[on as keyof typeof METHODS].join(", ")}.` : undefined;
  l.faults.error(nameNode, "METHOD_NOT_ALLOWED", `The method ${name} of ${receiverWords(on)} does not belong to the language.`, hint ?? "Objects hold data only: write a helper arrow that takes the object.");
  return PLACEHOLDER;
}

/** `push`, `set`, `add`, `delete` change only what this function made itself: nothing else can see the change. */
function checkInPlace(l: Lowering, of: ts.Expression, nameNode: ts.Node, name: string): void {
  const target = unwrap(of);
  const named = ts.isIdentifier(target) ? namedBy(l, target) : undefined;
  if (named?.kind === "local" && ts.isIdentifier(target)) {
    if (!ownedHere(l, target, named.owner)) return;
    noteAssignment(l.scope, named);
    if (named.fresh) return;
  } else if (named?.kind === "global") {
    l.faults.error(nameNode, "OUTER_MUTATION", `${named.name} belongs to the module and cannot be changed.`, "Keep what changes in a local, or in `state(…)`.");
    return;
  }
  l.faults.error(nameNode, "SHARED_MUTATION", `${name} changes something that this function did not make.`, "Make your own first, with const: `const own = [...list]`, `const own = new Map(map)`; to group items, use `groupBy`.");
}

/** What JavaScript would throw for, or do differently the second time. */
function checkPattern(l: Lowering, node: ts.CallExpression, of: ts.Expression, name: string): void {
  const first = node.arguments[0];
  if ((name === "match" || name === "matchAll") && first !== undefined && l.facts.kinds(first).has("string")) return refuseTextPattern(l, first, name);
  const flags = name === "test" ? regexpFlags(l, of) : first === undefined ? null : regexpFlags(l, first);
  if (flags === null) return;
  if (name === "test" && flags.includes("g")) {
    l.faults.error(of, "REGEXP_FLAG", "`test` with the flag g starts where the last one ended.", "Leave the flag g out.");
  } else if ((name === "matchAll" || name === "replaceAll") && !flags.includes("g")) {
    l.faults.error(first ?? node, "REGEXP_FLAG", `${name} needs the flag g.`, "Add the flag g to the pattern.");
  }
}

/** JavaScript would make a pattern of it, of whatever signs are in it. */
function refuseTextPattern(l: Lowering, node: ts.Expression, name: "match" | "matchAll"): void {
  const inner = unwrap(node);
  const text = ts.isStringLiteralLike(inner) ? inner.text : null;
  const pattern = text !== null && /^[\w -]+$/.test(text) ? text : "…";
  l.faults.error(node, "ARGUMENTS_NOT_ALLOWED", `${name} takes a regular expression, not a text.`, `Write \`.includes(${text === null ? "text" : JSON.stringify(text)})\`, or a pattern: \`/${pattern}/${name === "matchAll" ? "g" : ""}\`.`);
}

/** The flags of a pattern that is written here or held by a constant; null when that cannot be seen. */
function regexpFlags(l: Lowering, node: ts.Expression): string | null {
  const inner = unwrap(node);
  if (ts.isRegularExpressionLiteral(inner)) return inner.text.slice(inner.text.lastIndexOf("/") + 1);
  const declared = ts.isIdentifier(inner) ? l.facts.symbol(inner)?.valueDeclaration : undefined;
  const initializer = declared !== undefined && ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
  return initializer !== undefined && ts.isRegularExpressionLiteral(initializer) ? initializer.text.slice(initializer.text.lastIndexOf("/") + 1) : null;
}

function checkText(l: Lowering, of: ts.Expression, nameNode: ts.Node, name: string): void {
  if (name !== "join") return;
  const kinds = l.facts.elements(of);
  if (kinds.has("object") || kinds.has("array") || kinds.has("map") || kinds.has("set")) {
    l.faults.error(nameNode, "TEXT_OF_OBJECT", "Joining objects gives [object Object].", "Make texts first: `items.map((item) => item.name).join(\", \")`.");
  }
}
