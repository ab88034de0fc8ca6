import type { ElementPattern } from "./expression.ts";
import type { Block } from "./statement.ts";

/** An arrow function: a callback, a helper, the body of a workflow. */
export interface FunctionNode {
  /** Source offset (UTF-16 units): for messages, and the key into `ProgramDebug.names`. Never part of the hash. */
  readonly at?: number;
  readonly parameters: readonly ElementPattern[];
  /** A rest parameter takes what is left. */
  readonly rest?: ElementPattern;
  /** How many slots its frame has; parameters come first. */
  readonly slots: number;
  /**
   * True when running it may pause: it takes a step of its own, or one of a helper it calls. `now` and `log` do not count,
   * because they answer at once: a callback of `filter` may ask for the time. A function given to a method of the
   * allowlist never has `steps`.
   */
  readonly steps: boolean;
  readonly body: Block;
}
