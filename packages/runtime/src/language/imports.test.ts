import { describe, expect, test } from "vitest";
import { compileText } from "./compile.suite.ts";

const WRITE = `jira.jira_issues({ action: "create", projectKey: "P" })`;

function module(name: string, body: string, { imports = "", on = "[]", top = "" } = {}): string {
  return `import { workflow, call, once, each, state, parallel, every, record } from "offstage"; import { github, jira } from "#servers";\n${imports}\n${top} export default workflow({ name: "${name}", on: ${on}, inputs: { n: 1 }, limits: { writes: 5 } }, async ({ inputs }) => {\n${body}\n});`;
}

const IMPORT = `import other from "./other.ts";`;

function codes(body: string, other: string | null, more: { readonly on?: string; readonly modules?: { readonly [name: string]: string }; readonly top?: string; readonly imports?: string } = {}): readonly string[] {
  const modules: { readonly [name: string]: string | undefined } = { ...(other === null ? {} : { other }), ...more.modules };
  return compileText(module("w", body, { imports: IMPORT, ...more }), { module: (name) => modules[name] ?? null }).diagnostics.map(({ code, line }) => `${code} ${line}`);
}

describe("an import of another workflow", () => {
  test("knows the types of its inputs and of what it returns", () => {
    const other = module("other", `return { text: "x", n: inputs.n };`);
    expect(codes(`const r = await call(other, { n: 2 }); return r.text.toUpperCase() + String(r.n);`, other)).toEqual([]);
    expect(codes(`const r = await call(other, {}); return r.text * 2;`, other)).toEqual(["TS2362 4"]);
    expect(codes(`return await call(other, { n: "2" });`, other)).toEqual(["TS2322 4"]);
    expect(codes(`return await call(other, { m: 2 });`, other)).toEqual(["TS2353 4"]);
  });

  test("knows which inputs it has to be given", () => {
    const other = `import { workflow, input } from "offstage"; export default workflow({ name: "other", on: [], inputs: { n: 1, key: input({ schema: { type: "string" } }), labels: input({ schema: { type: "array", items: { enum: ["bug", "idea"] } }, default: [] }) } }, async ({ inputs }) => inputs.labels.at(0) ?? inputs.key.toUpperCase());`;
    expect(codes(`return (await call(other, { key: "a" })).length + (await call(other, { key: "a", labels: ["bug"], n: 2 })).length;`, other)).toEqual([]);
    expect(codes(`return await call(other, {});`, other)).toEqual(["TS2345 4"]);
    expect(codes(`return await call(other, { key: 1 });`, other)).toEqual(["TS2322 4"]);
    expect(codes(`return await call(other, { key: "a", labels: ["joke"] });`, other)).toEqual(["TS2322 4"]);
  });

  test("may be started, as an effect with an identity of its own", () => {
    const other = module("other", `return { text: "x" };`);
    const imports = `${IMPORT} import { start } from "offstage";`;
    const started = (body: string, more: Parameters<typeof codes>[2] = {}) => codes(body, other, { imports, ...more });
    expect(started(`const r = await start(other, "k", { n: 2 }); return r.run.length;`, { on: `[every("1h")]` })).toEqual([]);
    expect(started(`return await start(other, "k", { n: "2" });`)).toEqual(["TS2322 4"]);
    expect(started(`return await start({ name: "other" }, "k", {});`)).toEqual(["NOT_STATIC 4"]);
    expect(started(`await start(other, "k", {}); await start(other, "k", {});`)).toEqual(["NAME_DUPLICATE 4"]);
    expect(started(`for (const x of ["a"]) await start(other, x, {});`)).toEqual(["EACH_REQUIRED 4"]);
    expect(started(`await each([1, 2], { key: (x) => String(x) }, () => start(other, "k", {}));`)).toEqual(["ONCE_KEY_CONSTANT 4"]);
    expect(started(`await once("k", async () => { await start(other, "k", {}); return ${WRITE}; });`)).toEqual(["ONE_WRITE 4"]);
    expect(started(`await once("k", () => ${WRITE}, { confirm: async () => { await start(other, "k", {}); return null; } });`)).toEqual(["WRITE_IN_READ 4"]);
    expect(started(`const made = await start(other, "k", {}); await start(other, made.run, {});`)).toEqual(["IDENTITY_UNKNOWN 4"]);
    expect(started(`start(other, "k", {});`)).toEqual(["FLOATING_PROMISE 4"]);
  });

  test("that is started is carried whole, and its tools are no tools of the one that starts it", () => {
    const other = module("other", `await once("k", () => ${WRITE});`);
    const { program } = compileText(module("w", `await start(other, "k", {});`, { imports: `${IMPORT} import { start } from "offstage";` }), { module: () => other });
    expect(program?.starts?.map(({ name, tools }) => [name, tools])).toEqual([["other", [{ server: "jira", tool: "jira_issues" }]]]);
    expect([program?.tools, program?.calls]).toEqual([[], undefined]);
  });

  test("is refused where there is none, where it does not check, and where it is called otherwise than its file", () => {
    const body = `return await call(other, {});`;
    expect(codes(body, null)).toEqual(["IMPORT_NOT_FOUND 2"]);
    expect(codes(body, module("other", `return Math.random();`))).toEqual(["IMPORT_FAULTY 2"]);
    expect(codes(body, `this is no TypeScript`)).toEqual(["IMPORT_FAULTY 2"]);
    expect(codes(body, module("another", `return 1;`))).toEqual(["IMPORT_FAULTY 2"]);
  });

  test("in a circle is refused, wherever the circle is looked at from", () => {
    const other = module("other", `return await call(third, {});`, { imports: `import third from "./third.ts";` });
    const back = (name: string) => module("third", `return await call(back, {});`, { imports: `import back from "./${name}.ts";` });
    expect(codes(`return await call(other, {});`, other, { modules: { third: back("w") } })).toEqual(["WORKFLOW_CYCLE 2"]);
    expect(codes(`return await call(other, {});`, module("other", `return await call(w, {});`, { imports: `import w from "./w.ts";` }))).toEqual(["WORKFLOW_CYCLE 2"]);
    // Not in the circle itself: what it calls does not check, and says why.
    expect(codes(`return await call(other, {});`, other, { modules: { third: back("other") } })).toEqual(["IMPORT_FAULTY 2"]);
    const modules: { readonly [name: string]: string } = { other, third: back("w") };
    const { diagnostics } = compileText(module("w", `return await call(other, {});`, { imports: IMPORT }), { module: (name) => modules[name] ?? null });
    expect(diagnostics.map(({ message }) => message)).toEqual(["These workflows call each other in a circle: w → other → third → w."]);
    const own = compileText(module("w", `return await call(w, {});`, { imports: `import w from "./w.ts";` }), { module: () => null }).diagnostics;
    expect(own.map(({ code, message }) => [code, message])).toEqual([["WORKFLOW_CYCLE", "These workflows call each other in a circle: w → w."]]);
  });

  test("has no attributes, which only Node would look at", () => {
    const imports = `import other from "./other.ts" with { type: "json" };`;
    expect(codes(`return await call(other, {});`, module("other", `return 1;`), { imports })).toContain("IMPORT_NOT_ALLOWED 2");
  });

  test("is no value, and cannot be chosen while running", () => {
    const other = module("other", `return 1;`);
    expect(codes(`const o = other; return 1;`, other)).toEqual(["VOCABULARY_AS_VALUE 4"]);
    expect(codes(`return await call(inputs.n > 1 ? other : other, {});`, other)).toEqual(["NOT_STATIC 4"]);
  });
});

describe("what is said of a workflow's writes is said of the calls of it", () => {
  const bare = module("other", `await ${WRITE};`);
  const named = module("other", `const create = () => ${WRITE}; await once("k", create); await once.perRun(() => ${WRITE});`);
  const state = module("other", `await cursor.set(1); return 1;`, { top: `const cursor = state("cursor", 0);` });
  const reads = module("other", `return await github.list_issues({ owner: "a", repo: "b" });`);

  test.each([
    ["a write without identity, which a trigger would repeat", `await call(other, {});`, bare, ["WRITE_WITHOUT_IDENTITY 4"], `[every("1h")]`],
    ["writes with identity", `await call(other, {});`, named, [], `[every("1h")]`],
    ["writes in for…of", `for (const x of [1, 2]) await call(other, { n: x });`, named, ["EACH_REQUIRED 4"], "[]"],
    ["reads in for…of", `for (const x of [1, 2]) await call(other, { n: x });`, reads, [], "[]"],
    ["another write inside a once", `await once("k", async () => { await call(other, {}); return ${WRITE}; });`, named, ["ONE_WRITE 4"], "[]"],
    ["a state side by side", `await parallel({ a: () => call(other, {}) });`, state, ["STATE_IN_PARALLEL 4"], "[]"],
    ["a state in items side by side", `await each([1], { key: (x) => String(x), parallel: 2 }, (x) => call(other, { n: x }));`, state, ["STATE_IN_PARALLEL 4"], "[]"],
  ])("%s", (_, body, other, expected, on) => {
    expect(codes(body, other, { on })).toEqual(expected);
  });

  test("and none of them may stand where only reads are allowed", () => {
    const top = `const r = record("r", { identity: (x: string) => x, find: async () => { await call(other, {}); return [{ id: 1 }]; }, create: () => ${WRITE}, keep: (t) => t });`;
    expect(codes(`await r.ensure("a");`, reads, { top })).toContain("WRITE_IN_READ 3");
  });
});
