import { isDeepStrictEqual } from "node:util";
import { interpret } from "offstage/engine";
import { type Compiler, createCompiler, DIAGNOSTIC_CODES, type TimeLimit } from "offstage/language";
import { hashProgram, type Program } from "offstage/program";
import type { Diagnostic } from "../../packages/runtime/src/base/index.ts";
import { createFakePorts, FakeWorld } from "../../packages/runtime/src/testing/fake-ports.ts";
import type { FakeTool } from "../../packages/runtime/src/testing/fake-tool.ts";

/** Longer than this for one text is a hang, on a machine that others use too. */
const SLOW_MS = 20_000;

/** A thread that watches over each small text would cost more than the check. What hangs, hangs here for all to see. */
const unwatched: TimeLimit = (work) => ({ ended: true, value: work() });

let compiler: Compiler | null = null;

const mayWrite = (_: string, tool: string): boolean => !/^(get|list|search)/.test(tool);

/** Whether a workflow's text is one that runs. */
export function checks(source: string, serverTypes: string): boolean {
  return (compiler ??= createCompiler({ timeLimit: unwatched })).compileWorkflow({ file: "w.ts", source, serverTypes, mayWrite }).program !== null;
}

/** What is wrong with what the checker makes of a workflow's text; null when nothing is: a Program that runs, or diagnostics. */
export async function workflowFault(source: string, serverTypes: string): Promise<string | null> {
  return guarded(source, (checker) => checker.compileWorkflow({ file: "w.ts", source, serverTypes, mayWrite }), async ({ program, diagnostics }) =>
    diagnosticsFault(source, diagnostics, program === null) ?? (program === null ? null : await programFault(program)));
}

/** The same for a profile's text. */
export async function profileFault(source: string, serverTypes: string): Promise<string | null> {
  return guarded(source, (checker) => checker.compileProfile({ server: "jira", file: "p.ts", source, serverTypes }), async ({ profile, diagnostics }) =>
    diagnosticsFault(source, diagnostics, profile === null) ?? (profile === null || isDeepStrictEqual(JSON.parse(JSON.stringify(profile)), profile) ? null : "the profile is not JSON"));
}

async function guarded<T>(source: string, compile: (compiler: Compiler) => T, judge: (made: T) => Promise<string | null>): Promise<string | null> {
  const start = performance.now();
  try {
    const fault = await judge(compile((compiler ??= createCompiler({ timeLimit: unwatched }))));
    if (performance.now() - start > SLOW_MS) return `took ${((performance.now() - start) / 1000).toFixed(0)} s for ${source.length} characters`;
    return fault;
  } catch (error) {
    compiler = null;
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

function diagnosticsFault(source: string, diagnostics: readonly Diagnostic[], refused: boolean): string | null {
  if (refused !== diagnostics.some(({ severity }) => severity === "error")) return refused ? "neither a Program nor an error" : "a Program and an error";
  const lines = source.split(/\r\n|[\n\r\u2028\u2029]/).length;
  for (const { code, line, column, message, hint, fix } of diagnostics) {
    const told = `${code} at ${line}:${column}: ${message}`;
    if (!Object.hasOwn(DIAGNOSTIC_CODES, code) && !/^TS\d+$/.test(code)) return `unknown code, ${told}`;
    if (line < 1 || line > lines || column < 1) return `no such place, ${told}`;
    if (message.trim() === "" || /\n\s+at |undefined is not (?:a function|an object|iterable)|Cannot read prop|\[object Object\]$/.test(`${message} ${hint ?? ""}`)) return `no message for people, ${told}`;
    let end = 0;
    for (const edit of fix?.edits ?? []) {
      if (edit.start < end || edit.end < edit.start || edit.end > source.length) return `a fix outside of the text, ${told}`;
      end = edit.end;
    }
  }
  return null;
}

/** Every tool reads and answers null, or an empty page. */
class EmptyWorld extends FakeWorld {
  override tool(): FakeTool {
    return { effect: "read", answer: () => null, paging: { max: 1, first: (args) => args, next: () => null, items: () => [], more: () => false } };
  }
}

/** A Program is JSON, has the same address after a round trip, and runs to an end that is no fault of ours, planned and not. */
async function programFault(program: Program): Promise<string | null> {
  const again = JSON.parse(JSON.stringify(program)) as Program;
  if (!isDeepStrictEqual(again, program)) return "the Program is not JSON";
  if (hashProgram(again) !== hashProgram(program)) return "the Program has two addresses";
  for (const phase of ["plan", "run"] as const) {
    const ports = createFakePorts(new EmptyWorld({}), { phase, inputs: program.inputs });
    const { error } = await interpret(again, ports.frame, ports);
    if (error?.code === "BUG" || error?.code === "NOT_YET" || error?.code === "ONE_WRITE") return `the Program ends with ${error.code} in a ${phase}: ${error.message}`;
  }
  return null;
}
