import { nearestName } from "../../base/index.ts";
import { ts } from "../typescript.ts";
import type { Lowering } from "./lowering.ts";
import { markImport } from "./marks.ts";

/** Takes in the names that an import brings; refuses imports of anything else than the vocabulary and the servers. */
export function lowerImport(l: Lowering, node: ts.ImportDeclaration): void {
  const from = ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : "";
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

function refuse(l: Lowering, node: ts.ImportDeclaration, from: string): void {
  if (from.startsWith("./") || from.startsWith("../")) {
    l.faults.error(node.moduleSpecifier, "NOT_YET", "Importing other modules of the project is not built yet.", "Put what you need into this module.");
  } else {
    l.faults.error(node.moduleSpecifier, "IMPORT_NOT_ALLOWED", `A workflow cannot import ${JSON.stringify(from)}.`, "Import from \"offstage\" and \"#servers\"; packages and Node's modules are out of reach: call a tool instead.");
  }
}
