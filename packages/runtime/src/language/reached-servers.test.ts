import { expect, test } from "vitest";
import { compileText, compiler, moduleOf, serverTypes } from "./compile.suite.ts";
import { createReachedServers } from "./reached-servers.ts";

const server = (name: string): string => `/** ${name} */\nexport declare const ${name}: ${name}.Server;\nexport declare namespace ${name} {\n  interface Item {\n    readonly id: string;\n  }\n  interface Server extends ServerBase {\n    get: Tool<{}, Item>;\n  }\n}\n`;
const HEAD = 'import type { ServerBase, Tool } from "offstage";\n';
const THREE = [HEAD, server("one"), server("two"), server("three")].join("\n");

const check = (source: string, module: string | null = null) =>
  compiler.compileWorkflow({ file: "w.ts", source, serverTypes: THREE, mayWrite: () => false, module: () => module }).diagnostics.map(({ code, message }) => `${code} ${message}`);
const workflowOf = (imports: string, body: string): string => `import { call, workflow } from "offstage";\n${imports}\nexport default workflow({ name: "w", on: [] }, async () => ${body});\n`;

test("of the servers that no text names only the name is left", () => {
  const reach = createReachedServers(THREE);
  expect(reach(["await two.get({})"])).toBe([HEAD, "/** one */\nexport declare const one: unknown;\n", server("two"), "/** three */\nexport declare const three: unknown;\n"].join("\n"));
  expect(reach(["one three", "two"])).toBe(THREE);
  expect(reach(["\\u0074wo"])).toBe(THREE);
});

test("types that are made in another way stay whole", () => {
  const whole = "export declare const world: { get(): Promise<number> };\nexport declare namespace other {\n}\n";
  expect(createReachedServers(whole)([""])).toBe(whole);
  expect(createReachedServers("")([""])).toBe("");
});

test("what is named has its types, also by another workflow, under another name, or escaped", () => {
  expect(check(workflowOf('import { two as second } from "#servers";', "(await second.get({})).id.length"))).toEqual([]);
  expect(check(workflowOf('import { two as second } from "#servers";', "(await second.get({})).name"))).toEqual(["TS2339 Property 'name' does not exist on type 'Item'."]);
  expect(check(workflowOf('import { \\u0074wo } from "#servers";', "(await two.get({})).name"))[0]).toContain("TS2339");
  const other = 'import { workflow } from "offstage";\nimport { three } from "#servers";\nexport default workflow({ name: "other", on: [] }, async () => (await three.get({})).id);\n';
  expect(check(workflowOf('import other from "./other.ts";', "(await call(other, {})).length"), other)).toEqual([]);
  expect(check(workflowOf('import other from "./other.ts";', "(await call(other, {})) * 2"), other)[0]).toContain("TS2362");
});

test("a server that is not there is still told as such", () => {
  expect(check(workflowOf('import { thre } from "#servers";', "thre"))[0]).toBe("SERVERS_NOT_LOCKED offstage.lock has no server thre.");
});

test("what checked with all types checks with those that are reached", () => {
  const source = moduleOf("return (await github.list_pull_requests.pages({ ...inputs, state: \"open\" })).map((pr) => pr.title);");
  expect(compileText(source, { serverTypes: `${serverTypes}\n${server("one")}` })).toEqual(compileText(source));
});
