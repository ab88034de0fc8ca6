import { type Data, OffstageError } from "../base/index.ts";
import type { FunctionNode, PagingNode, ProfileProgram, RuleNode } from "../program/index.ts";
import type { CompiledFunction, Compiler } from "./code.ts";
import { createCompiler } from "./compile/index.ts";
import { toPartial } from "./data.ts";
import { asOffstageError } from "./failure.ts";
import { call, Closure } from "./functions.ts";
import { isTrue } from "./operators.ts";
import { pagingOf } from "./paging.ts";
import type { Paging } from "./ports.ts";
import { pureStrand } from "./pure-strand.ts";
import { Unknown, type Value } from "./value.ts";

/** A profile, ready to be asked. Pure: every question has fuel of its own and leaves nothing behind. */
export interface CompiledProfile {
  /** `package@majorVersion` that it speaks of. */
  readonly package: string;
  /** What it says of one call; `args` may contain unknowns. */
  rule(tool: string, args: Value): CallRule;
}

/** `r` of LANGUAGE.md §4: what the functions of a rule see. */
export interface ReplyView {
  readonly text: string;
  readonly data: Data;
  readonly isError: boolean;
}

/**
 * The first rule of a tool whose `when` holds, filled by `"*"` where it says nothing. Functions that fail throw
 * `RESULT_UNREADABLE`; `refused` and `gone` then simply do not hold.
 */
export interface CallRule {
  /** null: the profile does not say. */
  readonly effect: "read" | "prepare" | "write" | null;
  /** False when a `when` depends on what is not known yet, or failed: the call has to be taken for a write. */
  readonly decided: boolean;
  readonly idempotent: boolean;
  readonly consistent: boolean;
  /** Milliseconds; null when not said. */
  readonly lagMs: number | null;
  readonly affects: readonly string[];
  readonly undo: string | null;
  readonly sensitive: readonly string[];
  readonly rate: { readonly perSecond?: number; readonly concurrent?: number };
  /** How it pages; null when the profile does not say, or says `"none"`. */
  readonly paging: Paging | null;
  result?(reply: ReplyView): Data;
  failed?(reply: ReplyView): boolean;
  refused?(reply: ReplyView): boolean;
  gone?(reply: ReplyView): boolean;
  /** The account or site that the call speaks to. */
  target?(): string;
}

/** Compiles a profile once; {@link CompiledProfile.rule} is then asked for each call. */
export function compileProfile(profile: ProfileProgram): CompiledProfile {
  const compiler = createCompiler((node) => {
    throw new OffstageError("BUG", `A profile cannot take steps (${node.site}).`);
  });
  const asker = new Asker(profile, compiler);
  const own = (tool: string): readonly RuleNode[] => (Object.hasOwn(profile.rules, tool) ? (profile.rules[tool] ?? []) : []);
  return {
    package: profile.package,
    rule: (tool, args) => {
      const first = tool === "*" ? { rule: null, decided: true } : asker.first(own(tool), args);
      const filling = asker.first(own("*"), args);
      return mergeRules(asker, first.rule, filling.rule, first.decided && filling.decided, args);
    },
  };
}

function mergeRules(asker: Asker, rule: RuleNode | null, filling: RuleNode | null, decided: boolean, args: Value): CallRule {
  const said = { ...filling, ...rule };
  const { result, failed, refused, gone, target, pages, idempotent } = said;
  return {
    effect: decided ? (said.effect ?? null) : "write",
    decided,
    idempotent: decided && (typeof idempotent === "object" ? asker.holds(idempotent, [args]) : idempotent === true),
    consistent: decided && said.consistent === true,
    lagMs: decided ? (said.lagMs ?? null) : null,
    affects: said.affects ?? [],
    undo: said.undo ?? null,
    sensitive: said.sensitive ?? [],
    rate: said.rate ?? {},
    paging: decided && pages !== undefined && pages !== "none" ? asker.paging(pages) : null,
    ...(result === undefined ? {} : { result: (reply: ReplyView) => asker.data(result, [reply as unknown as Value, args]) }),
    ...(failed === undefined ? {} : { failed: (reply: ReplyView) => isTrue(asker.ask(failed, [reply as unknown as Value, args])) }),
    ...(refused === undefined ? {} : { refused: (reply: ReplyView) => asker.holds(refused, [reply as unknown as Value, args]) }),
    ...(gone === undefined ? {} : { gone: (reply: ReplyView) => asker.holds(gone, [reply as unknown as Value, args]) }),
    ...(target === undefined ? {} : { target: () => asker.text(target, [args]) }),
  };
}

/** Calls the functions of a profile. */
class Asker {
  readonly #profile: ProfileProgram;
  readonly #compiler: Compiler;
  readonly #functions = new Map<FunctionNode, CompiledFunction>();
  #globals: readonly Value[] | null = null;

  constructor(profile: ProfileProgram, compiler: Compiler) {
    this.#profile = profile;
    this.#compiler = compiler;
    for (const rules of Object.values(profile.rules)) for (const rule of rules) this.#compileRule(rule);
  }

  /** All functions are compiled at once, so that a profile that cannot be is found when it is loaded. */
  #compileRule(rule: RuleNode): void {
    const { pages, idempotent, ...rest } = rule;
    const paging = pages === undefined || pages === "none" ? [] : [pages.items, pages.next, pages.more];
    for (const fn of [rest.when, rest.result, rest.failed, rest.refused, rest.gone, rest.target, typeof idempotent === "object" ? idempotent : undefined, ...paging]) {
      if (fn !== undefined) this.#functions.set(fn, this.#compiler.function(fn));
    }
  }

  /** The first rule whose `when` holds; without one that can be told, `decided` is false. */
  first(rules: readonly RuleNode[], args: Value): { readonly rule: RuleNode | null; readonly decided: boolean } {
    for (const rule of rules) {
      if (rule.when === undefined) return { rule, decided: true };
      try {
        const answer = this.raw(rule.when, [args]);
        if (answer instanceof Unknown) return { rule: null, decided: false };
        if (isTrue(answer)) return { rule, decided: true };
      } catch {
        return { rule: null, decided: false };
      }
    }
    return { rule: null, decided: true };
  }

  /** The value of a function on known values. */
  ask(fn: FunctionNode, args: readonly Value[]): Value {
    try {
      return this.raw(fn, args);
    } catch (thrown) {
      const error = asOffstageError(thrown);
      throw new OffstageError("RESULT_UNREADABLE", `The profile ${this.#profile.package} could not read it: ${error.message}`, { cause: error });
    }
  }

  /** Whether a predicate holds; one that fails, or that cannot be told, proves nothing. */
  holds(fn: FunctionNode, args: readonly Value[]): boolean {
    try {
      const answer = this.raw(fn, args);
      return !(answer instanceof Unknown) && isTrue(answer);
    } catch {
      return false;
    }
  }

  data(fn: FunctionNode, args: readonly Value[]): Data {
    const value = this.ask(fn, args);
    if (value === undefined) throw new OffstageError("RESULT_UNREADABLE", `The profile ${this.#profile.package} found nothing in it.`);
    return toPartial(pureStrand([]), value, { what: "What the profile's result() returns", unsafe: "keep" }).value;
  }

  text(fn: FunctionNode, args: readonly Value[]): string {
    const value = this.ask(fn, args);
    if (typeof value !== "string") throw new OffstageError("RESULT_UNREADABLE", `The profile ${this.#profile.package} gave a target that is no string.`);
    return value;
  }

  paging(node: PagingNode): Paging {
    const fn = (of: FunctionNode | undefined) => (of === undefined ? null : (result: Value) => this.ask(of, [result]));
    return pagingOf(node, { items: fn(node.items), next: fn(node.next), more: fn(node.more) });
  }

  raw(fn: FunctionNode, args: readonly Value[]): Value {
    const c = pureStrand((this.#globals ??= this.#evaluateGlobals()));
    return call(new Closure(this.#functions.get(fn) as CompiledFunction, undefined), c, args) as Value;
  }

  #evaluateGlobals(): readonly Value[] {
    const globals: Value[] = [];
    const c = pureStrand(globals);
    for (const { value } of this.#profile.globals) globals.push(this.#compiler.expression(value, { steps: false, chain: false }).run([undefined], c) as Value);
    return globals;
  }
}
