import type { Expression, LocalRef, Pattern } from "./expression.ts";

interface At {
  readonly at?: number;
}

/** Statements in order. An arrow with an expression body has one `return`. */
export type Block = readonly Statement[];

/**
 * A statement of a Program: a closed union. `assigns` lists the locals declared outside the statement that it (or a
 * callback in it) assigns or changes by `push`, `set`, `add` or `delete`: under a condition that a plan cannot know they
 * become unknown. `up` counts from the frame in which the statement itself stands.
 */
export type Statement =
  | (At & { readonly kind: "declare"; readonly pattern: Pattern; readonly value: Expression })
  | (At & { readonly kind: "expression"; readonly value: Expression })
  | (At & { readonly kind: "if"; readonly test: Expression; readonly then: Block; readonly otherwise: Block; readonly assigns: readonly LocalRef[] })
  /** `for (const pattern of items)`. The body is a frame of its own with `slots` slots. `loop` is its part of the step key. */
  | (At & { readonly kind: "for-of"; readonly pattern: Pattern; readonly items: Expression; readonly slots: number; readonly body: Block; readonly loop: string; readonly assigns: readonly LocalRef[] })
  | (At & { readonly kind: "break" })
  | (At & { readonly kind: "continue" })
  | (At & { readonly kind: "return"; readonly value?: Expression })
  | (At & { readonly kind: "throw"; readonly value: Expression })
  | (At & { readonly kind: "try"; readonly body: Block; readonly parameter?: Pattern; readonly handler: Block; readonly assigns: readonly LocalRef[] })
  | (At & { readonly kind: "block"; readonly body: Block });
