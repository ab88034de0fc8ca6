import type { FunctionNode, Statement, StepNode } from "../../program/index.ts";
import { STEP_KINDS } from "../../program/index.ts";

/** What of a Program a walk meets: steps and loops. */
export type Met = StepNode | Extract<Statement, { kind: "for-of" }>;

/** Finds the function behind an expression that names a helper. */
export type HelperOf = (expression: object) => FunctionNode | undefined;

const STEPS: ReadonlySet<string> = new Set(STEP_KINDS);

/**
 * Goes through steps and loops below `root` in source order, through calls of helpers too, each helper once.
 * `meet` says whether to go on into what it met.
 */
export function walkSteps(root: unknown, helperOf: HelperOf, meet: (met: Met) => boolean): void {
  const named = namedHelpers(root, helperOf);
  const followed = new Set<object>();
  const visit = (node: unknown): void => {
    // A helper is looked into where it is named: where it is declared it does not run.
    if (node === null || typeof node !== "object" || named.has(node)) return;
    const helper = helperOf(node);
    if (helper !== undefined && !followed.has(helper)) {
      followed.add(helper);
      below(helper, visit);
    }
    if (!isMet(node) || meet(node)) below(node, visit);
  };
  visit(root);
}

/** The functions of all helpers that something below `root` names, there or in another helper. */
function namedHelpers(root: unknown, helperOf: HelperOf): ReadonlySet<object> {
  const found = new Set<object>();
  const look = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    const helper = helperOf(node);
    if (helper !== undefined && !found.has(helper)) {
      found.add(helper);
      look(helper);
    }
    below(node, look);
  };
  look(root);
  return found;
}

/** Every node of the Program comes by here a dozen times: so without lists in between. */
function below(node: object, visit: (child: unknown) => void): void {
  if (Array.isArray(node)) for (const child of node) visit(child);
  else for (const name of Object.keys(node)) if (name !== "debug") visit((node as Readonly<Record<string, unknown>>)[name]);
}

function isMet(node: object): node is Met {
  const { kind } = node as { readonly kind?: unknown };
  return typeof kind === "string" && (STEPS.has(kind) || kind === "for-of");
}
