import type { FunctionType, Json, JsonObject, ValueType } from "../base/index.ts";
import type { BinaryOperator, EventTrigger, Expression, FunctionNode, Receiver } from "./node.ts";

/**
 * The version of what a Program means. It rises when the same nodes would do something else; a run goes on only under
 * the semantics it began with.
 */
export const SEMANTICS = 2;

/** A top-level `const` in source order: an expression without steps, or a helper arrow. */
export interface GlobalNode {
  readonly value: Expression;
}

/** `record(name, …)`. Every callback gets its arguments and, last, `{ inputs, event }`. */
export interface RecordNode {
  readonly name: string;
  readonly scope: "workflow" | "project";
  readonly identity: FunctionNode;
  readonly find: FunctionNode;
  readonly create: FunctionNode;
  readonly keep: FunctionNode;
  readonly read?: FunctionNode;
  readonly same?: FunctionNode;
  readonly update?: FunctionNode;
  readonly release?: FunctionNode;
  readonly reopen?: FunctionNode;
  readonly releaseWhen?: FunctionNode;
  /** Milliseconds. */
  readonly releaseAfterMs?: number;
}

/** `state(name, initial)`. */
export interface StateNode {
  readonly name: string;
  readonly initial: Json;
}

export type OverlapPolicy = "queue" | "skip" | "replace";

interface TriggerBase {
  readonly when?: FunctionNode;
  readonly key?: FunctionNode;
  readonly overlap: OverlapPolicy;
  readonly sweep: boolean;
}

/** What only schedules say. */
interface ScheduleBase extends TriggerBase {
  /** What to do about times that passed while nothing was running; `once`, and nothing said, starts one run for all of them, `all` one for each. */
  readonly missed?: "skip" | "once" | "all";
  /** Starts up to so much later, in milliseconds. */
  readonly jitterMs?: number;
}

/** What starts a run. Declared in every Program; served by `offstage serve`. */
export type TriggerNode =
  | (ScheduleBase & { readonly kind: "every"; readonly intervalMs: number })
  | (ScheduleBase & { readonly kind: "cron"; readonly expression: string; readonly timezone: string })
  | (TriggerBase & EventTrigger);

/** `limits`; parked time does not count into the duration. */
export interface RunLimits {
  readonly writes?: number;
  readonly calls?: number;
  readonly durationMs?: number;
}

/** A tool that the text names, or that of a workflow that it calls: the only ones a run can reach. */
export interface ToolUse {
  readonly server: string;
  readonly tool: string;
}

/** What people and printers need and no run depends on: outside the hash. */
export interface ProgramDebug {
  /** The file's name as given to the checker, relative to the project. */
  readonly file: string;
  readonly source: string;
  /** Names of slots: `names[at]` lists those of the function, or of the body of the `for-of`, whose `at` that is. */
  readonly names: { readonly [offset: string]: readonly string[] };
  /** Names of globals, in order. */
  readonly globals: readonly string[];
  /** What records and states are called in the text, in order; a program of an earlier version does not say. */
  readonly records?: readonly string[];
  readonly states?: readonly string[];
  /** Comments, in their order; a program of an earlier version has none. */
  readonly comments?: readonly Comment[];
  /** What a native run needs to know of the text, in its order; a program of an earlier version has none. */
  readonly marks?: readonly Mark[];
  /**
   * Members that are always there, as far as types say: `offset:name` of the node that reads one, or of the part of a pattern that does → what it holds. Where two nodes of a chain
   * have one offset and one name, only what holds for both; a program of an earlier version has none.
   */
  readonly members?: { readonly [place: string]: Receiver };
  /** What printers annotate; a program of an earlier version has none. */
  readonly types?: ProgramTypes;
}

/** What the checker knew of the places that another language wants annotated. Bounded: what is too large is `unknown`. */
export interface ProgramTypes {
  /** By the function's `at`. A parameter that is taken apart is one type. */
  readonly functions: { readonly [offset: string]: FunctionType };
  /** Locals whose value alone does not tell their type, as in `names`: by the frame's `at`, then by slot. */
  readonly locals: { readonly [offset: string]: { readonly [slot: string]: ValueType } };
  /** Of the globals, in order; null for helpers, which are functions. */
  readonly globals: readonly (ValueType | null)[];
  /** Of the records and states, in order. */
  readonly records: readonly { readonly item: ValueType; readonly kept: ValueType }[];
  readonly states: readonly ValueType[];
  /** What the body is given; absent in profiles. */
  readonly context?: { readonly inputs: ValueType; readonly event: ValueType };
  /** The module's own aliases and interfaces that any of these name. */
  readonly declared: { readonly [name: string]: ValueType };
}

/** A comment of the text, without what marks it as one. `behind`: code stands before it on its line. */
export interface Comment {
  /** Its offset (UTF-16 units). */
  readonly at: number;
  readonly text: string;
  readonly behind: boolean;
}

/**
 * A place of the text where code that Node runs tells which site of the Program it has come to. Offsets are UTF-16 units.
 * `name`: the identifier through which a step is taken or a helper called; `shorthand`: one that is a property's name, too.
 * `turns`: what a `for…of` goes through. `catch`: the parameter (without one, the brace), and the brace of the handler.
 * `text`: what a template puts into its text; `operator`: its two sides, and where its sign stands; `change`: the same of `local += value`, from its sign on; `sign`: a value with
 * `-` or `+` before it. Those whose sides are surely numbers or texts have no mark. `index`: a list with a place in it, and where its brackets stand.
 * `import`: the names that a declaration brings, as their module calls them; those known to be types only are left out.
 * `workflow`: the import of another workflow, by its name.
 */
export type Mark =
  | { readonly kind: "name" | "shorthand" | "turns"; readonly site: string; readonly start: number; readonly end: number }
  | { readonly kind: "text"; readonly start: number; readonly end: number }
  | { readonly kind: "operator"; readonly operator: BinaryOperator; readonly start: number; readonly sign: number; readonly end: number }
  | { readonly kind: "sign"; readonly operator: "-" | "+"; readonly start: number; readonly end: number }
  | { readonly kind: "index"; readonly start: number; readonly bracket: number; readonly end: number }
  | { readonly kind: "change"; readonly operator: BinaryOperator; readonly local: string; readonly start: number; readonly end: number }
  | { readonly kind: "catch"; readonly start: number; readonly end: number; readonly body: number }
  | { readonly kind: "workflow"; readonly name: string; readonly start: number }
  | { readonly kind: "own"; readonly module: string; readonly names: readonly string[]; readonly start: number }
  | { readonly kind: "import"; readonly from: "offstage" | "#servers"; readonly names: readonly string[]; readonly start: number };

/**
 * A lowered, checked workflow: immutable, JSON all through, addressed by {@link hashProgram}. Engine, exporters, studio
 * and insight read this, never the source. `at` fields and `debug` are outside the hash.
 */
export interface Program {
  readonly kind: "workflow";
  readonly semantics: number;
  readonly name: string;
  readonly was?: string;
  readonly description: string;
  readonly triggers: readonly TriggerNode[];
  /** The defaults. */
  readonly inputs: JsonObject;
  /** JSON Schemas of inputs, by name; one that is in here and has no default must be given. The others are what their defaults are. Absent when there are none. */
  readonly inputSchemas?: { readonly [name: string]: JsonObject };
  readonly limits: RunLimits;
  readonly globals: readonly GlobalNode[];
  readonly records: readonly RecordNode[];
  readonly states: readonly StateNode[];
  readonly body: FunctionNode;
  /** Sorted by server, then tool. */
  readonly tools: readonly ToolUse[];
  /** Servers whose resources or prompts are read, here or in a workflow that is called, sorted; absent when there are none. */
  readonly offers?: readonly string[];
  /**
   * The workflows that it calls, whole, as they were when this one was compiled: so one hash says what a run does, and no
   * later edit of a called module touches it. Absent when there are none.
   */
  readonly calls?: readonly Program[];
  /** The workflows that it starts as runs of their own, whole too: such a run carries its Program. Absent when there are none. */
  readonly starts?: readonly Program[];
  readonly debug: ProgramDebug;
}

/** The servers that a run of the program may reach, sorted. */
export function namedServers(program: Pick<Program, "tools" | "offers">): readonly string[] {
  return [...new Set([...program.tools.map(({ server }) => server), ...(program.offers ?? [])])].sort();
}

/** The workflows that a program calls, and those that they call, each name once. */
export function calledPrograms(program: Pick<Program, "calls">): readonly Program[] {
  const found = new Map<string, Program>();
  const visit = (called: Program): void => {
    if (found.has(called.name)) return;
    found.set(called.name, called);
    called.calls?.forEach(visit);
  };
  program.calls?.forEach(visit);
  return [...found.values()];
}

/** The workflows that a run of a program may start: by itself, and in those that it calls. Each name once. */
export function startedPrograms(program: Pick<Program, "calls" | "starts">): readonly Program[] {
  const started = [program, ...calledPrograms(program)].flatMap(({ starts }) => starts ?? []);
  return [...new Map(started.map((one) => [one.name, one])).values()];
}

/** A program and all that it leads to: what it calls and starts, and what these do. */
export function programFamily(program: Program): readonly Program[] {
  const found = new Map<string, Program>();
  const visit = (one: Program): void => {
    if (found.has(one.name)) return;
    found.set(one.name, one);
    [...(one.calls ?? []), ...(one.starts ?? [])].forEach(visit);
  };
  visit(program);
  return [...found.values()];
}
