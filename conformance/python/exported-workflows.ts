import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { type ClientSource, printServers, printWorkflows, toolUses } from "offstage/exporters/python";
import { createCompiler } from "offstage/language";
import type { Program } from "offstage/program";
import { generateServerTypes, parseLearnt, parseLock, type ProfileTypeInfo } from "offstage/tools";
import { worldSource } from "../world/client-source.ts";

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

function compile(file: string, source: ClientSource, written = text(file)): Program {
  const serverTypes = generateServerTypes({ lock: source.lock, learnt: source.learnt, profiles: source.profiles.map(({ types }) => types) });
  const { program, diagnostics } = compiler.compileWorkflow({
    file, source: written, serverTypes, module: (name) => text(`conformance/workflows/${name}.ts`),
    mayWrite: (_, tool, known) => !READS.test(tool) && known?.["action"] !== "get" && known?.["action"] !== "get_transitions",
  });
  if (program === null) throw new Error(`${file} does not check: ${JSON.stringify(diagnostics)}`);
  return program;
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

/** Every workflow of the scenarios, that of the demo, and those of `docs/exports.md`, which call the demo's servers. */
export function exportedWorkflows(): readonly ExportedWorkflow[] {
  const [world, demo] = [worldSource(), demoSource()];
  const played = readdirSync(new URL("conformance/workflows/", ROOT)).map((file) => ({ id: file.replace(".ts", ""), program: compile(`conformance/workflows/${file}`, world), source: world }));
  const shown = ["demo/project/workflows/leak-tickets.ts", "docs/exports/workflows/merge-approved.ts", "docs/exports/workflows/weekly-digest.ts"];
  return [...played, ...shown.map((file) => ({ id: basename(file, ".ts"), program: compile(file, demo), source: demo }))];
}

/** Workflows of these texts, by name, which call the demo's servers. */
export function writtenWorkflows(texts: Readonly<Record<string, string>>): readonly ExportedWorkflow[] {
  const source = demoSource();
  return Object.entries(texts).map(([id, written]) => ({ id, program: compile(`${id}.ts`, source, written), source }));
}
