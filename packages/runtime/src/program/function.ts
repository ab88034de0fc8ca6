import type { ElementPattern } from "./expression.ts";
import type { Block } from "./statement.ts";

/** An arrow function: a callback, a helper, the body of a workflow. */
export interface FunctionNode {
  readonly parameters: readonly ElementPattern[];
  /** A rest parameter takes what is left. */
  readonly rest?: ElementPattern;
  /** How many slots its frame has; parameters come first. */
  readonly slots: number;
  /** True when running it may take a step: its own, or one of a helper it calls. Everything else runs without a pause. */
  readonly steps: boolean;
  readonly body: Block;
}
