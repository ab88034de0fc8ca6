import type { ElementPattern, Pattern, PropertyPattern } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { allowedName, keyText } from "./literals.ts";
import { at, type Lowering } from "./lowering.ts";
import { declareLocal, type Helper, type Local } from "./scope.ts";

/** How the names of a pattern are declared. */
export interface Declaring {
  readonly declared: Local["declared"];
  readonly fresh?: boolean;
  readonly helper?: Helper;
}

/** The left side of a declaration, a parameter, a loop's variable. */
export function lowerPattern(l: Lowering, name: ts.BindingName, how: Declaring): Pattern {
  if (ts.isIdentifier(name)) return { kind: "bind", slot: bind(l, name, how) };
  const inner: Declaring = { declared: how.declared };
  return ts.isObjectBindingPattern(name) ? objectPattern(l, name, inner) : arrayPattern(l, name, inner);
}

/** A parameter with its default. */
export function lowerParameter(l: Lowering, node: ts.ParameterDeclaration): ElementPattern {
  return element(l, node.name, node.initializer, { declared: "parameter" });
}

function bind(l: Lowering, name: ts.Identifier, how: Declaring): number {
  allowedName(l, name, name.text);
  const local = declareLocal(l.scope, name.text, how.declared, how);
  const symbol = l.facts.symbol(name);
  if (symbol !== undefined) l.scope.named.set(symbol, local);
  return local.slot;
}

function element(l: Lowering, name: ts.BindingName, initializer: ts.Expression | undefined, how: Declaring): ElementPattern {
  const awaited = initializer === undefined ? null : awaitIn(initializer);
  if (awaited !== null) l.faults.error(awaited, "NOT_YET", "A call as the default of a pattern is not built yet.", "Write it after: `const x = field ?? (await …)`.");
  const fallback = initializer === undefined ? undefined : l.expression(initializer);
  const pattern = lowerPattern(l, name, how);
  return fallback === undefined ? { pattern } : { pattern, fallback };
}

/** The first `await` of an expression, not counting those of functions in it. */
function awaitIn(node: ts.Node): ts.Node | null {
  if (ts.isAwaitExpression(node)) return node;
  return ts.isArrowFunction(node) ? null : (ts.forEachChild(node, (child) => awaitIn(child) ?? undefined) ?? null);
}

function objectPattern(l: Lowering, node: ts.ObjectBindingPattern, how: Declaring): Pattern {
  const kinds = l.facts.kinds(node);
  if (!kinds.has("object") && !kinds.has("any") && [...kinds].some((kind) => kind !== "null" && kind !== "undefined" && kind !== "other")) {
    l.faults.error(node, "PROPERTY_NOT_ALLOWED", "Only objects can be taken apart by name.", "Read what you need by itself: `text.length`, `map.get(key)`.");
  }
  const properties: PropertyPattern[] = [];
  let rest: { readonly slot: number } | undefined;
  for (const part of node.elements) {
    if (part.dotDotDotToken !== undefined) {
      if (ts.isIdentifier(part.name)) rest = { slot: bind(l, part.name, how) };
      continue;
    }
    const key = keyText(l, part.propertyName ?? part.name);
    const value = element(l, part.name, part.initializer, how);
    if (key === null) continue;
    const isThere = l.facts.receiver(node) === "object" && l.facts.isAlwaysIn(node, key);
    if (isThere) l.members.set(`${String(at(l, part).at)}:${key}`, "any");
    properties.push({ key, ...(isThere ? at(l, part) : {}), ...value });
  }
  return rest === undefined ? { kind: "object", properties } : { kind: "object", properties, rest };
}

function arrayPattern(l: Lowering, node: ts.ArrayBindingPattern, how: Declaring): Pattern {
  const elements: (ElementPattern | null)[] = [];
  let rest: Pattern | undefined;
  for (const part of node.elements) {
    if (ts.isOmittedExpression(part)) elements.push(null);
    else if (part.dotDotDotToken !== undefined) rest = lowerPattern(l, part.name, how);
    else elements.push(element(l, part.name, part.initializer, how));
  }
  return rest === undefined ? { kind: "array", elements } : { kind: "array", elements, rest };
}
