import type { Faults } from "../faults.ts";
import type { TypeFacts } from "../type-facts.ts";
import { ts } from "../typescript.ts";

/** A place whose value names an effect: the key of a `once`, the item of a record. */
export interface IdentityPlace {
  readonly node: ts.Node;
  readonly what: string;
}

/**
 * Warns where an identity is made from what a write answers: while the write is held its answer is unknown, so a plan
 * cannot permit what hangs on that identity.
 */
export function warnUnknownIdentities(source: ts.SourceFile, facts: TypeFacts, faults: Faults, writes: ReadonlySet<ts.Node>, places: readonly IdentityPlace[]): void {
  const tainted = new Set<ts.Symbol>();
  const isTainted = (node: ts.Node): boolean => {
    if (ts.isArrowFunction(node)) return false;
    if (writes.has(node)) return true;
    const symbol = ts.isIdentifier(node) ? facts.symbol(node) : undefined;
    return (symbol !== undefined && tainted.has(symbol)) || ts.forEachChild(node, (child) => isTainted(child) || undefined) === true;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined && isTainted(node.initializer)) taint(node.name);
    ts.forEachChild(node, visit);
  };
  const taint = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) {
      const symbol = facts.symbol(name);
      if (symbol !== undefined) tainted.add(symbol);
    } else for (const element of name.elements) if (!ts.isOmittedExpression(element)) taint(element.name);
  };
  visit(source);
  for (const { node, what } of places) {
    if (isTainted(node)) faults.warning(node, "IDENTITY_UNKNOWN", `${what} depends on the answer of a write, which a plan does not know.`, "Use something that was known before: a field of the item, an input.");
  }
}
