import type { Json } from "../base/index.ts";
import type { FunctionNode } from "./function.ts";
import type { StepNode } from "./step.ts";

/**
 * Where a local lives: `up` frames out from the running function (a function or the body of a `for…of` is one frame, so
 * that each turn of a loop has its own locals), then `slot` in that frame.
 */
export interface LocalRef {
  readonly up: number;
  readonly slot: number;
}

/** What the checker knew of a receiver or operand; `any` is decided while running. Printers need it, the interpreter may use it. */
export type Receiver = "string" | "number" | "boolean" | "array" | "map" | "set" | "regexp" | "object" | "any";

/** Source offset (UTF-16 units) of a node: for messages. Never part of the hash. */
interface At {
  readonly at?: number;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "===" | "!==" | "<" | "<=" | ">" | ">=";
export type UnaryOperator = "!" | "-" | "+";

/** An element of an array literal, an argument list or an object literal that may be spread. */
export type Spreadable<T> = T | { readonly spread: T };

/** A pattern on the left of a declaration or in a parameter list. */
export type Pattern =
  | { readonly kind: "bind"; readonly slot: number }
  | { readonly kind: "object"; readonly properties: readonly PropertyPattern[]; readonly rest?: { readonly slot: number } }
  | { readonly kind: "array"; readonly elements: readonly (ElementPattern | null)[]; readonly rest?: Pattern };

export interface ElementPattern {
  readonly pattern: Pattern;
  /** Used when the value is `undefined`. */
  readonly fallback?: Expression;
}

export interface PropertyPattern extends ElementPattern {
  readonly key: string;
}

/**
 * An expression of a Program: a closed union. A step (`StepNode`: whatever calls a tool, waits or needs the journal) is
 * an expression too; it is awaited where it stands, because the language has no promise as a value.
 */
export type Expression =
  | (At & { readonly kind: "const"; readonly value: Json })
  | (At & { readonly kind: "undefined" })
  | (At & { readonly kind: "regexp"; readonly source: string; readonly flags: string })
  | (At & { readonly kind: "local" } & LocalRef)
  | (At & { readonly kind: "global"; readonly index: number })
  | (At & { readonly kind: "template"; readonly texts: readonly string[]; readonly values: readonly Expression[] })
  | (At & { readonly kind: "object"; readonly entries: readonly ObjectEntry[] })
  | (At & { readonly kind: "array"; readonly items: readonly Spreadable<Expression>[] })
  | (At & { readonly kind: "function"; readonly fn: FunctionNode })
  | (At & { readonly kind: "conditional"; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression })
  | (At & { readonly kind: "logical"; readonly operator: "&&" | "||" | "??"; readonly left: Expression; readonly right: Expression })
  | (At & { readonly kind: "unary"; readonly operator: UnaryOperator; readonly value: Expression })
  | (At & { readonly kind: "binary"; readonly operator: BinaryOperator; readonly on: Receiver; readonly left: Expression; readonly right: Expression })
  /** `value.name`, own data properties only; `length` and `size` of strings, arrays, maps and sets too. */
  | (At & { readonly kind: "get"; readonly on: Receiver; readonly value: Expression; readonly name: string; readonly optional?: true })
  /** `value[index]` with a number. */
  | (At & { readonly kind: "index"; readonly on: Receiver; readonly value: Expression; readonly index: Expression; readonly optional?: true })
  /** A method of the allowlist (`METHODS`); `optional` is `value?.name()`. */
  | (At & { readonly kind: "method"; readonly on: Receiver; readonly value: Expression; readonly name: string; readonly args: readonly Spreadable<Expression>[]; readonly optional?: true })
  /** The extent of an optional chain: an `optional` member inside it that meets null or undefined makes the whole `undefined`. */
  | (At & { readonly kind: "chain"; readonly value: Expression })
  /** A call of a helper arrow (a local or a global). `callSite` is its part of the step key when the helper takes steps (`now` and `log` too). */
  | (At & { readonly kind: "call"; readonly callee: Expression; readonly args: readonly Spreadable<Expression>[]; readonly callSite?: string })
  /** A function of the allowlist (`BUILTINS`): `Math.max`, `Object.keys`, `new Map`, `capture`, `quote.jql`, … */
  | (At & { readonly kind: "builtin"; readonly name: string; readonly args: readonly Spreadable<Expression>[] })
  | (At & { readonly kind: "assign"; readonly target: LocalRef; readonly operator: "=" | "+=" | "-=" | "*=" | "/=" | "%=" | "??=" | "||=" | "&&="; readonly on: Receiver; readonly value: Expression })
  | StepNode;

export type ObjectEntry =
  | { readonly kind: "property"; readonly key: string; readonly value: Expression }
  | { readonly kind: "spread"; readonly value: Expression };
