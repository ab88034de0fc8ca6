import type { Program, StepNode } from "../../program/index.ts";
import { STEP_KINDS } from "../../program/index.ts";
import type { Faults } from "../faults.ts";
import { ts } from "../typescript.ts";
import { type HelperOf, walkSteps } from "./walk.ts";

const STEPS: ReadonlySet<string> = new Set(STEP_KINDS);
const ENDS: ReadonlySet<string> = new Set(["return", "throw", "break", "continue"]);

/**
 * Warns of tools that the text names and no path reaches: in a helper or record that nothing uses, or behind a `return`.
 * A run asks for every server that the text names, its secrets too.
 */
export function warnUnreachableTools(program: Pick<Program, "body" | "globals" | "records">, helperOf: HelperOf, faults: Faults, node: (site: string) => ts.Node): void {
  const reached = reachedSites(program, helperOf);
  const told = new Set<ts.Node>();
  walkSteps([program.globals, program.records, program.body], () => undefined, (met) => {
    if ((met.kind === "tool" || met.kind === "pages") && !reached.has(met.site)) {
      // Once for each helper or record: its other tools are not reached for the same reason.
      const declaration = topLevel(node(met.site));
      if (told.has(declaration)) return true;
      told.add(declaration);
      faults.warning(node(met.site), "TOOL_UNREACHABLE", `${met.server}.${met.tool} is named here, but no path of the workflow leads here.`, "Call the helper or record that it stands in, or take it out: a run needs every server that the text names.");
    }
    return true;
  });
}

function topLevel(node: ts.Node): ts.Node {
  return ts.isSourceFile(node) || ts.isSourceFile(node.parent) ? node : topLevel(node.parent);
}

function reachedSites({ body, records }: Pick<Program, "body" | "records">, helperOf: HelperOf): ReadonlySet<string> {
  const sites = new Set<string>();
  const seen = new Set<object>();
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== "object" || seen.has(node)) return;
    seen.add(node);
    if (Array.isArray(node)) return visitAll(node);
    const { kind } = node as { readonly kind?: unknown };
    const helper = helperOf(node);
    if (helper !== undefined) visit(helper);
    if (typeof kind === "string" && STEPS.has(kind)) {
      const step = node as StepNode;
      sites.add(step.site);
      if (step.kind === "record") visit(records[step.record]);
    }
    for (const [name, child] of Object.entries(node)) if (name !== "debug") visit(child);
  };
  const visitAll = (items: readonly unknown[]): void => {
    for (const item of items) {
      const { kind, value } = (item ?? {}) as { readonly kind?: unknown; readonly value?: { readonly kind?: unknown } };
      // A helper runs where it is named, not where it is declared.
      if (kind === "declare" && value?.kind === "function") continue;
      visit(item);
      if (typeof kind === "string" && ENDS.has(kind)) return;
    }
  };
  visit(body);
  return sites;
}
