import { type Compiler, createCompiler } from "../language/index.ts";
import type { ProfileProgram, Program } from "../program/index.ts";

/** Servers for tests: every tool takes and gives anything. */
const SERVERS = `
import type { ServerBase } from "offstage";
interface AnyTool { (args?: any): Promise<any>; pages(args?: any, options?: { readonly max?: number; readonly until?: (item: any) => boolean; readonly truncate?: "allow" }): Promise<readonly any[]> }
interface AnyServer extends ServerBase {
  get: AnyTool; list: AnyTool; search: AnyTool; lookup: AnyTool;
  create: AnyTool; update: AnyTool; remove: AnyTool; comment: AnyTool; send: AnyTool;
}
export declare const world: AnyServer;
export declare const other: AnyServer;
`;

let compiler: Compiler | null = null;

/**
 * `checked`: the checker knows which of the tools read. `reads-only`: it takes every call for a read, so that a test may
 * write where the language forbids it.
 */
export type CheckEffects = "checked" | "reads-only";

const READS: ReadonlySet<string> = new Set(["get", "list", "search", "lookup"]);

/** Compiles the text of a workflow module, with a session that stays warm for a test file. `modules` are those that it may import. */
export function programOf(source: string, effects: CheckEffects = "checked", modules: { readonly [name: string]: string } = {}): Program {
  compiler ??= createCompiler();
  const { program, diagnostics } = compiler.compileWorkflow({ file: "test.ts", source, serverTypes: SERVERS, mayWrite: (_, tool) => effects === "checked" && !READS.has(tool), module: (name) => modules[name] ?? null });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (program === null || errors.length > 0) throw new Error(`The workflow does not check:\n${errors.map(({ line, code, message }) => `${line}: ${code} ${message}`).join("\n")}\n${source}`);
  return program;
}

/** The same program with its tools renamed: what the checker refuses to let through. */
export function renameTools(program: Program, names: { readonly [from: string]: string }): Program {
  return JSON.parse(JSON.stringify(program), (key, value: unknown) => (key === "tool" && typeof value === "string" ? (names[value] ?? value) : value)) as Program;
}

/** The text of a profile module, lowered. */
export function profileProgramOf(source: string): ProfileProgram {
  compiler ??= createCompiler();
  const { profile, diagnostics } = compiler.compileProfile({ server: "world", file: "profile.ts", source });
  if (profile === null) throw new Error(`The profile does not check: ${JSON.stringify(diagnostics)}`);
  return profile;
}

/** The text of a workflow that others call: its inputs are `{ n: 1, list: ["a"] }`. */
export function calledSource(name: string, body: string, top = "", options = ""): string {
  return `
import { workflow, call, start, input, record, once, each, state, fail, log } from "offstage";
import { world } from "#servers";
${top}
export default workflow({ name: "${name}", on: [], inputs: { n: 1, list: ["a"] }, ${options} }, async ({ inputs, event, run }) => {
${body}
});
`;
}

/** A workflow around a body, which has `inputs`, `event` and `run`. `top` stands before it. */
export function bodyProgram(body: string, top = "", effects: CheckEffects = "checked", modules: { readonly [name: string]: string } = {}): Program {
  return programOf(`
import { workflow, record, once, each, state, capture, captures, lines, parseCsv, chunk, range, groupBy, hash, fail, log, iso, time, duration, now, ago, quote, sleep, until, approve, waitFor, poll, webhook, queue, resource } from "offstage";
import { ask, call, parallel, start } from "offstage";
import { world, other } from "#servers";
${top}
export default workflow({ name: "test", description: "a test", on: [], inputs: { any: "" } }, async ({ inputs, event, run }) => {
${body}
});
`, effects, modules);
}
