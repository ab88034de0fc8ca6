import { nearestName } from "../../base/index.ts";
import { importedName, ownName } from "../imported-names.ts";
import { ts } from "../typescript.ts";
import type { Lowering } from "./lowering.ts";
import { markImport, markWorkflow } from "./marks.ts";
import { importOwn } from "./own.ts";

/** Takes in the names that an import brings; refuses imports of anything else than the vocabulary and the servers. */
export function lowerImport(l: Lowering, node: ts.ImportDeclaration): void {
  const from = ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : "";
  if (node.attributes !== undefined) {
    // Node would look at them, the interpreter would not.
    l.faults.error(node.attributes, "IMPORT_NOT_ALLOWED", "An import has no attributes.", "Leave out what follows the name of the module.");
  }
  const workflow = importedName(from);
  if (workflow !== null && l.kind === "workflow") return importWorkflow(l, node, workflow);
  const own = ownName(from);
  if (own !== null && l.kind === "workflow") return importOwn(l, node, own);
  if (from !== "offstage" && from !== "#servers") return refuse(l, node, from);
  const kind = from === "offstage" ? "vocabulary" : "server";
  if (kind === "server" && !l.knowledge.locked) {
    l.faults.error(node.moduleSpecifier, "SERVERS_NOT_LOCKED", "No server is locked: offstage.lock is missing or empty, so nothing is known of their tools.", "Run `offstage lock`.");
  }
  const bindings = node.importClause?.namedBindings;
  if (node.importClause === undefined || node.importClause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) {
    l.faults.error(node, "IMPORT_NOT_ALLOWED", `Names are imported from "${from}" one by one.`, `Write \`import { name } from "${from}"\`.`);
    return;
  }
  markImport(l, from, node, bindings);
  for (const { name, propertyName } of bindings.elements) {
    const symbol = l.facts.symbol(name);
    const imported = (propertyName ?? name).text;
    if (kind === "server" && l.kind === "workflow" && l.knowledge.locked) refuseUnlocked(l, node, propertyName ?? name);
    if (symbol !== undefined) l.scope.named.set(symbol, { kind, name: kind === "server" ? l.knowledge.serverNamed(imported) : imported });
  }
}

/** A name that `#servers` does not have. A type that is imported by itself is TypeScript's business. */
function refuseUnlocked(l: Lowering, node: ts.ImportDeclaration, name: ts.ModuleExportName): void {
  const known = l.facts.exportedNames(node.moduleSpecifier);
  if (known.includes(name.text)) return;
  const near = nearestName(name.text, known);
  l.faults.error(name, "SERVERS_NOT_LOCKED", `offstage.lock has no server ${name.text}.`, `${near === null ? "" : `Did you mean ${near}? `}A server of mcp.json is locked by \`offstage lock\`.`);
}

/** `import reports from "./reports.ts"`: for `call` and `start`. */
function importWorkflow(l: Lowering, node: ts.ImportDeclaration, name: string): void {
  const { importClause } = node;
  if (importClause?.name === undefined || importClause.namedBindings !== undefined) {
    l.faults.error(node, "IMPORT_NOT_ALLOWED", "A module exports its workflow only.", `Write \`import ${/^[a-z]+$/.test(name) ? name : "other"} from "./${name}.ts"\`.`);
    return;
  }
  markWorkflow(l, name, node);
  const imported = l.imports.get(name) ?? { kind: "missing" };
  const symbol = l.facts.symbol(importClause.name);
  if (symbol !== undefined) l.scope.named.set(symbol, { kind: "workflow", name });
  switch (imported.kind) {
    case "workflow":
      return;
    case "missing":
      l.faults.error(node.moduleSpecifier, "IMPORT_NOT_FOUND", `There is no ${name}.ts beside this workflow.`, "Correct the name; workflows lie side by side in workflows/.");
      return;
    case "faulty":
      l.faults.error(node.moduleSpecifier, "IMPORT_FAULTY", `The workflow in ${name}.ts does not check, so it cannot be called.`, `See what is wrong with it: offstage check ${name}`);
      return;
    case "cycle":
      l.faults.error(node.moduleSpecifier, "WORKFLOW_CYCLE", `These workflows call each other in a circle: ${imported.through.join(" → ")}.`, "A run must come to an end: put what both need into a third workflow.");
  }
}

function refuse(l: Lowering, node: ts.ImportDeclaration, from: string): void {
  const hint = from.startsWith(".")
    ? "Other workflows of the project are imported from beside this one: `import other from \"./other.ts\"`, for `call`."
    : "Import from \"offstage\" and \"#servers\"; packages and Node's modules are out of reach: call a tool, or a function of your own, `import { name } from \"./own/name.ts\"`, which Node executes.";
  l.faults.error(node.moduleSpecifier, "IMPORT_NOT_ALLOWED", `A ${l.kind} cannot import ${JSON.stringify(from)}.`, hint);
}
