import { ts } from "../typescript.ts";
import { refuseFunction } from "./functions.ts";
import { unwrap } from "./literals.ts";
import type { Lowering } from "./lowering.ts";

/** The options of a call, by name. They are read without running the module, so they are an object literal. */
export function readOptions(l: Lowering, node: ts.Expression | undefined, what: string, allowed: readonly string[]): ReadonlyMap<string, ts.Expression> {
  const options = new Map<string, ts.Expression>();
  if (node === undefined) return options;
  const inner = unwrap(node);
  if (!ts.isObjectLiteralExpression(inner)) {
    l.faults.error(inner, "NOT_STATIC", `The options of ${what} must be written out here.`, `Write an object literal with ${allowed.join(", ")}.`);
    return options;
  }
  for (const property of inner.properties) {
    const name = property.name !== undefined && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) ? property.name.text : null;
    if (ts.isMethodDeclaration(property) || ts.isAccessor(property)) refuseFunction(l, property);
    else if (name === null) l.faults.error(property, "NOT_STATIC", `The options of ${what} must be written out here.`, "Write each option by its name.");
    else if (!allowed.includes(name)) l.faults.error(property, "OPTION_UNKNOWN", `${what} has no option ${name}.`, `There are ${allowed.join(", ")}.`);
    else if (ts.isPropertyAssignment(property)) options.set(name, property.initializer);
    else if (ts.isShorthandPropertyAssignment(property)) options.set(name, property.name);
  }
  return options;
}

/** One of some texts; null, with a fault, for anything else. */
export function oneOf<T extends string>(l: Lowering, node: ts.Expression | undefined, choices: readonly T[]): T | null {
  if (node === undefined) return null;
  const inner = unwrap(node);
  const found = ts.isStringLiteralLike(inner) ? choices.find((choice) => choice === inner.text) : undefined;
  if (found === undefined) l.faults.error(inner, "NOT_STATIC", "This option must be written out here.", `Write ${choices.map((choice) => JSON.stringify(choice)).join(" or ")}.`);
  return found ?? null;
}
