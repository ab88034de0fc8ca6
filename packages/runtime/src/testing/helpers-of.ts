import { isOffstageError } from "../base/index.ts";
import type { CompiledFunction } from "../engine/code.ts";
import { createCompiler } from "../engine/compile/index.ts";
import { compileProgram } from "../engine/compile/program.ts";
import { recordCompiler } from "../engine/compile/records.ts";
import { stepCompiler } from "../engine/compile/steps.ts";
import { asOffstageError } from "../engine/failure.ts";
import { call, Closure } from "../engine/functions.ts";
import { FUEL } from "../engine/limits.ts";
import type { Ports } from "../engine/index.ts";
import { type RunState, Strand } from "../engine/strand.ts";
import type { Value } from "../engine/value.ts";
import type { Program } from "../program/index.ts";

/** What calling a helper came to: its very value, not what of it would leave the program; or the code of its error. */
export type Outcome = { readonly kind: "value"; readonly value: unknown } | { readonly kind: "threw"; readonly code: string; readonly message: string };

/** The helpers of a program's top, ready to be called one by one, each with fuel of its own. Reads answer null. */
export interface Helpers {
  /** Runs a helper that takes no step. */
  now(name: string, args: readonly unknown[]): Outcome;
  /** Runs any helper. */
  later(name: string, args: readonly unknown[]): Promise<Outcome>;
}

/** Compiles the helpers of a program. Its other constants are not evaluated. */
export function helpersOf(program: Program): Helpers {
  const compiler = createCompiler(stepCompiler(program, recordCompiler(program), compileProgram));
  const compiled = new Map<string, CompiledFunction>();
  program.globals.forEach(({ value }, index) => {
    if (value.kind === "function") compiled.set(program.debug.globals[index] ?? "", compiler.function(value.fn));
  });
  const run = (name: string, args: readonly unknown[]): Value | Promise<Value> => {
    const code = compiled.get(name);
    if (code === undefined) throw new Error(`There is no helper ${name}.`);
    return call(new Closure(code, undefined), strandForTests(), args as readonly Value[]);
  };
  return {
    now: (name, args) => {
      try {
        return { kind: "value", value: run(name, args) };
      } catch (error) {
        return threw(error);
      }
    },
    later: async (name, args) => {
      try {
        return { kind: "value", value: await run(name, args) };
      } catch (error) {
        return threw(error);
      }
    },
  };
}

function threw(error: unknown): Outcome {
  const { code, message } = isOffstageError(error) ? error : asOffstageError(error);
  return { kind: "threw", code, message };
}

/** A strand that nothing has happened on, with fuel of its own. */
export function strandForTests(): Strand {
  return new Strand(freshRun(), { scope: "s", globals: [], inputs: null, event: null, within: [] }, "");
}

function freshRun(): RunState {
  return {
    frame: { runId: "r", rootRunId: "r", scope: "s", scopes: {}, phase: "run", startedAt: 0, inputs: {}, event: { kind: "call" }, sweep: null },
    ports: ANSWERS_NULL, fuel: FUEL, taints: new WeakMap(), tainted: false, births: new WeakMap(), staged: new Map(), stateVersions: new Map(), failures: [], held: [], ambiguous: [], waits: [], replayed: 0, unchanged: 0, sweep: null,
  };
}

/** The world of helpers: every tool reads, and answers null. */
const ANSWERS_NULL = {
  journal: { once: (_key: string, _hash: string, perform: () => Promise<Value>) => perform() },
  tools: { classify: () => ({ effect: "read", idempotent: false, consistent: false, lagMs: null, affects: [], undo: null }) },
  reads: { read: async () => ({ kind: "value", value: null, gone: false }) },
  log: () => undefined,
  checkpoint: () => undefined,
} as unknown as Ports;
