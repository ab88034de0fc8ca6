import { type Data, deepFreeze, type ErrorData, OffstageError, toErrorData } from "../base/index.ts";
import type { FunctionNode, Program, TriggerNode } from "../program/index.ts";
import { compileProgram } from "./compile/program.ts";
import { createCompiler } from "./compile/index.ts";
import { asOffstageError } from "./failure.ts";
import { call, Closure } from "./functions.ts";
import { article } from "./kinds.ts";
import { isTrue } from "./operators.ts";
import { pureStrand } from "./pure-strand.ts";
import { withGlobals } from "./steps/workflows.ts";
import type { Value } from "./value.ts";

/** What a trigger makes of an event: a run under this key, nothing, or nothing because one of its functions failed. */
export type TriggerVerdict = { readonly kind: "wanted"; readonly key: string } | { readonly kind: "unwanted" } | { readonly kind: "failed"; readonly error: ErrorData };

/** A trigger, ready to be asked. Pure: every question has fuel of its own. */
export interface CompiledTrigger {
  readonly node: TriggerNode;
  judge(event: Data): TriggerVerdict;
}

/** The triggers of a program, in the order of its text. */
export function compileTriggers(program: Program): readonly CompiledTrigger[] {
  const compiler = createCompiler((node) => {
    throw new OffstageError("BUG", `A trigger cannot take steps (${node.site}).`);
  });
  return program.triggers.map((node) => {
    const asked = (fn: FunctionNode | undefined) => (fn === undefined ? null : compiler.function(fn));
    const [when, key] = [asked(node.when), asked(node.key)];
    const ask = (fn: NonNullable<typeof when>, event: Data): Value => {
      const c = pureStrand([]);
      c.module = withGlobals(c, c.module, compileProgram(program).globals);
      return call(new Closure(fn, undefined), c, [deepFreeze(event) as unknown as Value]) as Value;
    };
    return {
      node,
      judge(event) {
        try {
          if (when !== null && !isTrue(ask(when, event))) return { kind: "unwanted" };
          return { kind: "wanted", key: key === null ? "" : keyOf(ask(key, event)) };
        } catch (thrown) {
          return { kind: "failed", error: toErrorData(asOffstageError(thrown)) };
        }
      },
    };
  });
}

/** The empty text is the key of triggers that say none, so it names no run. */
function keyOf(value: Value): string {
  if (typeof value === "string" && value !== "") return value;
  throw new OffstageError("TYPE_ERROR", value === "" ? "The key of a trigger is empty." : `The key of a trigger must be a text, not ${article(value)}.`);
}
