import type { Expression } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { BUILTINS } from "./builtin-signatures.ts";
import { at, type Lowering } from "./lowering.ts";
import { type Helper, type Local, type Named, refTo } from "./scope.ts";

/** What stands to the left of the parentheses of a call. */
export type Called =
  | { readonly kind: "helper"; readonly name: string; readonly expression: Expression; readonly helper: Helper | null }
  /** A pure function of the allowlist. */
  | { readonly kind: "builtin"; readonly name: string }
  /** A global that exists, outside the allowlist. */
  | { readonly kind: "global"; readonly name: string }
  /** Any other function of `offstage`. */
  | { readonly kind: "vocabulary"; readonly name: string }
  | { readonly kind: "tool"; readonly server: string; readonly tool: string; readonly pages: boolean }
  /** A function of the owner's own code. */
  | { readonly kind: "own"; readonly module: string; readonly name: string }
  /** A resource or a prompt of a server. */
  | { readonly kind: "offer"; readonly server: string; readonly name: "read" | "prompt" }
  | { readonly kind: "record"; readonly index: number; readonly name: string; readonly operation: string }
  | { readonly kind: "state"; readonly index: number; readonly name: string; readonly operation: string; readonly key: ts.Expression | null };

/** What an identifier was declared as; undefined for globals and for what is declared further down. */
export function namedBy(l: Lowering, node: ts.Identifier): Named | undefined {
  const symbol = l.facts.symbol(node);
  return symbol === undefined ? undefined : l.scope.named.get(symbol);
}

/** True for an identifier that this module does not declare, but TypeScript's libraries do. */
export function isGlobalName(l: Lowering, node: ts.Identifier): boolean {
  const declarations = l.facts.symbol(node)?.declarations;
  return declarations !== undefined && declarations.length > 0 && declarations.every((declaration) => declaration.getSourceFile() !== l.source);
}

/** What a callee names; null for a method of a value. */
export function calledName(l: Lowering, callee: ts.Expression): Called | null {
  if (ts.isIdentifier(callee)) return identifierCall(l, callee);
  const member = memberOf(callee);
  if (member === null) return null;
  const { of, name } = member;
  if (ts.isIdentifier(of)) {
    if (isGlobalName(l, of)) return Object.hasOwn(BUILTINS, `${of.text}.${name}`) ? { kind: "builtin", name: `${of.text}.${name}` } : { kind: "global", name: `${of.text}.${name}` };
    return memberCall(namedBy(l, of), name);
  }
  return nestedCall(l, of, name);
}

function identifierCall(l: Lowering, callee: ts.Identifier): Called | null {
  const named = namedBy(l, callee);
  if (named === undefined) {
    if (!isGlobalName(l, callee)) return null;
    return { kind: Object.hasOwn(BUILTINS, callee.text) ? "builtin" : "global", name: callee.text };
  }
  if (named.kind === "vocabulary") return { kind: Object.hasOwn(BUILTINS, named.name) ? "builtin" : "vocabulary", name: named.name };
  if (named.kind === "own") return named;
  if (named.kind !== "local" && named.kind !== "global") return null;
  if (named.helper === undefined && !l.facts.kinds(callee).has("function")) return null;
  const expression = variable(l, callee, named);
  return expression === null ? null : { kind: "helper", name: named.name, expression, helper: named.helper ?? null };
}

function memberCall(named: Named | undefined, name: string): Called | null {
  switch (named?.kind) {
    case "vocabulary":
      return Object.hasOwn(BUILTINS, `${named.name}.${name}`) ? { kind: "builtin", name: `${named.name}.${name}` } : { kind: "vocabulary", name: `${named.name}.${name}` };
    case "server":
      return name === "read" || name === "prompt" ? { kind: "offer", server: named.name, name } : { kind: "tool", server: named.name, tool: name, pages: false };
    case "record":
      return { kind: "record", index: named.index, name: named.name, operation: name };
    case "state":
      return { kind: "state", index: named.index, name: named.name, operation: name, key: null };
    default:
      return null;
  }
}

/** `server.tool.pages` and `state.of(key).get`. */
function nestedCall(l: Lowering, of: ts.Expression, name: string): Called | null {
  const inner = memberOf(ts.isCallExpression(of) ? of.expression : of);
  if (inner === null || !ts.isIdentifier(inner.of)) return null;
  const named = namedBy(l, inner.of);
  if (named?.kind === "server" && name === "pages" && !ts.isCallExpression(of)) return { kind: "tool", server: named.name, tool: inner.name, pages: true };
  if (named?.kind === "state" && inner.name === "of" && ts.isCallExpression(of)) {
    return { kind: "state", index: named.index, name: named.name, operation: name, key: of.arguments[0] ?? null };
  }
  return null;
}

/** `a.name` or `a["name"]`. */
function memberOf(node: ts.Expression): { readonly of: ts.Expression; readonly name: string } | null {
  if (ts.isPropertyAccessExpression(node)) return { of: node.expression, name: node.name.text };
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) return { of: node.expression, name: node.argumentExpression.text };
  return null;
}

/** Reads a local or a global; null, with a fault, when it cannot be reached from here. */
export function variable(l: Lowering, node: ts.Identifier, named: Extract<Named, { kind: "local" | "global" }>): Expression | null {
  const expression = named.kind === "global" ? globalRef(l, node, named.index) : localRef(l, node, named);
  if (expression !== null && named.helper !== undefined) {
    l.scope.references.set(expression, named.helper);
    l.scope.owner?.uses.push(named.helper);
  }
  return expression;
}

function globalRef(l: Lowering, node: ts.Identifier, index: number): Expression {
  l.globalReads.push({ ...at(l, node), index });
  return { kind: "global", ...at(l, node), index };
}

function localRef(l: Lowering, node: ts.Identifier, local: Local): Expression | null {
  const ref = refTo(l.scope, local);
  if (ref !== null) return { kind: "local", ...at(l, node), ...ref };
  l.faults.error(node, "NOT_STATIC", `${local.name} is an argument of the helper, which is read here without running it.`, "Write this function where it is used, with the value in it.");
  return null;
}
