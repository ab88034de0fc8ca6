import type { Program } from "../../program/index.ts";
import type { Faults } from "../faults.ts";
import type { ToolFacts } from "../tool-facts.ts";
import { ts } from "../typescript.ts";
import { partialOf } from "./partial-value.ts";
import { schemaFaults } from "./schema-faults.ts";
import { walkSteps } from "./walk.ts";

/**
 * Refuses arguments that a tool's `inputSchema` refuses for sure and TypeScript does not see: patterns, formats, bounds,
 * "one of these is needed". What the generated types say is TypeScript's to say.
 */
export function checkArguments(program: Pick<Program, "body" | "globals" | "records">, source: ts.SourceFile, faults: Faults, facts: Pick<ToolFacts, "inputSchema">): void {
  walkSteps([program.globals, program.records, program.body], () => undefined, (met) => {
    const schema = met.kind === "tool" || met.kind === "pages" ? facts.inputSchema(met.server, met.tool) : null;
    if (schema === null || (met.kind !== "tool" && met.kind !== "pages")) return true;
    for (const { at, path, message, kind } of schemaFaults(schema, partialOf(met.args, program.globals))) {
      if (kind === "typed") continue;
      const tell = kind === "advised" ? faults.warning : faults.error;
      tell(nodeAt(source, at), "ARGUMENT_INVALID", `${path === "" ? "These arguments" : path} of ${met.server}.${met.tool}: ${message}.`, `The server says so of its arguments: \`offstage tools ${met.tool}\` shows what it takes.`);
    }
    return true;
  });
}

/** The largest expression that begins there; the value of a property is told at its name, where TypeScript tells it too. */
function nodeAt(source: ts.SourceFile, at: number): ts.Node {
  let found: ts.Node = source;
  const visit = (node: ts.Node): void => {
    if (at < node.getStart(source) || at >= node.end) return;
    if (found === source && node.getStart(source) === at && ts.isExpression(node)) found = node;
    else ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return ts.isPropertyAssignment(found.parent ?? source) && (found.parent as ts.PropertyAssignment).initializer === found ? (found.parent as ts.PropertyAssignment).name : found;
}
