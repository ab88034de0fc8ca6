import type { Expression, FunctionNode, LocalRef } from "../../program/index.ts";
import type { ts } from "../typescript.ts";

/** Something that is still being made. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * What a function is for, which says what it may do. `plain`: called by a method or asked for a value, so it never pauses.
 * `steps`: given to the vocabulary, it may be async or return a call. `helper`: a named arrow; either.
 */
export type FunctionRole = "plain" | "steps" | "helper";

/** A function while it is lowered, and what is known of it afterwards. */
export interface FunctionDraft {
  readonly node: Draft<FunctionNode>;
  /** Where it stands, for people. */
  readonly source: ts.Node;
  readonly role: FunctionRole;
  /** The function around it; null at the top of the module. */
  readonly outer: FunctionDraft | null;
  /** It takes a step itself. */
  takesStep: boolean;
  /** It takes a step that may pause: any but `now` and `log`. */
  pauses: boolean;
  /** The calls whose result it gives back as it is. */
  readonly lastCalls: ts.CallExpression[];
  /** Helpers that it calls or hands on. */
  readonly uses: Helper[];
  /** Callbacks in it, whose steps are its own. */
  readonly callbacks: FunctionDraft[];
}

/** A named arrow. `draft` is filled when it has been lowered: a top-level one may be called further up. */
export interface Helper {
  readonly name: string;
  draft: FunctionDraft | null;
}

/** The locals of one function or of the body of one `for…of`. */
export interface Frame {
  readonly outer: Frame | null;
  readonly owner: FunctionDraft | null;
  readonly names: string[];
}

/** A local variable. */
export interface Local {
  readonly kind: "local";
  readonly name: string;
  readonly frame: Frame;
  readonly slot: number;
  readonly declared: "const" | "let" | "parameter" | "loop" | "catch";
  /** The function that declares it. */
  readonly owner: FunctionDraft | null;
  /** It holds a list, map or set that this function made itself. */
  readonly fresh: boolean;
  readonly helper?: Helper;
}

/** What a name in the module stands for. */
export type Named =
  | Local
  | { readonly kind: "global"; readonly name: string; readonly index: number; readonly helper?: Helper; readonly initializer?: ts.Expression }
  | { readonly kind: "record"; readonly name: string; readonly index: number }
  | { readonly kind: "state"; readonly name: string; readonly index: number }
  /** Another workflow of the project, imported. */
  | { readonly kind: "workflow"; readonly name: string }
  /** A function of the owner's own module `./own/<module>.ts`. */
  | { readonly kind: "own"; readonly module: string; readonly name: string }
  | { readonly kind: "server"; readonly name: string }
  | { readonly kind: "vocabulary"; readonly name: string };

/** Collects what a statement assigns and declares, so that `assigns` can be told. */
interface Assignments {
  readonly assigned: Set<Local>;
  readonly declared: Set<Local>;
}

/** Frames, names and functions of the module that is being lowered. */
export interface Scope {
  /** The frame that locals go into now; null at the top of the module. */
  frame: Frame | null;
  /** The function that is being lowered; null at the top of the module. */
  owner: FunctionDraft | null;
  /** How many `try` bodies of the running function are around what is being lowered. */
  tries: number;
  readonly named: Map<ts.Symbol, Named>;
  readonly assignments: Assignments[];
  readonly functions: FunctionDraft[];
  /** Expression nodes that name a helper: how calls are followed afterwards. */
  readonly references: Map<Expression, Helper>;
}

/** An empty scope. */
export function createScope(): Scope {
  return { frame: null, owner: null, tries: 0, named: new Map(), assignments: [], functions: [], references: new Map() };
}

/** A new slot for a name in the running frame. */
export function declareLocal(scope: Scope, name: string, declared: Local["declared"], more: { readonly fresh?: boolean; readonly helper?: Helper } = {}): Local {
  const { frame } = scope;
  if (frame === null) throw new Error("a local outside any function");
  const local: Local = {
    kind: "local", name, frame, slot: frame.names.length, declared, owner: scope.owner, fresh: more.fresh === true, ...(more.helper === undefined ? {} : { helper: more.helper }),
  };
  frame.names.push(name);
  for (const { declared: known } of scope.assignments) known.add(local);
  return local;
}

/** How the running frame reaches a local; null when it cannot: the local belongs to a function that is not around it. */
export function refTo(scope: Scope, local: Local): LocalRef | null {
  let up = 0;
  for (let frame = scope.frame; frame !== null; frame = frame.outer, up++) if (frame === local.frame) return { up, slot: local.slot };
  return null;
}

/** Notes that a local is assigned or changed in place. */
export function noteAssignment(scope: Scope, local: Local): void {
  for (const { assigned } of scope.assignments) assigned.add(local);
}

/** Lowers a statement by `lower` and tells which locals declared outside it are assigned in it. */
export function withAssignments<T>(scope: Scope, lower: () => T): { readonly result: T; readonly assigns: readonly LocalRef[] } {
  const mine: Assignments = { assigned: new Set(), declared: new Set() };
  scope.assignments.push(mine);
  try {
    const result = lower();
    return { result, assigns: [...mine.assigned].filter((local) => !mine.declared.has(local)).flatMap((local) => refTo(scope, local) ?? []) };
  } finally {
    scope.assignments.pop();
  }
}

/** Runs `lower` with a new frame inside the running one. */
export function withFrame<T>(scope: Scope, owner: FunctionDraft | null, lower: (frame: Frame) => T): T {
  const before = { frame: scope.frame, owner: scope.owner, tries: scope.tries };
  scope.frame = { outer: scope.frame, owner, names: [] };
  scope.owner = owner;
  if (owner !== before.owner) scope.tries = 0;
  try {
    return lower(scope.frame);
  } finally {
    Object.assign(scope, before);
  }
}
