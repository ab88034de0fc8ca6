import type { Expression } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { at, type Lowering } from "./lowering.ts";
import { markOwn } from "./marks.ts";
import type { Called } from "./names.ts";

/** `import { slug } from "./own/slug.ts"`: where the language ends, and what the owner answers for begins. */
export function importOwn(l: Lowering, node: ts.ImportDeclaration, module: string): void {
  const { importClause } = node;
  const bindings = importClause?.namedBindings;
  if (importClause === undefined || importClause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) {
    l.faults.error(node, "IMPORT_NOT_ALLOWED", "Functions of your own are imported one by one.", `Write \`import { name } from "./own/${module}.ts"\`.`);
    return;
  }
  const elements = importClause.isTypeOnly ? [] : bindings.elements.filter(({ isTypeOnly }) => !isTypeOnly);
  markOwn(l, module, elements.map(({ name, propertyName }) => (propertyName ?? name).text), node);
  if (!l.ownModules.has(module)) {
    l.faults.error(node.moduleSpecifier, "IMPORT_NOT_FOUND", `There is no own/${module}.ts beside this workflow.`, "Correct the name; code of your own lies in workflows/own/.");
    return;
  }
  if (elements.length === 0) return;
  for (const { name, propertyName } of elements) {
    const symbol = l.facts.symbol(name);
    if (symbol !== undefined) l.scope.named.set(symbol, { kind: "own", module, name: (propertyName ?? name).text });
  }
  l.faults.warning(node, "OWN_CODE", `Here the language ends: what own/${module}.ts does is not looked into.`, "A plan does not call it, and does not know what it gives. What it writes by itself is shown to nobody, may be written twice, and is not kept. Node executes it: in an exported package, or with --native.");
}

/** A call of such a function: one answer, kept for its step. */
export function lowerOwn(l: Lowering, node: ts.CallExpression, { module, name }: Extract<Called, { kind: "own" }>): Expression {
  const site = l.step(name, node, true);
  if (!l.facts.kinds(node).has("promise") && !l.facts.kinds(node).has("any")) l.faults.error(node, "OWN_NOT_ASYNC", `${name} of own/${module}.ts gives no promise.`, "Make it async: what a function of your own gives is waited for, as what a tool gives is.");
  const args = node.arguments.flatMap((argument) => {
    if (!ts.isSpreadElement(argument)) return [l.expression(argument)];
    l.faults.error(argument, "SPREAD_NOT_ALLOWED", "What a function of your own is given cannot be spread.", "Write the arguments one by one, or hand it the list itself.");
    return [];
  });
  return { kind: "own", ...at(l, node), site, module, name, args };
}
