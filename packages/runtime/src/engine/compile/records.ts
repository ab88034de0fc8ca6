import type { Expression, FunctionNode, Program, RecordNode } from "../../program/index.ts";
import type { CompiledFunction, Compiler } from "../code.ts";
import type { CompiledRecord } from "../steps/record-calls.ts";

/** The records of a program, each compiled when it is first used. */
export function recordCompiler(program: Program): (index: number, compiler: Compiler) => CompiledRecord {
  const records = new Map<number, CompiledRecord>();
  return (index, compiler) => {
    const known = records.get(index);
    if (known !== undefined) return known;
    const record = compileRecord(program, program.records[index] as RecordNode, compiler);
    records.set(index, record);
    return record;
  };
}

function compileRecord(program: Program, node: RecordNode, compiler: Compiler): CompiledRecord {
  const optional = (fn: FunctionNode | undefined): CompiledFunction | null => (fn === undefined ? null : compiler.function(fn));
  return {
    name: node.name,
    scope: node.scope,
    server: serverOf(program, node.create) ?? serverOf(program, node.find) ?? "",
    identity: compiler.function(node.identity),
    find: compiler.function(node.find),
    create: compiler.function(node.create),
    keep: compiler.function(node.keep),
    read: optional(node.read),
    same: optional(node.same),
    update: optional(node.update),
    release: optional(node.release),
    reopen: optional(node.reopen),
    releaseWhen: optional(node.releaseWhen),
    releaseAfterMs: node.releaseAfterMs ?? null,
  };
}

/** The server of the last tool that a function calls, itself or through helpers: reads come before the write, and what is asked for its arguments does. */
function serverOf(program: Program, fn: FunctionNode): string | null {
  const ofGlobals = new Map<number, string | null>();
  const lastIn = (value: unknown): string | null => {
    if (typeof value !== "object" || value === null) return null;
    // What is called comes after what it is given.
    if (isCall(value)) return lastIn(value.callee) ?? lastIn(value.args);
    const inner = Object.values(value).reduce<string | null>((last, part) => lastIn(part) ?? last, null);
    if (!isExpression(value)) return inner;
    if (value.kind === "tool" || value.kind === "pages") return value.server;
    return value.kind === "global" ? lastOfGlobal(value.index) : inner;
  };
  const lastOfGlobal = (index: number): string | null => {
    if (!ofGlobals.has(index)) {
      // One that calls itself adds nothing.
      ofGlobals.set(index, null);
      ofGlobals.set(index, lastIn(program.globals[index]));
    }
    return ofGlobals.get(index) ?? null;
  };
  return lastIn(fn.body);
}

function isCall(value: object): value is Extract<Expression, { readonly kind: "call" }> {
  return "kind" in value && value.kind === "call" && "callee" in value;
}

function isExpression(value: object): value is Expression {
  return "kind" in value && ["tool", "pages", "global"].includes(String(value.kind));
}
