import type { Expression, FunctionNode, LocalRef, Statement } from "../../program/index.ts";
import { freeName, ownName, snakeCase } from "./names.ts";
import type { PyExpression } from "./tree.ts";

/** What is known for sure of a value while printing. `any`: nothing. */
export type Kind = "string" | "number" | "boolean" | "array" | "map" | "set" | "object" | "regexp" | "none" | "undefined" | "any";

/** A local of the program. */
export interface Slot {
  readonly name: string;
  kind: Kind;
  /** The helper that it holds. */
  helper?: FunctionNode;
  /** It is a part of what has this name, read from it where it is used. */
  read?: PyExpression;
  /** It is a whole number that counts something: Python's own. */
  count?: true;
  /** It is what a tool answered, as rules of profiles are given it. */
  raw?: true;
  /** It is the inputs of the workflow, whose keys are known. */
  inputs?: true;
  /** It is what a handler sees of the exception of this name. */
  raised?: string;
}

/** A function or the turns of a `for…of`. */
export interface Frame {
  readonly outer: Frame | null;
  /** The place of what it is the frame of. */
  readonly at: number | undefined;
  readonly names: readonly string[];
  readonly slots: (Slot | undefined)[];
  readonly usage: Usage;
}

/** How often each slot is read, which are assigned after their declaration, which of these to another value than one reckoned from their own, and into which something is pushed. */
export interface Usage {
  readonly reads: readonly number[];
  readonly assigned: ReadonlySet<number>;
  readonly replaced: ReadonlySet<number>;
  readonly pushed: ReadonlySet<number>;
}

/** The names of one function of Python. A name is free again when the block that declared it is over. */
export class Names {
  readonly #outer: Names | null;
  readonly #reserved: ReadonlySet<string> | null;
  /** Name → what it is called in the program, where that tells which of its names it is. */
  readonly #taken = new Map<string, string | null>();

  constructor(outer: Names | null, reserved: ReadonlySet<string> | null = null) {
    this.#outer = outer;
    this.#reserved = reserved;
  }

  /** What is imported from `offstage`. */
  isReserved(name: string): boolean {
    return this.#reserved?.has(name) ?? this.#outer?.isReserved(name) === true;
  }

  has(name: string): boolean {
    return this.#taken.has(name) || this.#outer?.has(name) === true;
  }

  /** Whether a name of the program can be had as it is. */
  isFree(name: string): boolean {
    return !this.has(name) && this.#own(name) === name;
  }

  /** Whether a name of the program needs an underscore to be one of Python's. */
  isAwkward(source: string): boolean {
    return this.#own(source) !== snakeCase(source);
  }

  /** A free name like the one that is wanted. `source`: what it is called in the program. */
  take(wanted: string, source: string | null = null): string {
    const own = this.#own(wanted);
    const name = freeName(own, (one) => this.has(one));
    this.#taken.set(name, source);
    return name;
  }

  /** A name for a parameter: it may hide a name of a function around, or of the module, which the program's own hides as well. */
  takeParameter(wanted: string, source: string): string {
    const own = this.#own(wanted);
    if (this.#taken.has(own) || this.#outer?.sourceOf(own) !== source) return this.take(wanted, source);
    this.#taken.set(own, source);
    return own;
  }

  /** What a name is called in the program; null where it is none of those that may be hidden. */
  sourceOf(name: string): string | null {
    return this.#taken.has(name) ? (this.#taken.get(name) ?? null) : (this.#outer?.sourceOf(name) ?? null);
  }

  #own(wanted: string): string {
    const own = ownName(wanted);
    return this.isReserved(own) ? `${own}_` : own;
  }

  /** Runs something whose names are free afterwards. */
  scoped<T>(run: () => T): T {
    const before = new Set(this.#taken.keys());
    try {
      return run();
    } finally {
      for (const name of this.#taken.keys()) if (!before.has(name)) this.#taken.delete(name);
    }
  }
}

/** Of a number they make a number, of a text a text, or they are refused. */
export const RECKONS: ReadonlySet<string> = new Set(["+=", "-=", "*=", "/=", "%="]);

/** Counts reads and finds assignments of the slots of a frame in what stands in it. */
export function usageOf(slots: number, inside: readonly unknown[]): Usage {
  const reads = Array<number>(slots).fill(0);
  const assigned = new Set<number>();
  const replaced = new Set<number>();
  const pushed = new Set<number>();
  const meet = (ref: LocalRef, depth: number): void => {
    if (ref.up === depth) reads[ref.slot] = (reads[ref.slot] ?? 0) + 1;
  };
  const change = (ref: LocalRef, depth: number, operator: string): void => {
    if (ref.up !== depth) return;
    assigned.add(ref.slot);
    if (!RECKONS.has(operator)) replaced.add(ref.slot);
  };
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) return node.forEach((child) => visit(child, depth));
    if ("parameters" in node) return visitAll(node, depth + 1);
    const known = node as Expression | Statement;
    if (known.kind === "const") return;
    if (known.kind === "local") meet(known, depth);
    if (known.kind === "assign") {
      change(known.target, depth, known.operator);
      if (known.operator !== "=") meet(known.target, depth);
    }
    if (known.kind === "method" && known.name === "push" && known.value.kind === "local" && known.value.up === depth) pushed.add(known.value.slot);
    if (known.kind === "for-of") {
      visit(known.items, depth);
      visit(known.pattern, depth + 1);
      return visit(known.body, depth + 1);
    }
    visitAll(node, depth);
  };
  const visitAll = (node: object, depth: number): void => {
    for (const [key, child] of Object.entries(node)) if (key !== "assigns" && key !== "target") visit(child, depth);
  };
  inside.forEach((node) => visit(node, 0));
  return { reads, assigned, replaced, pushed };
}
