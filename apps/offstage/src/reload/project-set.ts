import { join } from "node:path";
import type { Program } from "offstage/program";
import { readDocument } from "../config/read-document.ts";
import { parseSettings, type Settings, SETTINGS_FILE } from "../config/settings.ts";
import { DiagnosticsError } from "../errors.ts";
import { createGround, type Ground } from "../project/ground.ts";
import type { Project } from "../project/load-project.ts";
import { readyProgram } from "../project/ready-program.ts";
import { type ApartOptions, withCompilerApart } from "./compile-apart.ts";

/** Workflows, and what their runs are judged by, as the project's files had them at one moment: they are taken together or not at all. */
export interface ProjectSet {
  readonly ground: Ground;
  /** All of the settings: what of them differs from those that the process began with counts only after a restart. */
  readonly settings: Settings;
  readonly programs: readonly Program[];
}

/** What {@link readProjectSet} needs. */
export interface ProjectSetOptions extends ApartOptions {
  readonly project: Project;
  /** Names of the workflows that are there. */
  readonly names: () => readonly string[];
  /** See {@link createGround}. */
  readonly warn: (text: string) => void;
}

/** Reads and checks everything. Errors: those of the files, of `readyProgram` and of `withCompilerApart`. */
export async function readProjectSet({ project, names, warn, ...options }: ProjectSetOptions): Promise<ProjectSet> {
  const settings = settingsNow(project.folder);
  return withCompilerApart({ folder: project.folder, settings, servers: project.servers }, names, options, async (compiler) => {
    const ground = createGround(settings, await compiler.types(), warn);
    const programs: Program[] = [];
    for (const name of names()) programs.push(await readyProgram({ ...ground, project, compiler, searchPath: options.env["PATH"] ?? "" }, name));
    return { ground: { ...ground, renamed: renamedOf(programs) }, settings, programs };
  });
}

/** Where another one has the former name now, nothing is known of whose run it was. */
function renamedOf(programs: readonly Program[]): ReadonlyMap<string, string> {
  const names = new Set(programs.map(({ name }) => name));
  return new Map(programs.flatMap(({ name, was }) => (was === undefined || names.has(was) ? [] : [[was, name]])));
}

function settingsNow(folder: string): Settings {
  const document = readDocument(join(folder, SETTINGS_FILE), SETTINGS_FILE);
  if (document.kind === "unreadable") throw new DiagnosticsError("CONFIG_INVALID", [document.diagnostic]);
  const parsed = parseSettings(document.kind === "text" ? document.text : null, folder);
  if (!parsed.ok) throw new DiagnosticsError("CONFIG_INVALID", parsed.diagnostics);
  return parsed.settings;
}
