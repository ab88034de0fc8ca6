import { expect, test } from "vitest";
import { BODY_LINE, compileText, moduleOf, serverTypes } from "./compile.suite.ts";
import type { WorkflowSource } from "./compiler.ts";
import { DIAGNOSTIC_CODES, type DiagnosticCode } from "./diagnostic-codes.ts";

const WRITE = `jira.jira_issues({ action: "create", projectKey: "P" })`;
const READ = `github.list_issues({ owner: "a", repo: "b" })`;
const KEEP = `identity: (x: string) => x, find: async () => [{ key: "a" }], create: () => ${WRITE}, keep: (t) => ({ key: t.key })`;

interface Refusal {
  readonly code: DiagnosticCode;
  /** The body of a workflow. */
  readonly body?: string;
  /** Before the workflow, on its line. */
  readonly top?: string;
  readonly on?: string;
  /** A whole module instead. */
  readonly module?: string;
  readonly line?: number;
  readonly severity?: "warning";
  readonly pagesNeedMax?: true;
}

const body = (code: DiagnosticCode, text: string, more: Omit<Refusal, "code" | "body"> = {}): Refusal => ({ code, body: text, line: BODY_LINE, ...more });
const top = (code: DiagnosticCode, text: string, line = 2): Refusal => ({ code, top: text, line });
const whole = (code: DiagnosticCode, module: string, line = 1): Refusal => ({ code, module, line });
const options = (code: DiagnosticCode, text: string): Refusal => whole(code, `import { workflow, every, cron, webhook, input } from "offstage"; export default workflow({ ${text} }, async () => 1);`);

/** Every refusal of the language, most codes in several shapes. Each must give exactly its code, at its line, with a hint. */
const REFUSALS: readonly Refusal[] = [
  whole("IMPORT_NOT_ALLOWED", `import fs from "node:fs";\nexport {};`),
  whole("IMPORT_NOT_ALLOWED", `import "offstage";`),
  whole("IMPORT_NOT_ALLOWED", `import * as all from "offstage";`),
  top("TOP_LEVEL_NOT_ALLOWED", `let a = 1;`),
  top("TOP_LEVEL_NOT_ALLOWED", `if (true) {}`),
  top("TOP_LEVEL_STEP", `const t = now();`),
  top("TOP_LEVEL_STEP", `const t = [1].map(() => now());`),
  top("TOP_LEVEL_STEP", `const f = () => now(); const t = f();`),
  { ...body("TOP_LEVEL_STEP", "return 1;", { on: `[webhook("x", () => now() > 1)]` }), line: 2 },
  whole("EXPORT_MISSING", `import { workflow } from "offstage"; const a = 1;`),
  whole("EXPORT_MISSING", `export default 1;`),
  top("EXPORT_NOT_ALLOWED", `export const a = 1;`),
  top("EXPORT_NOT_ALLOWED", `export * from "offstage";`),
  top("TYPE_NOT_ALLOWED", `enum A { B }`),
  top("TYPE_NOT_ALLOWED", `namespace A { export const b = 1; }`),
  top("TYPE_NOT_ALLOWED", `declare const a: number;`),
  body("TYPE_NOT_ALLOWED", `return <string>inputs.owner;`),
  top("TYPE_PROGRAM", `type A = string extends "a" ? 1 : 2;`),
  top("TYPE_PROGRAM", `type A<T> = T[];`),
  top("TYPE_PROGRAM", "type A = `x${string}`;"),
  top("TYPE_PROGRAM", `type A = { [K in "a" | "b"]: K };`),
  body("NOT_YET", `const { title = (await ${READ}).length } = { title: 1 }; return title;`),
  body("LOOP_NOT_ALLOWED", `while (inputs.flag) { log(1); }`),
  body("LOOP_NOT_ALLOWED", `for (let i = 0; i < 3; i += 1) { log(i); }`),
  body("LOOP_NOT_ALLOWED", `for (const k in inputs) { log(k); }`),
  body("LOOP_NOT_ALLOWED", `do { log(1); } while (inputs.flag);`),
  body("SWITCH_NOT_ALLOWED", `switch (inputs.owner) { case "a": log(1); }`),
  body("FINALLY_NOT_ALLOWED", `try { log(1); } finally { log(2); }`),
  body("LABEL_NOT_ALLOWED", `outer: for (const x of [1]) { log(x); }`),
  body("VAR_NOT_ALLOWED", `var a = 1; log(a);`),
  body("FUNCTION_NOT_ALLOWED", `function f() { return 1; }`),
  body("FUNCTION_NOT_ALLOWED", `const f = [1].map(function (x) { return x; }); log(f);`),
  body("FUNCTION_NOT_ALLOWED", `log({ get a() { return 1; } });`),
  top("FUNCTION_NOT_ALLOWED", `const r = record("r", { identity(x: string) { return x; }, find: async () => [{ key: "a" }], create: () => ${WRITE}, keep: (t) => t });`),
  body("CLASS_NOT_ALLOWED", `class A {}`),
  body("THROW_NOT_FAIL", `throw "x";`),
  body("STATEMENT_NOT_ALLOWED", `debugger;`),
  body("RECURSION", `const f = (n: number): number => (n > 0 ? f(n - 1) : 0); return f(3);`),
  top("RECURSION", `const a = (n: number): number => b(n); const b = (n: number): number => [n].map((x) => a(x)).length;`),
  body("LOOSE_EQUALITY", `return inputs.owner == "a";`),
  body("OPERATOR_NOT_ALLOWED", `return "owner" in inputs;`),
  body("OPERATOR_NOT_ALLOWED", `return inputs.count | 1;`),
  body("OPERATOR_NOT_ALLOWED", `let n = 1; n++; return n;`),
  body("OPERATOR_NOT_ALLOWED", `return typeof inputs.owner;`),
  body("OPERATOR_NOT_ALLOWED", `const o: { a?: number } = { a: 1 }; delete o.a;`),
  body("OPERATOR_NOT_ALLOWED", `return 2 ** 3;`),
  body("EXPRESSION_NOT_ALLOWED", `return 1n;`),
  body("EXPRESSION_NOT_ALLOWED", `return [1, , 2];`),
  body("EXPRESSION_NOT_ALLOWED", `const f = (s: TemplateStringsArray) => s.length; return f\`x\`;`),
  body("THIS_NOT_ALLOWED", `return [this];`),
  body("NEW_NOT_ALLOWED", `return new Date();`),
  body("NEW_NOT_ALLOWED", `return new RegExp("a").test("a");`),
  body("GLOBAL_NOT_ALLOWED", `return Math.random();`),
  body("GLOBAL_NOT_ALLOWED", `return process.env;`),
  body("GLOBAL_NOT_ALLOWED", `console.log("x");`),
  body("GLOBAL_NOT_ALLOWED", `return await fetch("https://example.com");`),
  body("GLOBAL_NOT_ALLOWED", `return parseInt("1", 10);`),
  body("GLOBAL_NOT_ALLOWED", `return NaN;`),
  body("GLOBAL_NOT_ALLOWED", `return Object.assign({}, inputs);`),
  body("METHOD_NOT_ALLOWED", `return [2, 1].sort();`),
  body("METHOD_NOT_ALLOWED", `return inputs.owner.localeCompare("a");`),
  body("METHOD_NOT_ALLOWED", `return inputs.count.toFixed(2);`),
  body("METHOD_NOT_ALLOWED", `return inputs.toString();`),
  body("METHOD_NOT_ALLOWED", `return JSON.parse("1").anything();`),
  body("PROPERTY_NOT_ALLOWED", `return /a/.source;`),
  body("PROPERTY_NOT_ALLOWED", `const { length } = inputs.owner; return length;`),
  body("ARGUMENTS_NOT_ALLOWED", `return inputs.owner.match("TODO") !== null;`),
  body("ARGUMENTS_NOT_ALLOWED", `return [...inputs.owner.matchAll(inputs.repo)].length;`),
  body("ARGUMENTS_NOT_ALLOWED", `return [2, 1].toSorted();`),
  body("ARGUMENTS_NOT_ALLOWED", `return inputs.owner.replace("a", () => "b");`),
  body("ARGUMENTS_NOT_ALLOWED", `return JSON.stringify(inputs, ["owner"]);`),
  body("ARGUMENTS_NOT_ALLOWED", `return Array.from([1], (x) => x + 1);`),
  body("ARGUMENTS_NOT_ALLOWED", `return JSON.stringify(new Map([["a", 1]]));`),
  body("ARGUMENTS_NOT_ALLOWED", `return hash(new Set([1]));`),
  body("REGEXP_NOT_LINEAR", `return /((a)|b)*/.test("ab");`),
  body("FORBIDDEN_NAME", `return JSON.parse("1").__proto__;`),
  body("FORBIDDEN_NAME", `return inputs["constructor"];`),
  body("FORBIDDEN_NAME", `return { ["__proto__"]: 1 };`),
  body("FORBIDDEN_NAME", `const { prototype } = JSON.parse("1"); return prototype;`),
  body("DYNAMIC_KEY", `const k: string = "owner"; const o: Record<string, string> = {}; return o[k];`),
  body("DYNAMIC_KEY", `return { [inputs.owner]: 1 };`),
  body("CONDITION_NOT_BOOLEAN", `if (inputs.count) return 1; return 2;`),
  body("CONDITION_NOT_BOOLEAN", `return inputs.count || 5;`),
  body("CONDITION_NOT_BOOLEAN", `return [1].filter((x) => x);`),
  body("CONDITION_NOT_BOOLEAN", `return !inputs.tags.length;`),
  body("MIXED_OPERANDS", `return inputs.owner + inputs.count;`),
  body("TEXT_OF_OBJECT", "return `${inputs}`;"),
  body("TEXT_OF_OBJECT", "return `${inputs.tags[0]}`;"),
  body("TEXT_OF_OBJECT", `return String(inputs.tags);`),
  body("TEXT_OF_OBJECT", `return [inputs].join();`),
  body("NUMBER_UNSAFE", `return 9007199254740993;`),
  body("NUMBER_UNSAFE", `return 1e400;`),
  body("TEXT_SURROGATE", `return "\\uD800";`),
  body("SPREAD_NOT_ALLOWED", `return { ...inputs.tags };`),
  body("SPREAD_NOT_ALLOWED", `return quote.jql(...["a"] as const);`),
  body("ITERATOR_AS_VALUE", `const keys = new Map([["a", 1]]).keys(); return [...keys];`),
  body("FUNCTION_AS_VALUE", `const f = () => 1; const all = [f]; return all.length;`),
  body("FUNCTION_AS_VALUE", `const o = { f: () => 1 }; return Object.keys(o);`),
  body("VOCABULARY_AS_VALUE", `const g = github; return 1;`),
  body("VOCABULARY_AS_VALUE", `const list = github.list_issues; return 1;`),
  body("USE_BEFORE_DECLARATION", `const f = () => later + 1; const later = 1; return f();`),
  top("USE_BEFORE_DECLARATION", `const a = f(); const f = () => b; const b = 1;`),
  body("ASSIGNMENT_TARGET", `const o = { a: 1 }; o.a = 2; return o;`),
  body("ASSIGNMENT_TARGET", `let a = 1; let b = 2; [a, b] = [b, a]; return a + b;`),
  body("OUTER_MUTATION", `let n = 0; await each([1], { key: (x) => String(x) }, async (x) => { n += x; }); return n;`),
  body("OUTER_MUTATION", `const all: number[] = []; [1].map((x) => all.push(x)); return all;`),
  { ...body("OUTER_MUTATION", `seen.add(1); return 1;`), top: `const seen = new Set([0]);` },
  body("SHARED_MUTATION", `const add = (xs: number[]) => { xs.push(1); }; add([1]);`),
  body("SHARED_MUTATION", `const m = new Map([["a", [1]]]); m.get("a")!.push(2); return m.size;`),
  body("FLOATING_PROMISE", `${READ};`),
  body("PROMISE_AS_VALUE", `const p = ${READ}; return 1;`),
  body("PROMISE_AS_VALUE", `return [1].concat([]).length > 0 && log(${READ});`),
  body("PROMISE_AS_VALUE", `const get = (): any => ${READ}; get(); return 1;`),
  body("PROMISE_AS_VALUE", `const get = (): unknown => { if (inputs.flag) return 1; return inputs.flag ? null : ${READ}; }; return [1].map(get).length;`),
  body("PROMISE_AS_VALUE", `const get: any = async (x: number) => x; return get(1) + 1;`),
  body("PROMISE_AS_VALUE", `const get = (() => ${READ}) as any; get(); return 1;`),
  body("ITERATOR_AS_VALUE", `const keys = (m: Map<string, number>): any => m.keys(); return keys(new Map([["a", 1]])).length;`),
  body("ASYNC_CALLBACK", `return [1].map(async (x) => x);`),
  body("ASYNC_CALLBACK", `const get = async (x: number) => x; return [1].map(get);`),
  body("RETURN_WITHOUT_AWAIT", `try { return ${READ}; } catch { return []; }`),
  body("RETURN_WITHOUT_AWAIT", `try { return inputs.flag ? ${READ} : []; } catch { return []; }`),
  body("RETURN_WITHOUT_AWAIT", `try { return inputs.flag ? [] : (inputs.owner === "a" && ${READ}); } catch { return []; }`),
  body("RETURN_WITHOUT_AWAIT", `try { return inputs.tags[0] ?? ${READ}; } catch { return []; }`),
  body("REGEXP_NOT_LINEAR", `return /a(?=b)/.test("ab");`),
  body("REGEXP_NOT_LINEAR", `return /(a)\\1/.test("aa");`),
  body("REGEXP_NOT_LINEAR", `return /(?<x>a)\\k<x>/.test("aa");`),
  body("REGEXP_NOT_LINEAR", `return /a{2000}/.test("aa");`),
  body("REGEXP_FLAG", `return /a/u.test("a");`),
  body("REGEXP_FLAG", `return /a/g.test("a");`),
  body("REGEXP_FLAG", `return [..."a".matchAll(/a/)].length;`),
  body("DURATION_INVALID", `await sleep("1h30m");`),
  body("ONE_WRITE", `await once("k", async () => { await sleep("1h"); return ${WRITE}; });`),
  body("WAIT_IN_READ", `await once("k", () => ${WRITE}, { confirm: async () => { await until(now()); return null; } });`),
  top("WAIT_IN_READ", `const nap = async () => { await sleep("1s"); return [{ key: "a" }]; }; const r = record("r", { ${KEEP.replace("async () => [{ key: \"a\" }]", "() => nap()")} });`),
  body("DURATION_INVALID", `await approve({ message: "x", within: "1 day" });`),
  body("MISPLACED", `await waitFor(every("1h"));`),
  body("MISPLACED", `await waitFor(cron("0 2 * * *", { timezone: "UTC" }));`),
  body("OPTION_UNKNOWN", `await waitFor(webhook("x", (e) => e.body !== null));`),
  body("OPTION_UNKNOWN", `await waitFor(resource(github, "repo://x", { sweep: true }));`),
  body("NOT_STATIC", `const hook: any = null; await waitFor(hook);`),
  body("NOT_STATIC", `await waitFor(webhook(inputs.owner));`),
  body("NOT_STATIC", `const options = { within: "1d" } as const; await waitFor(webhook("x"), options);`),
  body("DURATION_INVALID", `await waitFor(queue("x"), { within: "1 day" });`),
  body("FLOATING_PROMISE", `waitFor(webhook("x"));`),
  body("ASYNC_CALLBACK", `await waitFor(webhook("x"), { when: async (e) => e.body !== null } as never);`),
  body("OUTER_MUTATION", `let n = 0; await waitFor(webhook("x"), { when: (e) => { n += 1; return n > 1; } }); return n;`),
  body("ONE_WRITE", `await once("k", async () => { await waitFor(webhook("x")); return ${WRITE}; });`),
  body("WAIT_IN_READ", `await once("k", () => ${WRITE}, { confirm: async () => { await waitFor(webhook("x")); return null; } });`),
  body("LIMIT_INVALID", `await poll({ every: "1m", max: 0 }, async () => 1);`),
  body("WRITE_WITHOUT_IDENTITY", `await poll({ every: "1m", max: 3 }, async () => (await ${WRITE}).key);`),
  body("NOT_STATIC", `const branches = { a: async () => 1 }; await parallel(branches);`),
  body("NOT_STATIC", `await parallel({ ...{ a: async () => 1 } });`),
  body("NAME_INVALID", `await parallel({ 1: async () => 1 });`),
  body("FUNCTION_NOT_ALLOWED", `await parallel({ async a() { return 1; } });`),
  body("OUTER_MUTATION", `let n = 0; await parallel({ a: async () => { n += 1; } }); return n;`),
  { ...body("STATE_IN_PARALLEL", `await parallel({ a: async () => { await cursor.set(1); } });`), top: `const cursor = state("cursor", 0);` },
  { ...body("STATE_IN_PARALLEL", `const get = () => cursor.get(); await parallel({ get });`), top: `const cursor = state("cursor", 0);` },
  body("ONE_WRITE", `await once("k", async () => { await parallel({ a: () => ${WRITE} }); });`),
  body("EACH_REQUIRED", `for (const tag of inputs.tags) await parallel({ a: () => once(tag, () => ${WRITE}) });`),
  body("NOT_STATIC", `const type: string = inputs.owner; return await ask({ prompt: "x", schema: { type }, maxTokens: 10 });`),
  body("OPTION_UNKNOWN", `return await ask({ prompt: "x", schema: { type: "string" }, maxTokens: 10, tools: [] } as never);`),
  body("FLOATING_PROMISE", `ask({ prompt: "x", schema: { type: "string" }, maxTokens: 10 });`),
  body("FLOATING_PROMISE", `github.read("repo://x");`),
  body("PROMISE_AS_VALUE", `const later = github.prompt("x", { a: "1" }); return 1;`),
  whole("IMPORT_NOT_FOUND", `import other from "./other.ts";`),
  whole("IMPORT_NOT_ALLOWED", `import other from "../other.ts";`),
  whole("IMPORT_NOT_ALLOWED", `import { other } from "./other.ts";`),
  body("NOT_STATIC", `return await call({ name: "x" }, {});`),
  options("DURATION_INVALID", `name: "w", on: [every("10m", { jitter: "a minute" })]`),
  options("NOT_STATIC", `name: "w", on: [every("10m", { missed: "each" as never })]`),
  options("OPTION_UNKNOWN", `name: "w", on: [webhook("x", { missed: "skip" } as never)]`),
  options("NOT_STATIC", `name: String(1), on: []`),
  options("NOT_STATIC", `name: "w", on: [[]].flat()`),
  body("NOT_STATIC", `const options = { key: (x: number) => String(x) }; await each([1], options, async (x) => x);`),
  body("MISPLACED", `const s = state("s", 1);`),
  body("MISPLACED", `log(every("10m"));`),
  options("OPTION_UNKNOWN", `name: "w", on: [], retries: 3`),
  options("OPTION_MISSING", `name: "w"`),
  top("OPTION_MISSING", `const r = record("r", { identity: (x: string) => x, find: async () => [{ key: "a" }], create: () => ${WRITE} });`),
  options("NAME_INVALID", `name: "Not A Label", on: []`),
  top("NAME_INVALID", `const s = state("a b", 1);`),
  top("NAME_DUPLICATE", `const a = state("s", 1); const b = state("s", 2);`),
  top("NAME_DUPLICATE", `const a = record("r", { ${KEEP} }); const b = record("r", { ${KEEP} });`),
  body("NAME_DUPLICATE", `await once("k", () => ${WRITE}); await once("k", () => ${WRITE});`),
  options("DURATION_INVALID", `name: "w", on: [every("ten minutes")]`),
  options("DURATION_INVALID", `name: "w", on: [every("1ms")]`),
  body("DURATION_INVALID", `return ago("7 days");`),
  body("DURATION_INVALID", `await once("k", () => ${WRITE}, { for: "1h30m" });`),
  options("CRON_INVALID", `name: "w", on: [cron("0 25 * * *", { timezone: "UTC" })]`),
  options("CRON_INVALID", `name: "w", on: [cron("* * *", { timezone: "UTC" })]`),
  options("TIMEZONE_INVALID", `name: "w", on: [cron("0 2 * * *", {})]`),
  options("TIMEZONE_INVALID", `name: "w", on: [cron("0 2 * * *", { timezone: "Mars/Olympus" })]`),
  options("LIMIT_INVALID", `name: "w", on: [], limits: { writes: -1 }`),
  options("INPUT_UNTYPED", `name: "w", on: [], inputs: { list: [] }`),
  options("INPUT_UNTYPED", `name: "w", on: [], inputs: { none: null }`),
  options("INPUT_UNTYPED", `name: "w", on: [], inputs: { deep: { list: [] } }`),
  options("INPUT_DEFAULT", `name: "w", on: [], inputs: { list: input({ schema: { type: "array", minItems: 1, items: { type: "string" } }, default: [] }) }`),
  options("INPUT_MISSING", `name: "w", on: [every("1h")], inputs: { key: input({ schema: { type: "string" } }) }`),
  options("SCHEMA_INVALID", `name: "w", on: [], inputs: { key: input({ schema: { type: "text" }, default: "a" as never }) }`),
  options("SCHEMA_INVALID", `name: "w", on: [], inputs: { key: input({ schema: { type: "string", pattern: "(?=a)" }, default: "a" }) }`),
  body("SCHEMA_INVALID", `await ask({ prompt: "", schema: { type: "text" }, maxTokens: 1 });`),
  options("NOT_STATIC", `name: "w", on: [], inputs: { key: input({ schema: JSON.parse("{}") as { type: "string" }, default: "a" }) }`),
  options("NOT_STATIC", `name: "w", on: [], inputs: { deep: { key: input({ schema: { type: "string" }, default: "a" }) } }`),
  body("MISPLACED", `const a = input({ schema: { type: "string" } });`),
  body("UNLEARNT", `const issue = await github.get_issue({ owner: "a", repo: "b", issue_number: 1 }); return issue.title;`),
  body("UNLEARNT", `const issue = await github.get_issue({ owner: "a", repo: "b", issue_number: 1 }); return { ...issue };`),
  body("PAGES_MAX", `return await github.list_issues.pages({ owner: "a", repo: "b" });`, { pagesNeedMax: true }),
  body("QUERY_UNQUOTED", "return await jira.jira_search.pages({ action: \"issues\", jql: `labels = ${inputs.owner}` });", { severity: "warning" }),
  body("QUERY_UNQUOTED", `return await jira.jira_search.pages({ action: "issues", jql: "labels = " + inputs.owner });`, { severity: "warning" }),
  body("QUOTE_WRONG", "return await jira.jira_search.pages({ action: \"issues\", jql: `labels = ${quote.sql(inputs.owner)}` });", { severity: "warning" }),
  options("EVENT_HEADER", `name: "w", on: [webhook("github", (e) => e.headers["X-GitHub-Event"] === "push")]`),
  { ...body("FIND_KEY_DIFFERS", `await r.ensure("a");`, { severity: "warning" }), line: 2, top: "const r = record(\"r\", { identity: (x: string) => x, find: (x) => jira.jira_search.pages({ action: \"issues\", jql: `labels = ${quote.jql(\"gh-\" + x)}` }), create: (x) => jira.jira_issues({ action: \"create\", labels: [`pr-${x}`] }), keep: (i) => ({ key: i.key }) });" },
  body("WRITE_WITHOUT_IDENTITY", `await ${WRITE};`, { on: `[every("10m")]` }),
  { ...body("WRITE_WITHOUT_IDENTITY", `await write();`, { on: `[every("10m")]` }), top: `const write = () => ${WRITE};`, line: 2 },
  top("WRITE_IN_READ", `const r = record("r", { ${KEEP}, read: () => ${WRITE} });`),
  body("WRITE_IN_READ", `await once("k", () => ${WRITE}, { confirm: () => ${WRITE} });`),
  body("ONE_WRITE", `await once("k", async () => { await ${WRITE}; return ${WRITE}; });`),
  body("ONE_WRITE", `await once("k", () => github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 }));`),
  body("ONE_WRITE", `await once("k", async () => (inputs.flag ? ${WRITE} : null));`),
  body("ONE_WRITE", `await once("k", async () => { await once("l", () => ${WRITE}); });`),
  body("ONE_WRITE", `await once("k", async () => { await each([1], { key: (x) => String(x) }, () => ${WRITE}); });`),
  top("ONE_WRITE", `const r = record("r", { ${KEEP}, update: async () => { await ${WRITE}; await ${WRITE}; } });`),
  body("EACH_REQUIRED", `for (const x of inputs.tags) { await once(x, () => ${WRITE}); }`),
  { ...body("LIMITS_MISSING", ""), module: `import { workflow, each, once } from "offstage"; import { jira } from "#servers"; export default workflow({ name: "w", on: [] }, async () => {\nawait each(["a"], { key: (x) => x }, (x) => once(x, () => ${WRITE}));\n});`, line: 2, severity: "warning" },
  { ...body("STATE_IN_PARALLEL", `await each([1], { key: (x) => String(x), parallel: 2 }, async () => { await cursor.get(); });`), top: `const cursor = state("cursor", 1);` },
  body("ONCE_KEY_CONSTANT", `await each([1], { key: (x) => String(x) }, () => once("k", () => ${WRITE}));`, { severity: "warning" }),
  body("IDENTITY_UNKNOWN", `const made = await once("k", () => ${WRITE}); await once(made.key, () => ${WRITE});`, { severity: "warning" }),
];

/** Provoked in tests of their own: they are about whole files, or need to know of profiles or `mcp.json`. */
const ELSEWHERE: readonly DiagnosticCode[] = ["IMPORT_FAULTY", "WORKFLOW_CYCLE", "APPROVAL_IMPOSSIBLE", "PAGES_UNREAD", "READ_STALE", "TOOL_UNREACHABLE", "ARGUMENT_INVALID", "SOURCE_TOO_LARGE", "SOURCE_TOO_DEEP", "CHECK_TOO_LONG", "SOURCE_NOT_TEXT", "TOO_MANY_FAULTS", "SERVERS_NOT_LOCKED", "SERVER_UNKNOWN", "HOST_INVALID", "FUNCTION_TOO_LONG", "LIST_TOO_LONG", "OWN_CODE", "OWN_NOT_ASYNC"];

test.each(REFUSALS.map((refusal) => [`${refusal.code}: ${refusal.module ?? `${refusal.top ?? ""}${refusal.on ?? ""} ${refusal.body ?? ""}`}`.slice(0, 160), refusal] as const))("%s", (_name, refusal) => {
  const source = refusal.module ?? moduleOf(refusal.body ?? "", refusal.top, refusal.on);
  const { program, diagnostics } = compileText(source, refusal.pagesNeedMax === true ? { pagesNeedMax: () => true } : {});
  expect(diagnostics).toContainEqual(expect.objectContaining({
    code: refusal.code, file: "w.ts", line: refusal.line, severity: refusal.severity ?? "error", message: expect.stringMatching(/\S/), hint: expect.stringMatching(/\S/),
  }));
  expect(diagnostics.length).toBeLessThan(4);
  expect(program === null).toBe(refusal.severity !== "warning");
});

test("every code is provoked", () => {
  const provoked = new Set<string>([...REFUSALS.map(({ code }) => code), ...ELSEWHERE]);
  expect(Object.keys(DIAGNOSTIC_CODES).filter((code) => !provoked.has(code))).toEqual([]);
});

test("all faults are told at once, TypeScript's own among them, in source order", () => {
  const { diagnostics } = compileText(moduleOf(`const a: number = "x";\nif (inputs.count) log(1);\nwhile (true) {}\nawait github.list_issues({ owner: 1, repo: "b" });`));
  expect(diagnostics.map(({ code, line }) => [code, line])).toEqual([["TS2322", 3], ["CONDITION_NOT_BOOLEAN", 4], ["LOOP_NOT_ALLOWED", 5], ["TS2322", 6]]);
});

test.each([
  ["return [1].undefined;", "PROPERTY_NOT_ALLOWED", "undefined is not data of an array."],
  ["return /a/.source;", "PROPERTY_NOT_ALLOWED", "source is not data of a regexp."],
  ["return [2].sort((a, b) => a - b);", "METHOD_NOT_ALLOWED", "The method sort of an array does not belong to the language."],
])("what %s is refused for is said in English", (text, code, message) => {
  expect(compileText(moduleOf(text)).diagnostics.find((one) => one.code === code)?.message).toBe(message);
});

test("a fault of the grammar is told with its place", () => {
  const { diagnostics } = compileText("const = 1;");
  expect(diagnostics[0]).toMatchObject({ code: "TS1134", line: 1, column: 7 });
});

test("the shape that is not known is named", () => {
  const { diagnostics } = compileText(moduleOf(`return (await github.get_issue({ owner: "a", repo: "b", issue_number: 1 })).title;`));
  expect(diagnostics[0]?.hint).toContain("offstage call github.get_issue");
  const either = compileText(moduleOf(`const issue = inputs.flag ? await github.get_issue({ owner: "a", repo: "b", issue_number: 1 }) : { title: "x" }; return issue.title;`)).diagnostics;
  expect(either[0]?.hint).toContain("offstage call github.get_issue");
});

test.each([
  [`const { title } = await github.get_issue({ owner: "a", repo: inputs.repo, issue_number: 7 }); return title;`, `{"owner":"a","repo":"…","issue_number":7}`],
  [`const issue = await github.get_issue({ ...inputs, issue_number: 1 }); return \`\${issue}\`;`, `{"…":"…","issue_number":1}`],
  [`const found = await github.get_issue({ owner: \`my \${inputs.owner}!\`, repo: null, issue_number: [1, true] }); return [...found];`, `{"owner":"my …!","repo":null,"issue_number":[1,true]}`],
  [`const get = (n: number) => github.get_issue({ owner: "it's", repo: "b", issue_number: n }); const i = await get(1); return i.toUpperCase();`, `{"owner":"it'\\''s","repo":"b","issue_number":1}`],
  [`const issue_number = inputs.count; const issue = await github.get_issue({ owner: inputs.tags[0] ?? "", repo: "b", issue_number }); return issue.title;`, `{"owner":"…","repo":"b","issue_number":1}`],
])("the hint for %s can be given as it stands, apart from what the text leaves open", (text, args) => {
  const { diagnostics } = compileText(moduleOf(text));
  expect(diagnostics.find(({ code }) => code === "UNLEARNT")?.hint).toBe(`Call it once to learn its shape: offstage call github.get_issue --args '${args}'`);
});

test("of what may write the hint asks first for what needs no call, and names what really learns; which it is the arguments say", () => {
  const hint = (args: string) => compileText(moduleOf(`const issue = await once("a", () => github.get_issue(${args})); return issue.title;`), { mayWrite: (_server, _tool, known, open) => known?.["repo"] !== "read" || open === "any" }).diagnostics.find(({ code }) => code === "UNLEARNT")?.hint;
  expect(hint(`{ owner: inputs.owner, repo: "b", issue_number: 1 }`)).toBe("It may write. Say in profiles/github.ts what it answers, by the `result` of its rule, or that it only reads (`offstage profile github` drafts one). Or make one real call, where that does no harm: offstage call github.get_issue --args '{\"owner\":\"…\",\"repo\":\"b\",\"issue_number\":1}' --yes --learn");
  expect(hint(`{ owner: inputs.owner, repo: "read", issue_number: 1 }`)).toMatch(/^Call it once to learn its shape: /);
  expect(hint(`{ ...inputs, repo: "read", issue_number: 1 }`)).toMatch(/^It may write\. .* --yes --learn$/);
});

test("of a tool that was called and had nothing in its lists no such call is asked for", () => {
  const seen = serverTypes.replace(/jira_search: .*/, `jira_search: Tool<SearchArgs & { readonly action: "issues" }, { readonly issues: readonly Unlearnt<"jira.jira_search">[] }, Unlearnt<"jira.jira_search">> & Tool<{ readonly action: "users" }, Unlearnt<"jira.jira_search">, Unlearnt<"jira.jira_search">>;`);
  const hint = (body: string, more: Partial<WorkflowSource> = {}) => compileText(moduleOf(body), { serverTypes: seen, ...more }).diagnostics.find(({ code }) => code === "UNLEARNT")?.hint;
  const empty = "It answered an empty list when it was called: call it where it finds something (`offstage call jira.jira_search`), or say in profiles/jira.ts what it answers, by the `result` of its rule.";
  expect(hint(`const found = await jira.jira_search.pages({ action: "issues", jql: "a" }); return found.map((issue) => issue.key);`)).toBe(empty);
  expect(hint(`const { issues } = await jira.jira_search({ action: "issues", jql: "a" }); return issues.map((issue) => issue.key);`)).toBe(empty);
  expect(hint(`const found = await jira.jira_search.pages({ action: "issues", jql: "a" }); return found.map((issue) => issue.key);`, { mayWrite: () => true })).toMatch(/^It answered an empty list when it was called: say in profiles/);
  expect(hint(`const found = await jira.jira_search.pages({ action: "users" }); return found.map((user) => user.key);`)).toMatch(/^Call it once to learn its shape: /);
});

test.each([
  [`return inputs.owner.match("TODO");`, "Write `.includes(\"TODO\")`, or a pattern: `/TODO/`."],
  [`return [...inputs.owner.matchAll(inputs.repo)].length;`, "Write `.includes(text)`, or a pattern: `/…/g`."],
])("%s looks for a text: the hint says how", (text, hint) => {
  expect(compileText(moduleOf(text)).diagnostics.find(({ code }) => code === "ARGUMENTS_NOT_ALLOWED")?.hint).toBe(hint);
});

test("what one call would teach is told once, with how many places need it; of another tool it is told too", () => {
  const { diagnostics } = compileText(moduleOf(`const issue = await github.get_issue({ owner: "a", repo: "b", issue_number: 1 }); const me = await github.get_me({}); return [issue.title, issue.body, issue.state, me.login];`));
  const unlearnt = diagnostics.filter(({ code }) => code === "UNLEARNT").map(({ message }) => message);
  expect(unlearnt[0]).toBe("Nobody has seen yet what github.get_issue answers. 2 more places need it.");
  expect(unlearnt).toHaveLength(new Set(unlearnt).size);
});

test("without servers there is one fault, not all that follow from it", () => {
  const { diagnostics } = compileText(moduleOf(`const pulls = await github.list_issues({ owner: "a", repo: "b" }); return pulls.map((x) => x.title);`), { serverTypes: null });
  expect(diagnostics.map(({ code }) => code)).toEqual(["SERVERS_NOT_LOCKED"]);
});

test("a server that is not locked is one fault, at its name; what follows from it is not told, and what is ours still is", () => {
  const source = moduleOf(`const pulls = await githb.list_issues({ owner: "a", repo: "b" });\nawait each(pulls, { key: (x) => x.id }, (x) => once(\`k\${x.id}\`, async () => { await githb.get({}); return githb.put({}); }));\nwhile (true) {}`, "", `[every("1h")]`).replace("{ github, jira }", "{ githb, jira }");
  const { diagnostics } = compileText(source, { mayWrite: () => true });
  expect(diagnostics.map(({ code, line }) => [code, line])).toEqual([["SERVERS_NOT_LOCKED", 1], ["LOOP_NOT_ALLOWED", 5]]);
  expect(diagnostics[0]).toMatchObject({ message: "offstage.lock has no server githb.", hint: "Did you mean github? A server of mcp.json is locked by `offstage lock`." });
});

test("where nothing is known of tools every call may write, and a further call in a once may be a read", () => {
  const source = moduleOf(`await ${READ};`, "", `[every("10m")]`);
  const { program: _program, diagnostics } = compileText(source);
  expect(diagnostics).toEqual([]);
  const unknown = (text: string) => compileText(text, { mayWrite: undefined as never }).diagnostics.map(({ code }) => code);
  expect(unknown(source)).toEqual(["WRITE_WITHOUT_IDENTITY"]);
  expect(unknown(moduleOf(`await once("k", async () => { await ${READ}; return ${WRITE}; });`))).toEqual([]);
});
