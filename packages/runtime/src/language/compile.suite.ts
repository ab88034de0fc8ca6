import { readFileSync } from "node:fs";
import type { Diagnostic } from "../base/index.ts";
import type { Expression, FunctionNode, Program } from "../program/index.ts";
import { createCompiler, type WorkflowSource } from "./compiler.ts";

/** One warm compiler for all tests of a file. */
export const compiler = createCompiler();
export const serverTypes = readFileSync(new URL("fixtures/servers.d.ts", import.meta.url), "utf8");

const READS = new Set(["list_pull_requests", "get_pull_request", "list_issues", "get_issue", "get_file_contents", "list_commits", "jira_search", "search_issues"]);

/** What a profile would say of the fixture's tools. */
export function mayWrite(_server: string, tool: string, known: { readonly [name: string]: unknown } | null): boolean {
  return !READS.has(tool) && known?.["action"] !== "get" && known?.["action"] !== "get_transitions";
}

const IMPORTS = `import { workflow, record, once, each, state, every, cron, webhook, queue, resource, quote, capture, captures, lines, parseCsv, chunk, range, groupBy, hash, fail, log, now, ago, iso, time, duration, input, approve, sleep, until, waitFor, poll, parallel, ask, call, start, type StepError, type Json } from "offstage"; import { github, jira } from "#servers";\n`;

/** How many lines stand before what a test writes. */
export const BODY_LINE = 3;

/** A module whose workflow has this body, and these constants at its top; the body begins on line {@link BODY_LINE} when `top` has no line end. */
export function moduleOf(body: string, top = "", on = "[]"): string {
  return `${IMPORTS}${top} export default workflow({ name: "w", on: ${on}, inputs: { owner: "acme", repo: "api", count: 3, flag: true, tags: ["a"] }, limits: { writes: 5 } }, async ({ inputs, event, run }) => {\n${body}\n});`;
}

/** Compiles a whole module. */
export function compileText(source: string, more: Partial<WorkflowSource> = {}): { readonly program: Program | null; readonly diagnostics: readonly Diagnostic[] } {
  return compiler.compileWorkflow({ file: "w.ts", source, serverTypes, mayWrite, ...more });
}

/** The Program of a body that must check. */
export function programOf(body: string, top = "", on = "[]"): Program {
  const { program, diagnostics } = compileText(moduleOf(body, top, on));
  if (program === null) throw new Error(diagnostics.map(({ code, line, message }) => `${code} ${line}: ${message}`).join("\n"));
  return program;
}

/** The lowered body. */
export function bodyOf(body: string, top = ""): FunctionNode["body"] {
  return programOf(body, top).body.body;
}

/** The lowered value of `return <expression>` after some statements. */
export function valueOf(expression: string, before = "", top = ""): Expression {
  const last = bodyOf(`${before}\nreturn ${expression};`, top).at(-1);
  if (last?.kind !== "return" || last.value === undefined) throw new Error("no value");
  return last.value;
}

/** Nodes without their `at`, for comparing shapes. */
export function bare(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(bare);
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== "at").map(([name, value]) => [name, bare(value)]));
}
