import type { Expression } from "./expression.ts";
import type { FunctionNode } from "./function.ts";

/**
 * What every step has. `site` names the call site, unique in the Program and readable: the callee and its count in source
 * order, `github.list_pull_requests#1`. A step's key in the journal is the path of call sites and loop keys that leads to it.
 */
interface Step {
  readonly at?: number;
  readonly site: string;
}

/** Everything an expression can do that touches the outside or the journal: a closed union. */
export type StepNode =
  | (Step & { readonly kind: "tool"; readonly server: string; readonly tool: string; readonly args: Expression })
  | (Step & {
      readonly kind: "pages"; readonly server: string; readonly tool: string; readonly args: Expression;
      readonly max?: Expression; readonly until?: Expression; readonly truncate?: "allow";
    })
  | (Step & { readonly kind: "once"; readonly key: Expression; readonly fn: FunctionNode; readonly window?: Expression; readonly confirm?: FunctionNode })
  | (Step & { readonly kind: "once-per-run"; readonly fn: FunctionNode })
  /** `record` indexes `Program.records`. `value` is the item of `ensure`, the identity of `release` and `lookup`. */
  | (Step & { readonly kind: "record"; readonly record: number; readonly operation: "ensure" | "release" | "lookup" | "all"; readonly value?: Expression })
  | (Step & {
      readonly kind: "each"; readonly items: Expression; readonly key: Expression; readonly parallel?: Expression;
      readonly onError: "stop" | "continue"; readonly fn: Expression;
    })
  /** `state` indexes `Program.states`; `key` is the argument of `.of(key)`. */
  | (Step & { readonly kind: "state"; readonly state: number; readonly operation: "get" | "set"; readonly key?: Expression; readonly value?: Expression })
  /** Journaled time. One value for each place and loop key. */
  | (Step & { readonly kind: "now" })
  | (Step & { readonly kind: "log"; readonly args: readonly Expression[] });

/** The kinds of {@link StepNode}. */
export const STEP_KINDS = ["tool", "pages", "once", "once-per-run", "record", "each", "state", "now", "log"] as const satisfies readonly StepNode["kind"][];
