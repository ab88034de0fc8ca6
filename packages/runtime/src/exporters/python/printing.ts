import type { Block, Expression, FunctionNode, GlobalNode, LocalRef, Pattern, ProgramDebug, RecordNode, StateNode } from "../../program/index.ts";
import type { ClientNames } from "./client-names.ts";
import type { Comments } from "./comments.ts";
import { type Frame, type Kind, Names, type Slot, usageOf } from "./frames.ts";
import type { ModuleTypes } from "./module-types.ts";
import type { RawResults } from "./raw-results.ts";
import type { PyExpression, PyStatement } from "./tree.ts";
import { name } from "./tree.ts";

/** What is known of a module's own names before anything is printed. */
export interface ModuleNames {
  /** What the module is there for: the workflow's function, the profile. */
  readonly own: string;
  readonly globals: readonly { readonly name: string; readonly kind: Kind; readonly helper: FunctionNode | null }[];
  readonly records: readonly string[];
  readonly states: readonly string[];
  readonly calls: readonly string[];
  readonly starts: readonly string[];
  /** The modules of servers, by server. */
  readonly servers: ReadonlyMap<string, string>;
  /** What these modules and their tools are called where they are. */
  readonly clients: ClientNames;
}

/** What a first printing finds out about the functions of a module, for a second one. */
export interface Findings {
  /** How few arguments calls give to a helper. */
  readonly fewest: Map<FunctionNode, number>;
  /** What kind of value a helper gives, whatever it is given. */
  readonly results: Map<FunctionNode, Kind>;
  /** What kind of value a variable is given after its declaration, by `frame:slot`; any, where that are several. */
  readonly given: Map<string, Kind>;
}

/** The printing of one module: what its parts share, and the doors through which they call each other. */
export interface Printing {
  expression(e: Expression): PyExpression;
  block(block: Block): readonly PyStatement[];
  /** What takes a value apart. */
  pattern(pattern: Pattern, value: PyExpression, kind: Kind): readonly PyStatement[];
  readonly facts: { readonly globals: readonly GlobalNode[]; readonly records: readonly RecordNode[]; readonly states: readonly StateNode[]; readonly inputs: readonly string[] };
  readonly debug: ProgramDebug;
  readonly module: ModuleNames;
  readonly comments: Comments;
  readonly types: ModuleTypes;
  /** Functions that are known to be more than one expression. */
  readonly statementful: WeakSet<FunctionNode>;
  readonly findings: Findings;
  /** Parameters that are surely what a tool answered. */
  readonly raws: RawResults;
  /** The variable that is declared by an expression. */
  filled: { readonly name: string; readonly by: Expression } | null;
  /** The kinds of what the function around gives back so far; null where nobody asks. */
  returned: Kind[] | null;
  /** What the innermost `except` around has caught. */
  caught: string | null;
  frame: Frame | null;
  names: Names;
  /** What has to stand before the statement that is being printed: functions that it uses. */
  before: PyStatement[];
}

/** A name of the package. What is printed in the end says which of them are imported. */
export function library(path: string): PyExpression {
  return name(path);
}

function frameAt(p: Printing, up: number): Frame | null {
  let frame = p.frame;
  for (let count = 0; count < up; count++) frame = frame?.outer ?? null;
  return frame;
}

/** The slot that a local refers to. */
export function slotOf(p: Printing, { up, slot }: { readonly up: number; readonly slot: number }): Slot {
  const frame = frameAt(p, up);
  if (frame === null) throw new Error("A local outside of its function.");
  const known = frame.slots[slot];
  if (known !== undefined) return known;
  const made: Slot = { name: p.names.take(frame.names[slot] ?? "value"), kind: "any" };
  frame.slots[slot] = made;
  return made;
}

/** Gives a slot of the running frame its name; `kind`: what it is given. One that nobody reads begins with `_`. */
export function declareSlot(p: Printing, slot: number, kind: Kind = "any", isParameter: "parameter" | "local" = "local"): Slot {
  const frame = p.frame;
  if (frame === null) throw new Error("A local outside of any function.");
  const known = frame.slots[slot];
  if (known !== undefined) return known;
  const wanted = frame.names[slot] ?? "value";
  const isRead = (frame.usage.reads[slot] ?? 0) > 0;
  const own = isRead || wanted.startsWith("_") ? wanted : `_${wanted}`;
  const made: Slot = { name: isParameter === "parameter" ? p.names.takeParameter(own, wanted) : p.names.take(own, wanted), kind: staysKind(p, frame, slot, kind) ? kind : "any" };
  frame.slots[slot] = made;
  return made;
}

/** Prints in a frame inside the running one. */
export function withFrame<T>(p: Printing, at: number | undefined, slots: number, inside: readonly unknown[], print: () => T): T {
  const outer = p.frame;
  p.frame = { outer, at, names: p.debug.names[String(at)] ?? [], slots: [], usage: usageOf(slots, inside) };
  try {
    return print();
  } finally {
    p.frame = outer;
  }
}

/** A slot that is given only once keeps its kind; a number or a text that is only reckoned with stays one, and so does what is only given more of its kind. */
function staysKind({ findings }: Printing, { at, usage }: Frame, slot: number, kind: Kind): boolean {
  if (!usage.assigned.has(slot)) return true;
  if (usage.replaced.has(slot) && findings.given.get(`${String(at)}:${String(slot)}`) !== kind) return false;
  return kind === "number" || kind === "string" || kind === "boolean";
}

/** Notes what kind of value a variable is given. */
export function noteGiven(p: Printing, { up, slot }: LocalRef, kind: Kind): void {
  const key = `${String(frameAt(p, up)?.at)}:${String(slot)}`;
  const known = p.findings.given.get(key) ?? kind;
  p.findings.given.set(key, known === kind ? kind : "any");
}

/** Prints a function of Python: names and prelude of its own. */
export function withFunction<T>(p: Printing, print: () => T): T {
  const { names, before, caught, returned, filled } = p;
  p.names = new Names(names);
  p.before = [];
  p.caught = null;
  p.returned = [];
  p.filled = null;
  try {
    return print();
  } finally {
    Object.assign(p, { names, before, caught, returned, filled });
  }
}

/** The function that a callee names, where it is known. */
export function helperOf(p: Printing, callee: Expression): FunctionNode | null {
  if (callee.kind === "function") return callee.fn;
  if (callee.kind === "global") return p.module.globals[callee.index]?.helper ?? null;
  if (callee.kind === "local") return slotOf(p, callee).helper ?? null;
  return null;
}
