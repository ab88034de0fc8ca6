import type { Program } from "../../program/index.ts";
import type { Eval } from "../code.ts";
import type { CompiledRecord } from "../steps/record-calls.ts";
import type { Callee } from "../steps/workflows.ts";
import { createCompiler } from "./index.ts";
import { placedIn } from "./placed.ts";
import { recordCompiler } from "./records.ts";
import { stepCompiler } from "./steps.ts";

/** A program, compiled once; it may run any number of times, also at the same time. */
export interface CompiledProgram extends Callee {
  record(index: number): CompiledRecord;
}

const compiled = new WeakMap<Program, CompiledProgram>();

/** Compiles a program when it is first asked for. */
export function compileProgram(program: Program): CompiledProgram {
  const known = compiled.get(program);
  if (known !== undefined) return known;
  const recordAt = recordCompiler(program);
  const compiler = createCompiler(stepCompiler(program, recordAt, compileProgram), placedIn(program.debug));
  const made: CompiledProgram = {
    name: program.name,
    inputs: program.inputs, ...(program.inputSchemas === undefined ? {} : { inputSchemas: program.inputSchemas }),
    globals: program.globals.map(({ value }) => compiler.expression(value, { steps: false, chain: false }).run as Eval),
    body: compiler.function(program.body),
    record: (index) => recordAt(index, compiler),
  };
  compiled.set(program, made);
  return made;
}
