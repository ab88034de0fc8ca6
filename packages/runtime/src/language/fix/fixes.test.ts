import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { BODY_LINE, compileText, moduleOf } from "../compile.suite.ts";
import type { DiagnosticCode } from "../diagnostic-codes.ts";
import type { ToolFacts } from "../tool-facts.ts";
import { applyEdits, mend } from "./mend.ts";

const facts: ToolFacts = {
  call: (_server, tool) => ({ pages: tool === "jira_search" ? { param: null, path: ["issues"] } : tool === "list_issues" ? { param: "page", path: [] } : null, lagMs: null, affects: [] }),
  inputSchema: () => null,
};
const compile = (source: string) => compileText(source, { facts, pagesNeedMax: (_server, tool) => tool === "list_commits" });
const lineOf = (source: string): string => source.split("\n").slice(BODY_LINE - 1, -1).join("\n");
const WRITE = `github.add_issue_comment({ owner: "a", repo: "b", issue_number: 1, body: "x" })`;

/** A body, what it becomes, and for pure ones: that both are the same in JavaScript is tried. */
const BODIES: readonly (readonly [DiagnosticCode, string, string])[] = [
  ["LOOSE_EQUALITY", `return inputs.owner == "acme";`, `return inputs.owner === "acme";`],
  ["LOOSE_EQUALITY", `return inputs.count != 2;`, `return inputs.count !== 2;`],
  ["LOOSE_EQUALITY", `return inputs.tags.find((x) => x > "b") == null;`, `return inputs.tags.find((x) => x > "b") === undefined;`],
  ["LOOSE_EQUALITY", `const a = inputs.tags[0] ?? (inputs.flag ? null : undefined); return null != a;`, `const a = inputs.tags[0] ?? (inputs.flag ? null : undefined); return null !== (a ?? null);`],
  ["LOOSE_EQUALITY", `return inputs.owner == null;`, `return (inputs.owner ?? null) === null;`],
  ["OPERATOR_NOT_ALLOWED", `let n = 1; n++; --n; n++; return n;`, `let n = 1; n += 1; n -= 1; n += 1; return n;`],
  ["MIXED_OPERANDS", `return inputs.owner + inputs.count + "x";`, `return inputs.owner + String(inputs.count) + "x";`],
  ["CONDITION_NOT_BOOLEAN", `if (inputs.tags.length) return 1; return !inputs.owner.length;`, `if (inputs.tags.length > 0) return 1; return inputs.owner.length === 0;`],
  ["TEXT_OF_OBJECT", "const n = inputs.tags[0]; return `${n}`;", "const n = inputs.tags[0]; return `${n ?? \"\"}`;"],
  ["VAR_NOT_ALLOWED", `var a = 1; var b = a; b += 1; return [a, b];`, `const a = 1; let b = a; b += 1; return [a, b];`],
  ["LOOP_NOT_ALLOWED", `const all: number[] = []; for (let i = 0; i < 3; i++) { all.push(i); } return all;`, `const all: number[] = []; for (const i of range(3)) { all.push(i); } return all;`],
  ["LOOP_NOT_ALLOWED", `const all: string[] = []; for (let i = 0; i < inputs.tags.length; i += 1) all.push(inputs.tags[i] ?? ""); return all;`, `const all: string[] = []; for (const i of range(inputs.tags.length)) all.push(inputs.tags[i] ?? ""); return all;`],
  ["THROW_NOT_FAIL", `if (inputs.flag) throw new Error("no " + inputs.owner); return 1;`, `if (inputs.flag) throw fail("no " + inputs.owner); return 1;`],
  ["THROW_NOT_FAIL", `if (inputs.flag) throw "no"; return 1;`, `if (inputs.flag) throw fail("no"); return 1;`],
  ["FUNCTION_NOT_ALLOWED", `function twice(n: number) { return n * 2; } return twice(2);`, `const twice = (n: number) => { return n * 2; }; return twice(2);`],
  ["FUNCTION_NOT_ALLOWED", `async function title(n: number): Promise<string> { return String(n); } return await title(2);`, `const title = async (n: number): Promise<string> => { return String(n); }; return await title(2);`],
  ["FUNCTION_NOT_ALLOWED", `return [1].map(function (x) { return x + 1; });`, `return [1].map((x) => { return x + 1; });`],
  ["METHOD_NOT_ALLOWED", `return inputs.tags.map((x) => x).sort((a, b) => (a < b ? -1 : 1));`, `return inputs.tags.map((x) => x).toSorted((a, b) => (a < b ? -1 : 1));`],
  ["METHOD_NOT_ALLOWED", `return [...inputs.tags].reverse();`, `return [...inputs.tags].toReversed();`],
  ["METHOD_NOT_ALLOWED", `return inputs.count.toString();`, `return String(inputs.count);`],
  ["ITERATOR_AS_VALUE", `const m = new Map([["a", 1]]); const keys = m.keys(); return [...keys];`, `const m = new Map([["a", 1]]); const keys = [...m.keys()]; return [...keys];`],
  ["REGEXP_FLAG", `return /a/g.test(inputs.owner);`, `return /a/.test(inputs.owner);`],
  ["REGEXP_FLAG", `return inputs.owner.replaceAll(/a/i, "b");`, `return inputs.owner.replaceAll(/a/ig, "b");`],
  ["METHOD_NOT_ALLOWED", `const all: string[] = []; inputs.tags.forEach((tag) => { if (tag > "a") all.push(tag); }); return all;`, `const all: string[] = []; for (const tag of inputs.tags) { if (tag > "a") all.push(tag); } return all;`],
  ["METHOD_NOT_ALLOWED", `let length = 0; inputs.tags.map((tag) => [tag]).forEach(([x]) => length += x?.length ?? 0); return length;`, `let length = 0; for (const [x] of inputs.tags.map((tag) => [tag])) length += x?.length ?? 0; return length;`],
  ["METHOD_NOT_ALLOWED", `return [...inputs.tags].sort();`, `return [...inputs.tags].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));`],
  ["ARGUMENTS_NOT_ALLOWED", `return inputs.tags.toSorted();`, `return inputs.tags.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));`],
  ["METHOD_NOT_ALLOWED", `return [inputs.owner.substring(1, 3), inputs.owner.substr(2), inputs.owner.substr(0, 2)];`, `return [inputs.owner.slice(1, 3), inputs.owner.slice(2), inputs.owner.slice(0, 2)];`],
  ["GLOBAL_NOT_ALLOWED", `const more = { b: inputs.flag, owner: "x" }; return [Object.assign({ a: 1 }, inputs, more), ["k"].map((k) => Object.assign({}, more))];`, `const more = { b: inputs.flag, owner: "x" }; return [{ a: 1, ...inputs, ...more }, ["k"].map((k) => ({ ...more }))];`],
  ["LOOP_NOT_ALLOWED", `const all = []; for (const key in inputs) { all.push(key); } return all;`, `const all = []; for (const key of Object.keys(inputs)) { all.push(key); } return all;`],
  ["SWITCH_NOT_ALLOWED", `switch (inputs.owner) { case "acme": return 1; case "": case "a": { const two = 2; return two; } default: return 3; }`, `if (inputs.owner === "acme") { return 1; } else if (inputs.owner === "" || inputs.owner === "a") { const two = 2; return two; } else { return 3; }`],
  ["SWITCH_NOT_ALLOWED", `let n = 0; for (const tag of inputs.tags) { switch (tag) { case "a": n += 1; break; case "b": continue; case "z": n += 5; } n += 10; } return n;`, `let n = 0; for (const tag of inputs.tags) { if (tag === "a") { n += 1; } else if (tag === "b") { continue; } else if (tag === "z") { n += 5; } n += 10; } return n;`],
  ["SWITCH_NOT_ALLOWED", `switch (inputs.count) {\n  case 0:\n    // nothing\n    return "none";\n  case 3:\n  default:\n    return "some";\n}`, `if (inputs.count === 0) {\n    // nothing\n    return "none";\n} else {\n    return "some";\n}`],
];
const PURE = BODIES.filter(([, before]) => !/: Promise|: number|: string|throw|replaceAll/.test(before));

/** Bodies that call tools, and whole modules. */
const PULL = `github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 })`;
const CALLS: readonly (readonly [DiagnosticCode, string, string])[] = [
  ["FLOATING_PROMISE", `github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 });`, `await github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 });`],
  ["PROMISE_AS_VALUE", `const pr = github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 }); return pr === null;`, `const pr = await github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 }); return pr === null;`],
  ["RETURN_WITHOUT_AWAIT", `const get = () => github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 }); try { return inputs.flag ? get() : null; } catch { return null; }`, `const get = () => github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 }); try { return inputs.flag ? await get() : null; } catch { return null; }`],
  ["RETURN_WITHOUT_AWAIT", `try { return github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 }); } catch { return null; }`, `try { return await github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 }); } catch { return null; }`],
  ["GLOBAL_NOT_ALLOWED", `console.log("x", 1); return Date.now();`, `log("x", 1); return now();`],
  ["PAGES_MAX", `return await github.list_commits.pages({ owner: "a", repo: "b" });`, `return await github.list_commits.pages({ owner: "a", repo: "b" }, { max: 20 });`],
  ["PAGES_MAX", `return await github.list_commits.pages({ owner: "a", repo: "b" }, { truncate: "allow" });`, `return await github.list_commits.pages({ owner: "a", repo: "b" }, { truncate: "allow", max: 20 });`],
  ["PAGES_UNREAD", `const all = await github.list_issues({ owner: "a", repo: "b" }); return all.length;`, `const all = await github.list_issues.pages({ owner: "a", repo: "b" }); return all.length;`],
  ["PAGES_UNREAD", `return (await jira.jira_search({ action: "issues", jql: "a" })).issues.map((x) => x.key);`, `return (await jira.jira_search.pages({ action: "issues", jql: "a" })).map((x) => x.key);`],
  ["QUERY_UNQUOTED", "return await jira.jira_search.pages({ action: \"issues\", jql: `labels = ${inputs.owner}` });", "return await jira.jira_search.pages({ action: \"issues\", jql: `labels = ${quote.jql(inputs.owner)}` });"],
  ["QUERY_UNQUOTED", "return await jira.jira_search.pages({ action: \"issues\", jql: `labels = \"${inputs.owner}\" AND a = '${inputs.repo}'` });", "return await jira.jira_search.pages({ action: \"issues\", jql: `labels = ${quote.jql(inputs.owner)} AND a = ${quote.jql(inputs.repo)}` });"],
  ["QUOTE_WRONG", "return await jira.jira_search.pages({ action: \"issues\", jql: `labels = ${quote.sql(inputs.owner)}` });", "return await jira.jira_search.pages({ action: \"issues\", jql: `labels = ${quote.jql(inputs.owner)}` });"],
  ["QUOTE_WRONG", "return await jira.jira_search.pages({ action: \"issues\", jql: `labels = \"${quote.jql(inputs.owner)}\"` });", "return await jira.jira_search.pages({ action: \"issues\", jql: `labels = ${quote.jql(inputs.owner)}` });"],
  ["GLOBAL_NOT_ALLOWED", `const [a, b] = await Promise.all([${PULL}, ${PULL}]); return [a.title, b.title];`, `const { a, b } = await parallel({ a: () => ${PULL}, b: () => ${PULL} }); return [a.title, b.title];`],
  ["NEW_NOT_ALLOWED", `log(new Date().toISOString()); return new Date().getTime();`, `log(iso(now())); return now();`],
  ["DURATION_INVALID", `await sleep("2 weeks"); await sleep("1h30m"); return ago("7 days");`, `await sleep("14d"); await sleep("90m"); return ago("7d");`],
  ["TYPE_NOT_ALLOWED", `const any: any = inputs; return [<string>any.owner, (<{ a: string }>any).a];`, `const any: any = inputs; return [(any.owner as string), (any as { a: string }).a];`],
  ["FUNCTION_NOT_ALLOWED", `await each([1], { key(x) { return String(x); } }, async (x) => x);`, `await each([1], { key: (x) => { return String(x); } }, async (x) => x);`],
];

const MODULES: readonly (readonly [DiagnosticCode | "TS2304", string, string])[] = [
  ["TS2304", `import { workflow } from "offstage"; export default workflow({ name: "w", on: [] }, async () => { try { return await each(range(2), { key: (n) => String(n) }, async (n) => n); } catch (error) { return (error as StepError).code; } });`, `import { workflow, each, range, type StepError } from "offstage";`],
  ["LIMITS_MISSING", `import { each, once, workflow } from "offstage"; import { github } from "#servers"; export default workflow({ name: "w", on: [] }, async () => { await each(["a"], { key: (x) => x }, (x) => once(x, () => ${WRITE})); });`, `export default workflow({ name: "w", on: [], limits: { writes: 50 } },`],
  ["LIMITS_MISSING", `import { each, once, workflow } from "offstage"; import { github } from "#servers"; export default workflow({\n  name: "w", on: [], limits: {\n    calls: 3,\n  },\n}, async () => { await each(["a"], { key: (x) => x }, (x) => once(x, () => ${WRITE})); });`, `limits: {\n    calls: 3,\n    writes: 50,\n  },`],
  ["TIMEZONE_INVALID", `import { cron, workflow } from "offstage"; export default workflow({ name: "w", on: [cron("0 2 * * *", {})] }, async () => 1);`, `cron("0 2 * * *", { timezone: "UTC" })`],
  ["TIMEZONE_INVALID", `import { cron, workflow } from "offstage"; export default workflow({ name: "w", on: [cron("0 2 * * *")] }, async () => 1);`, `cron("0 2 * * *", { timezone: "UTC" })`],
  ["TIMEZONE_INVALID", `import { cron, workflow } from "offstage"; export default workflow({ name: "w", on: [cron("0 2 * * *", { sweep: true })] }, async () => 1);`, `cron("0 2 * * *", { sweep: true, timezone: "UTC" })`],
  ["EVENT_HEADER", `import { webhook, workflow } from "offstage"; export default workflow({ name: "w", on: [webhook("x", (e) => e.headers["X-Id"] === "a")] }, async () => 1);`, `e.headers["x-id"]`],
  ["OPTION_MISSING", `import { workflow } from "offstage"; export default workflow({ name: "w" }, async () => 1);`, `workflow({ name: "w", on: [] }, async`],
  ["DURATION_INVALID", `import { every, workflow } from "offstage"; export default workflow({ name: "w", on: [every("10 minutes")] }, async () => 1);`, `every("10m")`],
  ["NEW_NOT_ALLOWED", `import { workflow } from "offstage"; export default workflow({ name: "w", on: [] }, async () => new Date().toISOString());`, `import { workflow, now, iso } from "offstage"; export default workflow({ name: "w", on: [] }, async () => iso(now()));`],
  ["EXPORT_NOT_ALLOWED", `import { workflow } from "offstage"; export const a = 1; export default workflow({ name: "w", on: [] }, async () => a);`, `"offstage"; const a = 1;`],
  ["TOP_LEVEL_NOT_ALLOWED", `import { workflow } from "offstage"; let a = 1; export default workflow({ name: "w", on: [] }, async () => a);`, `"offstage"; const a = 1;`],
  ["GLOBAL_NOT_ALLOWED", `import { workflow } from "offstage"; export default workflow({ name: "w", on: [] }, async () => Date.now());`, `import { workflow, now } from "offstage"; export default workflow({ name: "w", on: [] }, async () => now());`],
  ["LOOP_NOT_ALLOWED", `import { workflow } from "offstage"; export default workflow({ name: "w", on: [] }, async () => { let n = 0; for (let i = 0; i < 3; i++) n += i; return n; });`, `import { workflow, range } from "offstage";`],
];

describe("a fix takes its fault away and brings no error", () => {
  test.each([...BODIES, ...CALLS])("%s: %s", (code, before, after) => {
    const source = moduleOf(before);
    const { diagnostics } = compile(source);
    const [first] = diagnostics.filter((one) => one.code === code);
    expect(first?.fix?.title).toMatch(/\S/);
    const errors = (text: string): readonly string[] => compile(text).diagnostics.filter(({ severity }) => severity === "error").map((one) => one.code);
    const once = applyEdits(source, first?.fix?.edits ?? []);
    expect(compile(once).diagnostics.filter((one) => one.code === code).length).toBeLessThan(diagnostics.filter((one) => one.code === code).length);
    expect(errors(once).length).toBeLessThanOrEqual(errors(source).length);
    const mended = mend(source, (text) => compile(text).diagnostics);
    expect(lineOf(mended.source)).toBe(after);
    expect(mended.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test.each(MODULES)("%s in a module: %s", (code, before, after) => {
    expect(compile(before).diagnostics.map((one) => one.code)).toContain(code);
    const mended = mend(before, (text) => compile(text).diagnostics);
    expect(mended.source).toContain(after);
    expect(mended.diagnostics).toEqual([]);
    expect(mended.applied.map((one) => one.code)).toContain(code);
  });

  const WORLDS = [
    { owner: "acme", repo: "api", count: 3, flag: true, tags: ["c", "a"] },
    { owner: "", repo: "x", count: 0, flag: false, tags: [] },
    { owner: "aAb", repo: "", count: 2, flag: true, tags: ["a"] },
    { owner: "a", repo: "", count: -1, flag: false, tags: ["", "z", "b"] },
  ];
  test.each(PURE)("%s means what it meant in JavaScript: %s", (_code, before, after) => {
    const run = (body: string, inputs: object): string => JSON.stringify(runInNewContext(`(() => { ${body} })()`, { inputs: structuredClone(inputs), range: (n: number) => Array.from({ length: n }, (_, i) => i) }));
    // What was written as `undefined` is written as nothing: that is what this one is for.
    const old = before.replace("${n}", "${n ?? \"\"}");
    for (const inputs of WORLDS) expect(run(after, inputs)).toEqual(run(old, inputs));
  });
});

describe("no fix where it would change what the module means", () => {
  test.each([
    ["LOOSE_EQUALITY", `const a = inputs.flag ? "x" : null; const b = inputs.tags[0]; return a == b;`],
    ["OPERATOR_NOT_ALLOWED", `let n = 1; const m = n++; return [n, m];`],
    ["VAR_NOT_ALLOWED", `if (inputs.flag) { var a = 1; } return a;`],
    ["LOOP_NOT_ALLOWED", `let n = 3; for (let i = 0; i < n; i++) { n -= 1; } return n;`],
    ["LOOP_NOT_ALLOWED", `for (let i = 0; i < 3; i++) { i += 1; }`],
    ["LOOP_NOT_ALLOWED", `const all = [1]; for (let i = 0; i < all.length; i++) { if (i < 3) all.push(i); } return all;`],
    ["LOOP_NOT_ALLOWED", `for (let i = 1; i < 3; i++) { log(i); }`],
    ["LOOP_NOT_ALLOWED", `for (let i = 0; i < inputs.count; i++) { log(i); }`],
    ["FUNCTION_NOT_ALLOWED", `const n = twice(2); function twice(x: number) { return x * 2; } return n;`],
    ["FUNCTION_NOT_ALLOWED", `return [1].map(function (x) { return arguments.length + x; });`],
    ["METHOD_NOT_ALLOWED", `const own = [2, 1]; const sorted = own.sort((a, b) => a - b); return [own, sorted];`],
    ["CONDITION_NOT_BOOLEAN", `if (inputs.count) return 1; return 2;`],
    ["CONDITION_NOT_BOOLEAN", `return inputs.tags.length || 1;`],
    ["CONDITION_NOT_BOOLEAN", `const n = inputs.tags.length && inputs.count; return n;`],
    ["MIXED_OPERANDS", `const String = (n: number) => n < 0 ? "less" : "more"; return inputs.owner + inputs.count + String(1);`],
    ["THROW_NOT_FAIL", `const fail = (text: string) => text; if (inputs.flag) throw new Error(fail("x")); return 1;`],
    ["LOOP_NOT_ALLOWED", `const range = 3; for (let i = 0; i < 3; i++) { log(i + range); }`],
    ["LOOP_NOT_ALLOWED", `for (var i = 0; i < 3; i++) { log(i); } return i;`],
    ["FUNCTION_NOT_ALLOWED", `const f: any = null; const g = f ?? function (x: number) { return x; }; return g;`],
    ["FUNCTION_NOT_ALLOWED", `function f(this: any, x: number) { return x; } return f(1);`],
    ["PROMISE_AS_VALUE", `return await github.list_commits({ owner: "a", repo: "b" }).catch(() => []);`],
    ["METHOD_NOT_ALLOWED", `const all = [1]; all.forEach((n) => { if (n < 3) all.push(n + 1); }); return all;`],
    ["METHOD_NOT_ALLOWED", `const all: string[] = []; inputs.tags.forEach((tag) => { if (tag === "a") return; all.push(tag); }); return all;`],
    ["METHOD_NOT_ALLOWED", `inputs.tags.forEach((tag, index) => log(tag, index));`],
    ["METHOD_NOT_ALLOWED", `const x = ["a"]; x.forEach((x) => { log(x); });`],
    ["METHOD_NOT_ALLOWED", `return [3, 10].sort();`],
    ["METHOD_NOT_ALLOWED", `return inputs.owner.substring(3, 1);`],
    ["METHOD_NOT_ALLOWED", `return inputs.owner.substr(2, 1);`],
    ["GLOBAL_NOT_ALLOWED", `const o = { a: 1 }; Object.assign(o, { a: 2 }); return o;`],
    ["GLOBAL_NOT_ALLOWED", `return await Promise.all(inputs.tags.map((tag) => github.get_pull_request({ owner: tag, repo: "b", pull_number: 1 })));`],
    ["GLOBAL_NOT_ALLOWED", `const [a, ...more] = await Promise.all([${PULL}, ${PULL}]); return [a, more];`],
    ["NEW_NOT_ALLOWED", `return new Date("2026-01-01").toISOString();`],
    ["LOOP_NOT_ALLOWED", `for (const i in inputs.tags) log(i);`],
    ["LOOP_NOT_ALLOWED", `const Object = { keys: (of: {}) => [of] }; for (const i in inputs) log(i, Object.keys({}));`],
    ["SWITCH_NOT_ALLOWED", `let n = 0; switch (inputs.owner) { case "a": n += 1; case "b": n += 2; break; } return n;`],
    ["SWITCH_NOT_ALLOWED", `switch (inputs.owner) { default: log(1); break; case "a": return 1; } return 2;`],
    ["SWITCH_NOT_ALLOWED", `switch (inputs.owner) { case "a": if (inputs.flag) break; log(1); break; } return 2;`],
    ["SWITCH_NOT_ALLOWED", `switch (inputs.owner) { case "a": let n = 1; log(n); break; case "b": n = 2; log(n); break; } return 2;`],
    ["SWITCH_NOT_ALLOWED", `switch (inputs.owner.trim()) { case "a": return 1; } return 2;`],
    ["DURATION_INVALID", `return ago("ten minutes");`],
    ["DURATION_INVALID", `return ago("1 month");`],
    ["TS2304", `return nothing;`],
    ["FLOATING_PROMISE", `const f = () => { github.list_commits({ owner: "a", repo: "b" }); }; f();`],
    ["QUERY_UNQUOTED", "return (await github.search_issues({ q: `author:${inputs.owner}` })).length === 0;"],
  ])("%s: %s", (code, body) => {
    const found = compile(moduleOf(body)).diagnostics.find((one) => one.code === code);
    expect(found).toMatchObject({ code });
    expect(found?.fix).toBeUndefined();
  });
});

test("fixes that touch each other are made one after another, and those that undo each other end", () => {
  const flip = (text: string) => [{ code: "A", severity: "error" as const, file: "w.ts", line: 1, column: 1, message: "x", fix: { title: "flip", edits: [{ start: 0, end: 1, text: text.startsWith("a") ? "b" : "a" }] } }];
  expect(mend("a", flip)).toMatchObject({ source: "b", applied: [{ code: "A" }] });
  const both = mend(moduleOf(`var i = 0; i++; i++; return i == 2;`), (text) => compile(text).diagnostics);
  expect(lineOf(both.source)).toBe(`let i = 0; i += 1; i += 1; return i === 2;`);
  expect(both.diagnostics).toEqual([]);
});
