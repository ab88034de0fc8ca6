import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { Data } from "offstage/base";
import { printServers, type ToolUses } from "offstage/exporters/python";
import { createCompiler } from "offstage/language";
import { catalogueOf, classesOf, EMPTY_LOCK, type Lock, lockServer, NOTHING_LEARNT, type ProfileTypeInfo, withServer } from "offstage/tools";
import { expect, test } from "vitest";
import { realLists } from "../catalogues.ts";
import { pythonFolder } from "./python-folder.ts";

const compiler = createCompiler();

interface Clients {
  readonly lock: Lock;
  readonly profiles: readonly { readonly server: string; readonly types: ProfileTypeInfo }[];
  readonly uses: ReadonlyMap<string, ToolUses>;
}

function clientFiles({ lock, profiles, uses }: Clients) {
  return printServers({ lock, learnt: NOTHING_LEARNT, profiles }, uses);
}

function allOf(tools: Iterable<string>): ToolUses {
  return new Map([...tools].map((name, index) => [name, { isGivenWhole: index % 2 === 0 }]));
}

/** The types of a profile that ships under the name of a server. */
function shippedTypes(server: string): ProfileTypeInfo | null {
  const file = new URL(`../../packages/runtime/profiles/${server}.ts`, import.meta.url);
  return existsSync(file) ? compiler.compileProfile({ server, file: `${server}.ts`, source: readFileSync(file, "utf8") }).types : null;
}

function lockOf(server: string, tools: readonly Data[], lock = EMPTY_LOCK): Lock {
  const { catalogue } = catalogueOf({ server, era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: "server", version: "1" }, tools });
  return withServer(lock, server, lockServer(catalogue, "server@1", (_, tool) => classesOf(tool, { rules: [], trustHints: false })));
}

/** Line by line: right, a misspelt argument, one of another type, a result that has no such member. */
const MISUSE = `from .servers import github, jira


async def use() -> object:
    await github.list_pull_requests(owner="a", repo="b", state="open")
    made = await jira.jira_issues(action="create", projectKey="A", summary="s")
    await github.list_pull_requests(owner="a", repos="b")
    await github.get_pull_request(owner="a", repo="b", pull_number="1")
    return made["missing"]
`;

test("clients of the tools of twenty real servers are what pyright, in its strict mode, and ruff take, and laid out as ruff formats them", () => {
  const lists = realLists();
  const lock = lists.reduce((all, { catalogue, package: source }) => withServer(all, catalogue.server, lockServer(catalogue, source, (_, tool) => classesOf(tool, { rules: [], trustHints: false }))), EMPTY_LOCK);
  const profiles = lists.flatMap(({ catalogue: { server } }) => {
    const types = shippedTypes(server);
    return types === null ? [] : [{ server, types }];
  });
  const folder = pythonFolder();
  try {
    const files = clientFiles({ lock, profiles, uses: new Map(lists.map(({ catalogue }) => [catalogue.server, allOf(catalogue.tools.keys())])) });
    for (const { path, content } of files) folder.put(`exported/${path}`, content);
    expect([lists.length, files.length]).toEqual([20, 21]);
    expect([folder.ruff(), folder.format()]).toEqual(["", ""]);
    expect(folder.pyright()).toBe("");
    folder.put("exported/misuse.py", MISUSE);
    expect([...new Set([...folder.pyright().matchAll(/misuse\.py:(\d+):/g)].map(([, line]) => Number(line)))]).toEqual([7, 8, 9]);
  } finally {
    folder.remove();
  }
}, 300_000);

/** What people do not write: quotes, escapes, ends of lines, what is not seen, half a character. */
const HOSTILE = fc.array(fc.constantFrom('"""', '"', "'", "\\", "\n", "\r", "\t", "\u2028", "\u202e", "\u0000", "\u001b", "\ud800", "#", "]", "{", "}", "()", "\nimport os\n", "a", "b c", "\\N{", "\\x", "👍", "class", "x-y", "list", "__a", "l", " "), { maxLength: 12 }).map((parts) => parts.join(""));
const NAME = HOSTILE.filter((name) => name !== "" && name !== "__proto__");
const schema = fc.letrec<{ readonly any: Data }>((tie) => ({
  any: fc.oneof({ maxDepth: 3 },
    fc.record({ type: fc.constantFrom("string", "number", "boolean", "null", "integer"), description: HOSTILE }),
    fc.record({ enum: fc.array(HOSTILE, { minLength: 1, maxLength: 4 }), title: HOSTILE }),
    fc.record({ const: HOSTILE }),
    fc.record({ type: fc.constant("array"), items: tie("any") }),
    fc.record({ $ref: fc.constant("#/$defs/a") }),
    fc.record({ anyOf: fc.array(tie("any"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ type: fc.constant("object"), description: HOSTILE, properties: fc.dictionary(NAME, tie("any"), { maxKeys: 4 }), required: fc.array(NAME, { maxLength: 2 }) }),
  ),
})).any;
const root = fc.record({ type: fc.constant("object"), description: HOSTILE, properties: fc.dictionary(NAME, schema, { maxKeys: 4 }), $defs: fc.record({ a: schema }), required: fc.array(NAME, { maxLength: 2 }) });
const tool = fc.record({ name: fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/), description: HOSTILE, inputSchema: root, outputSchema: root });

/** Every statement of a module, by its kind; what a hostile text added would be another one. */
const KINDS = `
import ast, pathlib
for path in sorted(pathlib.Path("exported").rglob("*.py")):
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names]
            assert getattr(node, "module", "") in ("__future__", "collections.abc", "typing", "offstage", "offstage.javascript"), (str(path), names)
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func).split(".")[-1].replace("_", "").isalnum() and not ast.unparse(node.func).startswith("os"), (str(path), ast.unparse(node))
    for node in tree.body:
        assert isinstance(node, (ast.ImportFrom, ast.ClassDef, ast.Assign, ast.AnnAssign)) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)), (str(path), ast.dump(node))
    compile(tree, str(path), "exec")
print("ok")
`;

test("whatever a server writes into its schemas, it comes out of no text and no comment, and the module is right", () => {
  const folder = pythonFolder();
  try {
    let server = 0;
    fc.assert(fc.property(fc.uniqueArray(tool, { minLength: 1, maxLength: 3, selector: ({ name }) => name.toLowerCase().replace(/[^a-z0-9]/g, "") }), (tools) => {
      const name = `s${server++}`;
      const lock = lockOf(name, JSON.parse(JSON.stringify(tools)) as readonly Data[]);
      for (const { path, content } of clientFiles({ lock, profiles: [], uses: new Map([[name, allOf(tools.map((one) => one.name))]]) })) folder.put(`exported/${path}`, content);
    }), { numRuns: 60 });
    expect(folder.python(KINDS).trim()).toBe("ok");
    expect([folder.ruff(), folder.format()]).toEqual(["", ""]);
    expect(folder.pyright()).toBe("");
  } finally {
    folder.remove();
  }
}, 300_000);

test("types that are as long as a line, a little shorter and a little longer, are laid out as ruff formats them", () => {
  const one = (length: number): Data => ({ enum: ["a".repeat(Math.ceil(length / 2)), "b".repeat(Math.floor(length / 2))] });
  const [numbers, texts] = [{ type: "array", items: { type: "number" } }, { type: "string" }] as const;
  const kinds = [(length: number) => [one(length), numbers], (length: number) => [numbers, one(length)], (length: number) => [one(length), texts], (length: number) => [texts, one(length)], (length: number) => [one(length), numbers, one(length)]] as const;
  const tools = Array.from({ length: 60 }, (_, at) => at + 50).flatMap((length) => kinds.map((anyOf, kind): Data => {
    const schema = { type: "object", properties: { of: { $ref: "#/$defs/a" }, more: { $ref: "#/$defs/a" } }, $defs: { a: { anyOf: anyOf(length) } } };
    return { name: `t${kind}_${length}`, inputSchema: schema, outputSchema: schema };
  }));
  const folder = pythonFolder();
  try {
    const lock = lockOf("long", tools);
    for (const { path, content } of clientFiles({ lock, profiles: [], uses: new Map([["long", allOf(tools.map((tool) => (tool as { readonly name: string }).name))]]) })) folder.put(`exported/${path}`, content);
    expect([folder.ruff(), folder.format()]).toEqual(["", ""]);
  } finally {
    folder.remove();
  }
}, 120_000);
