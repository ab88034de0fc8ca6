import type { Json } from "../base/index.ts";

// Expressions, steps, functions and statements contain each other: one family, one file, so that no files import in a circle.

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

export interface PropertyPattern extends ElementPattern, At {
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
  /** `server.read(uri)`: an MCP resource. */
  | (Step & { readonly kind: "resource"; readonly server: string; readonly uri: Expression })
  /** `server.prompt(name, args)`: an MCP prompt. */
  | (Step & { readonly kind: "prompt"; readonly server: string; readonly name: Expression; readonly args?: Expression })
  /** `window` is `for:` in milliseconds. */
  | (Step & { readonly kind: "once"; readonly key: Expression; readonly fn: FunctionNode; readonly window?: Expression; readonly confirm?: FunctionNode })
  | (Step & { readonly kind: "once-per-run"; readonly fn: FunctionNode })
  /** `record` indexes `Program.records`. `value` is the item of `ensure`, the identity of `release` and `lookup`. */
  | (Step & { readonly kind: "record"; readonly record: number; readonly operation: "ensure" | "release" | "lookup" | "all"; readonly value?: Expression })
  | (Step & {
      readonly kind: "each"; readonly items: Expression; readonly key: Expression; readonly parallel?: Expression;
      readonly onError: "stop" | "continue"; readonly fn: Expression;
    })
  /** One answer of a model. `schema` is a constant: the JSON Schema of the answer. */
  | (Step & { readonly kind: "ask"; readonly prompt: Expression; readonly schema: Extract<Expression, { readonly kind: "const" }>; readonly maxTokens: Expression; readonly model?: Expression })
  /** A function of the owner's own module `./own/<module>.ts`, which nobody but Node understands. */
  | (Step & { readonly kind: "own"; readonly module: string; readonly name: string; readonly args: readonly Expression[] })
  /** `call(workflow, inputs)`: `workflow` indexes `Program.calls`. */
  | (Step & { readonly kind: "call-workflow"; readonly workflow: number; readonly inputs: Expression })
  /** `start(workflow, key, inputs)`: `workflow` indexes `Program.starts`. */
  | (Step & { readonly kind: "start-workflow"; readonly workflow: number; readonly key: Expression; readonly inputs: Expression })
  /** Branches in written order; each name is its part of the step keys below it. */
  | (Step & { readonly kind: "parallel"; readonly branches: readonly { readonly name: string; readonly fn: FunctionNode }[] })
  /** `state` indexes `Program.states`; `key` is the argument of `.of(key)`. */
  | (Step & { readonly kind: "state"; readonly state: number; readonly operation: "get" | "set"; readonly key?: Expression; readonly value?: Expression })
  | WaitNode
  /** Journaled time. One value for each place and loop key. */
  | (Step & { readonly kind: "now" })
  | (Step & { readonly kind: "log"; readonly args: readonly Expression[] });

/** The steps that may park a run. Durations are expressions of milliseconds, times of milliseconds since the epoch. */
export type WaitNode =
  | (Step & { readonly kind: "sleep"; readonly duration: Expression })
  | (Step & { readonly kind: "until"; readonly time: Expression })
  | (Step & {
      readonly kind: "approve"; readonly message: Expression; readonly show?: Expression; readonly by?: Expression; readonly within?: Expression;
      readonly onTimeout?: "deny" | "approve" | "fail";
    })
  | (Step & { readonly kind: "poll"; readonly every: Expression; readonly max: Expression; readonly turn: FunctionNode })
  /** `when` is a filter over the event. */
  | (Step & { readonly kind: "wait-for"; readonly trigger: EventTrigger; readonly when?: FunctionNode; readonly within?: Expression });

/** A trigger that delivers events, without what it says of runs. */
export type EventTrigger =
  | { readonly kind: "webhook"; readonly source: string }
  | { readonly kind: "queue"; readonly name: string }
  | { readonly kind: "resource"; readonly server: string; readonly uri: string };

/** The kinds of {@link WaitNode}. */
export const WAIT_KINDS = ["sleep", "until", "approve", "poll", "wait-for"] as const satisfies readonly WaitNode["kind"][];

/** The kinds of {@link StepNode}. */
export const STEP_KINDS = ["tool", "pages", "resource", "prompt", "once", "once-per-run", "record", "each", "parallel", "call-workflow", "start-workflow", "ask", "own", "state", ...WAIT_KINDS, "now", "log"] as const satisfies readonly StepNode["kind"][];

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
