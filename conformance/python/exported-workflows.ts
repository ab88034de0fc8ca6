import { readdirSync, readFileSync } from "node:fs";
import type { Data } from "offstage/base";
import { type ClientSource, printServers, printWorkflows, toolUses } from "offstage/exporters/python";
import { createCompiler } from "offstage/language";
import type { Program } from "offstage/program";
import { catalogueOf, classesOf, EMPTY_LOCK, generateServerTypes, type Lock, lockServer, NOTHING_LEARNT, parseLearnt, parseLock, type ProfileTypeInfo, withServer } from "offstage/tools";

const ROOT = new URL("../../", import.meta.url);
const READS = /^(?:list|get|search|find|read)/;
const compiler = createCompiler();

/** A workflow with what its clients are printed from. */
export interface ExportedWorkflow {
  readonly id: string;
  readonly program: Program;
  readonly source: ClientSource;
}

function text(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** The files of the package, under the folder of its module. */
export function exportedFiles({ program, source }: ExportedWorkflow) {
  return [...printWorkflows(program), ...printServers(source, toolUses(program)), { path: "__init__.py", content: `"""What ${program.name} is exported as."""\n` }];
}

function compile(file: string, source: ClientSource): Program {
  const serverTypes = generateServerTypes({ lock: source.lock, learnt: source.learnt, profiles: source.profiles.map(({ types }) => types) });
  const { program, diagnostics } = compiler.compileWorkflow({
    file, source: text(file), serverTypes, module: (name) => text(`conformance/workflows/${name}.ts`),
    mayWrite: (_, tool, known) => !READS.test(tool) && known?.["action"] !== "get" && known?.["action"] !== "get_transitions",
  });
  if (program === null) throw new Error(`${file} does not check: ${JSON.stringify(diagnostics)}`);
  return program;
}

const STRING = { type: "string" };
const object = (properties: { readonly [name: string]: Data }, optional: readonly string[] = []): Data => ({ type: "object", properties, required: Object.keys(properties).filter((name) => !optional.includes(name)) });
const tool = (name: string, inputSchema: Data, outputSchema: Data): Data => ({ name, inputSchema, outputSchema });

/** The little world of the scenarios as servers with schemas tell of it. */
const WORLD: { readonly [server: string]: readonly Data[] } = {
  repo: [tool("list_items", object({ state: STRING }, ["state"]), { type: "array", items: object({ id: STRING, title: STRING, text: STRING }, ["text"]) }), tool("merge", object({ id: STRING }), object({ merged: { type: "boolean" } }))],
  tracker: [
    tool("search", object({ label: STRING }), { type: "array", items: object({ key: STRING, summary: STRING }) }), tool("get", object({ key: STRING }), object({ key: STRING, summary: STRING, status: STRING })),
    tool("create", object({ label: STRING, summary: STRING }), object({ key: STRING })), tool("update", object({ key: STRING, summary: STRING }), object({ text: STRING })),
    tool("close", object({ key: STRING }), object({ text: STRING })), tool("reopen", object({ key: STRING }), object({ text: STRING })),
  ],
  chat: [tool("send", object({ text: STRING }), object({ text: STRING }))],
};

function worldSource(): ClientSource {
  const lock = Object.entries(WORLD).reduce<Lock>((all, [server, tools]) => {
    const { catalogue } = catalogueOf({ server, era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: server, version: "1" }, tools });
    return withServer(all, server, lockServer(catalogue, `${server}@1`, (_, one) => classesOf(one, { rules: [], trustHints: false })));
  }, EMPTY_LOCK);
  const types: ProfileTypeInfo = { server: "repo", names: { ListItemsItem: "Item" }, tools: { list_items: [{ when: [], pages: { path: [] } }] } };
  return { lock, learnt: NOTHING_LEARNT, profiles: [{ server: "repo", types }] };
}

/** The demo's project: its lock, what it learnt, and the profiles that ship, its own over them. */
function demoSource(): ClientSource {
  const types = (server: string, path: string): ProfileTypeInfo => {
    const made = compiler.compileProfile({ server, file: path, source: text(path) });
    if (made.types === null) throw new Error(`${path} does not check: ${JSON.stringify(made.diagnostics)}`);
    return made.types;
  };
  const [own, shipped] = [types("jira", "demo/project/profiles/jira.ts"), types("jira", "packages/runtime/profiles/jira.ts")];
  const jira = { ...own, names: { ...shipped.names, ...own.names }, tools: { ...shipped.tools, ...own.tools } };
  return {
    lock: parseLock(text("demo/project/offstage.lock")).lock, learnt: parseLearnt(text("demo/project/offstage.learnt.json")).learnt,
    profiles: [{ server: "github", types: types("github", "packages/runtime/profiles/github.ts") }, { server: "jira", types: jira }],
  };
}

/** Every workflow of the scenarios, and the one of the demo. */
export function exportedWorkflows(): readonly ExportedWorkflow[] {
  const [world, demo] = [worldSource(), demoSource()];
  const played = readdirSync(new URL("conformance/workflows/", ROOT)).map((file) => ({ id: file.replace(".ts", ""), program: compile(`conformance/workflows/${file}`, world), source: world }));
  return [...played, { id: "leak-tickets", program: compile("demo/project/workflows/leak-tickets.ts", demo), source: demo }];
}
