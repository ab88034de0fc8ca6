import { expect, test } from "vitest";
import { bare, bodyOf, compileText, moduleOf, programOf, valueOf } from "./compile.suite.ts";

/** What the portable subset allows (LANGUAGE.md §2); each must check as it stands. */
const ACCEPTED: Readonly<Record<string, string>> = {
  "constants and lets": `const a = 1; let b: number; b = a + 1; b += 2; b -= 1; b *= 2; b /= 2; b %= 3; let c: string | null = null; c ??= "x"; return [b, c];`,
  "logical assignment": `let a: string | undefined = inputs.owner; a ||= "x"; a &&= "y"; return a;`,
  "if and else if": `if (inputs.flag) return 1; else if (inputs.owner === "x") { return 2; } else return 3;`,
  "for of with break and continue": `let n = 0; for (const x of [1, 2]) { if (x > 1) break; if (x < 1) continue; n += x; } return n;`,
  "for of with a pattern": `const out: string[] = []; for (const [k, { a = 1 }] of Object.entries({ x: { a: 2 } })) out.push(k + String(a)); return out;`,
  "try and catch": `try { await github.list_issues({ owner: "a", repo: "b" }); } catch (error) { log((error as StepError).message); throw error; } return 1;`,
  "catch without a parameter": `try { return await github.list_issues({ owner: "a", repo: "b" }); } catch { return []; }`,
  "throw fail": `if (!inputs.flag) throw fail("no"); return 1;`,
  "?? fail": `return [1].find((x) => x > 1) ?? fail("none");`,
  blocks: `{ const a = 1; log(a); } { const a = 2; log(a); }`,
  templates: "const n = 3; return `${n} ${inputs.owner} ${inputs.flag}`;",
  "spread, rest and destructuring with defaults": `const { a, ...rest } = { a: 1, b: 2, c: 3 }; const [x, , y = 5, ...zs] = [1, 2, 3, 4]; return { ...rest, list: [...zs, a, x, y] };`,
  "conditional and optional chains": `const m = "a-b".match(/(a)-(b)/); return m?.[1]?.toUpperCase().length ?? (inputs.flag ? 1 : 2);`,
  "type-only things": `type A = { a: number }; interface B { b: string } const v = { a: 1 } as A; const w = { b: "x" } satisfies B; return v!.a + w.b.length;`,
  comparisons: `const t = now(); return [t < ago("7d"), "a" <= "b", inputs.count !== 2, t - time("2020-01-01T00:00:00Z") > duration("90m"), iso(t), iso(run.startedAt)];`,
  strings: `const s = inputs.owner; return [s.at(0), s.slice(1), s.split(","), s.includes("a"), s.startsWith("a"), s.endsWith("a"), s.indexOf("a"), s.trim(), s.trimStart(), s.trimEnd(), s.toUpperCase(), s.toLowerCase(), s.replace("a", "b"), s.replaceAll(/a/g, "b"), s.match(/a/), [...s.matchAll(/(?<x>a)/g)].map((m) => m.groups?.["x"] ?? ""), s.padStart(3, "0"), s.padEnd(3), s.repeat(2), s.length];`,
  arrays: `const a = [3, 1, 2]; return [a.map((x) => x + 1), a.filter((x) => x > 1), a.find((x) => x > 1), a.findLast((x) => x > 1), a.findIndex((x) => x > 1), a.some((x) => x > 1), a.every((x) => x > 1), a.flatMap((x) => [x, x]), [[1]].flat(), a.reduce((x, y) => x + y, 0), a.includes(1), a.indexOf(1), a.join(), a.slice(1), a.concat([4]), a.at(-1), a.toSorted((x, y) => x - y), a.toReversed(), a.length, a[0]];`,
  "maps and sets": `const m = new Map([["a", 1]]); m.set("b", 2); m.delete("a"); const s = new Set([1]); s.add(2); for (const [k, v] of m) log(k, v); for (const k of m.keys()) log(k); return [m.get("a") ?? 0, m.has("a"), m.size, [...m.values()], [...m.entries()], [...m], Array.from(s), s.has(1), s.size, Object.fromEntries(m)];`,
  "global functions": `return [Map.groupBy([1, 2], (x) => x % 2).size, Array.isArray([]), Object.keys({ a: 1 }), Object.values({ a: 1 }), Object.entries({ a: 1 }), JSON.parse("1"), JSON.stringify({ a: 1 }, null, 2), Math.min(1, 2), Math.max(...[1, 2]), Math.floor(1.5), Math.ceil(1.5), Math.round(1.5), Math.abs(-1), String(1), Number("1"), encodeURIComponent("a b"), [1, 2].map(String)];`,
  vocabulary: `return [capture("a1", /a(\\d)/), captures("a1", /(?<x>a)/g), lines("a\\nb"), parseCsv("a\\n1"), chunk([1], 2), range(3), groupBy([1], (x) => String(x)).size, quote.jql("a"), quote.markdown("a"), quote.slack("a"), quote.html("a"), quote.url("a"), quote.graphql("a"), quote.sql("a"), hash({ a: 1 })];`,
  "helpers in helpers": `const double = (x: number) => x * 2; const quad = (x: number) => double(double(x)); return [1].map(quad);`,
  "helpers that take functions": `const twice = (f: (x: number) => number, x: number) => f(f(x)); return twice((x) => x + 1, 1);`,
  "parameters with defaults, patterns and rest": `const f = ({ a, b = 2 }: { a: number; b?: number }, c = a, ...rest: number[]) => a + b + c + rest.length; return f({ a: 1 }, 1, ...[2, 3]);`,
  "an async helper": `const get = async (n: number) => { const pr = await github.get_pull_request({ owner: "a", repo: "b", pull_number: n }); return pr.title; }; return await get(1);`,
  "a helper that returns a call": `const get = (n: number) => github.get_pull_request({ owner: "a", repo: "b", pull_number: n }); return (await get(1)).title;`,
  "a filter that asks for the time": `const all = await github.list_pull_requests.pages({ owner: "a", repo: "b" }, { max: 3, until: (pr) => pr.number < 5, truncate: "allow" }); return all.filter((pr) => time(pr.updated_at) < ago("7d")).length;`,
  "each that stops and each that goes on": `const a = await each([1, 2], { key: (x) => String(x) }, async (x) => x + 1); const b = await each([1], { key: (x) => String(x), parallel: 2, onError: "continue" }, async (x) => x); return [a[0], b[0] ?? 0];`,
  "once in its three forms": `await once("k", () => github.add_issue_comment({ owner: "a", repo: "b", issue_number: 1, body: "x" })); await once(\`k-\${run.id}\`, async () => { const pr = await github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 }); return github.add_issue_comment({ owner: "a", repo: "b", issue_number: pr.number, body: "x" }); }, { for: "7d", confirm: async () => null }); await once.perRun(() => github.add_issue_comment({ owner: "a", repo: "b", issue_number: 1, body: "x" }));`,
  "a conditional call in return position": `const either = async (yes: boolean) => yes ? github.list_issues({ owner: "a", repo: "b" }) : []; return (await either(true)).length;`,
  "tools and properties by a literal key": `const r = await github["fork-repository"]({ owner: "a", repo: "b" }); return event === null ? r["x-y"] : r.z;`,
};

test.each(Object.entries(ACCEPTED))("%s", (_name, body) => {
  const { program, diagnostics } = compileText(moduleOf(body));
  expect(diagnostics).toEqual([]);
  expect(program).not.toBeNull();
});

test("operators know their operands", () => {
  expect(valueOf("a + 1", "const a = inputs.count;")).toMatchObject({ kind: "binary", operator: "+", on: "number" });
  expect(valueOf("a + b", `const a = inputs.owner; const b = "x";`)).toMatchObject({ on: "string" });
  expect(valueOf("JSON.parse(\"1\") + JSON.parse(\"2\")")).toMatchObject({ on: "any" });
});

test("receivers are told by their static type", () => {
  expect(valueOf(`inputs.owner.length`)).toMatchObject({ kind: "get", on: "string", name: "length", value: { kind: "get", on: "object", name: "owner" } });
  expect(valueOf(`inputs.tags.map((tag) => tag)`)).toMatchObject({ kind: "method", on: "array" });
  expect(valueOf(`JSON.parse("1").a`)).toMatchObject({ kind: "get", on: "any" });
});

test("an optional chain ends where it ends in ECMAScript", () => {
  const chain = bare(valueOf(`m?.at(0)?.length`, `const m = "a".match(/a/);`));
  expect(chain).toEqual({
    kind: "chain",
    value: { kind: "get", on: "string", name: "length", optional: true, value: { kind: "method", on: "array", name: "at", optional: true, args: [{ kind: "const", value: 0 }], value: { kind: "local", up: 0, slot: 3 } } },
  });
  expect(bare(valueOf(`(m?.at(0))!.length`, `const m = "a".match(/a/);`))).toMatchObject({ kind: "get", value: { kind: "chain" } });
});

test("a function and the body of a for…of are a frame each", () => {
  const [, loop] = bodyOf("let n = 0; for (const x of [1]) { const y = x; [2].map((z) => n + y + z); n += y; } return n;");
  expect(loop).toMatchObject({ kind: "for-of", slots: 2, loop: "for#1", pattern: { kind: "bind", slot: 0 }, assigns: [{ up: 0, slot: 3 }] });
  const inner = JSON.stringify(bare(loop));
  expect(inner).toContain(`{"kind":"local","up":2,"slot":3}`); // n, from the callback in the loop
  expect(inner).toContain(`{"kind":"local","up":1,"slot":1}`); // y, from the callback
  expect(inner).toContain(`{"kind":"local","up":0,"slot":0}`); // z
});

test("assigns lists the locals from outside that a statement assigns or changes in place", () => {
  const [, , statement] = bodyOf("let a = 0; const list: number[] = []; if (inputs.flag) { let own = 1; own = 2; a = own; list.push(own); } return [a, list];");
  expect(statement).toMatchObject({ kind: "if", assigns: [{ up: 0, slot: 3 }, { up: 0, slot: 4 }] });
  const [, attempt] = bodyOf("let a = 0; try { a = 1; } catch { a = 2; } return a;");
  expect(attempt).toMatchObject({ kind: "try", assigns: [{ up: 0, slot: 3 }] });
});

test("call sites count in source order, for each callee on its own", () => {
  const text = JSON.stringify(programOf(`await github.list_issues({ owner: "a", repo: "b" }); await github.list_pull_requests.pages({ owner: "a", repo: "b" }); await github.list_issues({ owner: "c", repo: "b" }); return now();`).body);
  expect([...text.matchAll(/"site":"([^"]+)"/g)].map((match) => match[1])).toEqual(["github.list_issues#1", "github.list_pull_requests.pages#1", "github.list_issues#2", "now#1"]);
});

test("a helper takes steps when a helper that it calls does, and its calls have a call site then", () => {
  const { globals, body } = programOf("return [await outer(), pure(1)];", `const outer = () => inner(); const inner = async () => (await github.list_issues({ owner: "a", repo: "b" })).length; const pure = (x: number) => x;`);
  expect(globals.map(({ value }) => value.kind === "function" && value.fn.steps)).toEqual([true, true, false]);
  expect(JSON.stringify(body)).toContain(`"callSite":"outer#1"`);
  expect(JSON.stringify(body)).not.toContain("pure#1");
});

test("asking for the time is a step that never pauses", () => {
  const { globals, body } = programOf("return fresh(1);", `const fresh = (x: number) => x > now();`);
  expect(globals[0]).toMatchObject({ value: { fn: { steps: false } } });
  expect(JSON.stringify(body)).toContain(`"callSite":"fresh#1"`);
});

test("ago is the time now less the duration", () => {
  expect(bare(valueOf(`ago("7d")`))).toEqual({ kind: "binary", operator: "-", on: "number", left: { kind: "now", site: "ago#1" }, right: { kind: "builtin", name: "duration", args: [{ kind: "const", value: "7d" }] } });
});

test("a once with a window has it in milliseconds", () => {
  const [statement] = bodyOf(`await once("k", () => jira.jira_issues({ action: "create" }), { for: "7d" });`);
  expect(statement).toMatchObject({ value: { kind: "once", key: { kind: "const", value: "k" }, window: { kind: "const", value: 604_800_000 }, fn: { steps: true } } });
});

test("the name of a helper becomes an arrow where the Program wants one in place", () => {
  const [statement] = bodyOf(`await once("k", write);`, `const write = () => jira.jira_issues({ action: "create" });`);
  expect(bare(statement)).toMatchObject({
    value: { fn: { rest: { pattern: { kind: "bind", slot: 0 } }, slots: 1, steps: true, body: [{ kind: "return", value: { kind: "call", callee: { kind: "global", index: 0 }, args: [{ spread: { kind: "local", up: 0, slot: 0 } }], callSite: "write#1" } }] } },
  });
});

test("top-level patterns become constants of their own", () => {
  const { globals, debug } = programOf("return a + b + rest.length;", "const { a, b: [b = 1], ...others } = { a: 1, b: [2], c: 3 }; const rest = Object.keys(others);");
  expect(debug.globals).toEqual(["", "a", "b", "others", "rest"]);
  expect(bare(globals[2])).toMatchObject({ value: { kind: "call", callee: { kind: "function" }, args: [{ kind: "global", index: 0 }] } });
});

test("states are read and set at their site, by key too", () => {
  const program = programOf(`const before = await cursor.get(); await cursor.of(inputs.owner).set(before + 1);`, `const cursor = state("cursor", 0);`);
  expect(program.states).toEqual([{ name: "cursor", initial: 0 }]);
  expect(bare(program.body.body)).toMatchObject([
    { value: { kind: "state", site: "cursor.get#1", state: 0, operation: "get" } },
    { value: { kind: "state", site: "cursor.set#1", state: 0, operation: "set", key: { kind: "get", name: "owner" }, value: { kind: "binary" } } },
  ]);
});

test("a workflow says its name, triggers, inputs, limits and the tools that its text names", () => {
  const source = `import { workflow, every, cron, webhook, queue, resource } from "offstage"; import { github as gh, jira } from "#servers";
const ten = "10m";
export default workflow({ name: "w-1", was: "old", description: "d", on: [
  every(ten), cron("0 2 * * 1-5", { timezone: "Europe/Berlin", sweep: true, overlap: "skip", missed: "once", jitter: "5m" }), webhook("gh", (e) => e.headers["x"] === "y"),
  queue("jobs", { key: (e) => String(e.body.id), overlap: "replace" }), resource(gh, "repo://x"),
], inputs: { a: "b", list: [1], deep: { at: "x" } }, limits: { writes: 1, calls: 2, duration: "1h" } }, async () => {
  await gh.list_issues({ owner: "a", repo: "b" }); await gh.get_issue({ owner: "a", repo: "b", issue_number: 1 }); await jira.jira_search.pages({ action: "issues", jql: "a" });
});`;
  const { program, diagnostics } = compileText(source);
  expect(diagnostics).toEqual([]);
  expect(program).toMatchObject({
    kind: "workflow", name: "w-1", was: "old", description: "d", inputs: { a: "b", list: [1], deep: { at: "x" } }, limits: { writes: 1, calls: 2, durationMs: 3_600_000 },
    tools: [{ server: "github", tool: "get_issue" }, { server: "github", tool: "list_issues" }, { server: "jira", tool: "jira_search" }],
    triggers: [
      { kind: "every", intervalMs: 600_000, overlap: "queue", sweep: false },
      { kind: "cron", expression: "0 2 * * 1-5", timezone: "Europe/Berlin", overlap: "skip", sweep: true, missed: "once", jitterMs: 300_000 },
      { kind: "webhook", source: "gh", when: { steps: false }, overlap: "queue", sweep: false },
      { kind: "queue", name: "jobs", key: { steps: false }, overlap: "replace", sweep: false },
      { kind: "resource", server: "github", uri: "repo://x", overlap: "queue", sweep: false },
    ],
  });
});

test("a server whose name is no identifier is known by its own name", () => {
  const source = `import { workflow } from "offstage"; import { github } from "#servers"; export default workflow({ name: "w", on: [] }, async () => { await github.list_issues({ owner: "a", repo: "b" }); });`;
  expect(compileText(source, { identifiers: new Map([["git-hub", "github"]]) }).program?.tools).toEqual([{ server: "git-hub", tool: "list_issues" }]);
});

test("names of locals are outside the program, in debug, by the offset of their function", () => {
  const { body, debug } = programOf("const a = 1; for (const b of [a]) { const c = b; log(c); }");
  expect(debug.names[String(body.at)]).toEqual(["inputs", "event", "run", "a"]);
  const loop = body.body.find((statement) => statement.kind === "for-of");
  expect(debug.names[String(loop?.at)]).toEqual(["b", "c"]);
});
