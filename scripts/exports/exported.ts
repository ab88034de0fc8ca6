import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exportPython } from "offstage/exporters/python";
import { exportTypescript } from "offstage/exporters/typescript";
import { deployFiles, type DeployOptions } from "../../apps/offstage/src/export/deploy-targets.ts";
import { readSource } from "../../apps/offstage/src/export/read-source.ts";
import { createProjectCompiler } from "../../apps/offstage/src/project/compile.ts";
import { loadProject } from "../../apps/offstage/src/project/load-project.ts";
import { createRedactor, isOffstageError } from "../../packages/runtime/src/base/index.ts";
import type { BundleFile, ExportSource } from "../../packages/runtime/src/bundle/index.ts";

/** What a target makes of a workflow: its files by path, or why it refuses. */
export type Made = ReadonlyMap<string, string> | { readonly refused: string };

/** A workflow with what every target makes of it. */
export interface Exported {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  /** The options that it is exported with, as the command line takes them, by target. */
  readonly options: Readonly<Record<string, DeployOptions>>;
  readonly made: ReadonlyMap<string, Made>;
}

const DEPLOYED = ["kubernetes", "compose", "systemd", "actions", "lambda", "cloud-run"] as const;

/** The demo's workflow, and those of `docs/exports`: one asks a person, one only has a time. */
const WORKFLOWS: readonly { readonly name: string; readonly options: Exported["options"] }[] = [
  { name: "leak-tickets", options: {} }, { name: "merge-approved", options: {} }, { name: "weekly-digest", options: { kubernetes: { jobs: true }, systemd: { jobs: true } } },
];

/** Exports the workflows of `docs/exports.md`, as `offstage export` does. Their servers are pinned and learnt as the demo's project has them. */
export async function exportAll(): Promise<readonly Exported[]> {
  const place = mkdtempSync(join(tmpdir(), "offstage-exports-"));
  const folder = join(place, "project");
  try {
    for (const from of ["demo/project", "docs/exports"]) cpSync(fileURLToPath(new URL(`../../${from}`, import.meta.url)), folder, { recursive: true, filter: (path) => !path.includes(".offstage") });
    const project = loadProject(folder, { env: {}, redactor: createRedactor(), note: () => undefined });
    const compiler = createProjectCompiler(project);
    const all: Exported[] = [];
    for (const { name, options } of WORKFLOWS) all.push(await exportOne((await readSource(project, compiler, name)).source, options));
    return all;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function exportOne(source: ExportSource, options: Exported["options"]): Promise<Exported> {
  const { program } = source;
  const made = new Map<string, Made>([
    // What is packed, and what the compiler made, is nothing to read.
    ["typescript", filesOf(exportTypescript(source, { programs: "", libraries: [] }))],
    ["python", filesOf(exportPython(source, { library: { file: "offstage.whl", bytes: new Uint8Array() } }))],
  ]);
  for (const target of DEPLOYED) made.set(target, await deploy(target, source, options[target] ?? {}));
  return { name: program.name, description: program.description, source: source.sources.get(program.debug.file) ?? "", options, made };
}

async function deploy(target: string, source: ExportSource, options: DeployOptions): Promise<Made> {
  try {
    return filesOf(await deployFiles(target, source, options));
  } catch (error) {
    if (!isOffstageError(error) || error.code !== "EXPORT_REFUSED") throw error;
    return { refused: error.message };
  }
}

function filesOf(files: readonly BundleFile[]): ReadonlyMap<string, string> {
  return new Map(files.map(({ path, content }) => [path, typeof content === "string" ? content : ""]));
}
