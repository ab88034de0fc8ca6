import type { JsonObject } from "../../base/index.ts";
import { type BundleFile, type ExportSource, forPython, pythonPackageName, STORE_VARIABLE } from "../../bundle/index.ts";
import { printLock } from "../../tools/index.ts";
import { moduleNames } from "./client-names.ts";
import { docstring } from "./docstring.ts";
import { quoted } from "./literals.ts";
import { printWorkflows } from "./print-workflows.ts";
import { printProfile } from "./profile.ts";
import { projectText, requirementsText } from "./project-files.ts";
import { pythonReadme } from "./readme.ts";
import { printServers } from "./server-module.ts";
import { toolUses } from "./tool-uses.ts";

/** The library for Python, packed. */
export interface PythonLibrary {
  /** The file's name: `offstage-0.1.0-py3-none-any.whl`. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** What of Offstage the package carries, and what it installs. */
export interface PythonOptions {
  readonly library: PythonLibrary;
  /** A store in PostgreSQL, also where the settings name none: at the URL in {@link STORE_VARIABLE}. */
  readonly postgres?: boolean;
}

/**
 * The workflow as a package of Python, with what its tools look like, what its servers and its settings are, and the library beside it. It is run
 * where it lies: `python -m leak_tickets plan`.
 */
export function exportPython(given: ExportSource, { library, postgres }: PythonOptions): readonly BundleFile[] {
  const { source, passedBy } = forPython(given);
  const name = pythonPackageName(source.program.name);
  return [
    ...packageFiles(source).map((file) => ({ ...file, path: `${name}/${file.path}` })),
    { path: "mcp.json", content: jsonText({ mcpServers: source.servers, ...(source.inputs.length === 0 ? {} : { inputs: source.inputs }) }) },
    { path: "settings.json", content: jsonText(postgres === true ? inPostgres(source.settings) : source.settings) },
    { path: "offstage.lock", content: printLock(source.lock) },
    { path: "requirements.txt", content: requirementsText(source, library.file, postgres === true) },
    { path: "pyproject.toml", content: projectText(source.program) },
    { path: "README.md", content: pythonReadme(source, name, passedBy) },
    { path: ".gitignore", content: ".venv/\n__pycache__/\n.offstage/\n.env\n" },
    { path: `vendor/${library.file}`, content: library.bytes },
  ];
}

function inPostgres(settings: JsonObject): JsonObject {
  const store = (settings["store"] ?? {}) as JsonObject;
  if (store["postgres"] !== undefined) return settings;
  const { file: _, ...rest } = store;
  return { ...settings, store: { ...rest, postgres: `\${env:${STORE_VARIABLE}}` } };
}

/** The modules of the package, under its name. */
function packageFiles({ program, lock, learnt, profiles }: ExportSource): readonly BundleFile[] {
  const modules = moduleNames(profiles.map(({ server }) => server));
  return [
    { path: "__init__.py", content: docstring(program.description === "" ? `The workflow ${program.name}.` : program.description) },
    { path: "__main__.py", content: MAIN },
    ...printWorkflows(program),
    ...printServers({ lock, learnt, profiles }, toolUses(program)),
    ...(profiles.length === 0 ? [] : [{ path: "profiles/__init__.py", content: profilesText(modules) }]),
    ...profiles.map(({ server, program: profile }) => printProfile(server, profile, modules.get(server))),
  ];
}

const MAIN = `"""Runs the workflow of this package: plan, apply, run, serve and more; --help lists them."""

from pathlib import Path

from offstage.command_line import run_package

if __name__ == "__main__":
    raise SystemExit(run_package(Path(__file__).resolve().parent.parent, __spec__.parent))
`;

function profilesText(modules: ReadonlyMap<string, string>): string {
  const entries = [...modules].map(([server, module]) => `    ${quoted(server)}: ${module}.PROFILE,\n`).join("");
  return `"""What MCP does not say about the servers, by their names."""\n\nfrom . import ${[...modules.values()].toSorted().join(", ")}\n\nPROFILES = {\n${entries}}\n`;
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
