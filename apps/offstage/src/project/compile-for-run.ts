import { namedServers, type Program, programFamily } from "offstage/program";
import { serverIdentifiers } from "offstage/tools";
import { DiagnosticsError } from "../errors.ts";
import type { Settings } from "../config/settings.ts";
import type { CheckedWorkflow, ProjectCompiler, ProjectTypes } from "./compile.ts";
import { refuseStaleClasses } from "./pin-server.ts";

/**
 * The Program of a workflow that is about to run. Throws its faults, and `LOCK_INVALID` where the lock is behind what is said of its servers: that comes first, since it may be all
 * that is wrong with the text. Warnings are for `offstage check`.
 */
export async function compileForRun(compiler: ProjectCompiler, name: string, types: ProjectTypes, settings: Pick<Settings, "classes" | "policy">): Promise<Program> {
  const checked = await compiler.check(name, types);
  refuseStaleClasses(types, settings, serversOf(checked, types));
  if (checked.program === null) throw new DiagnosticsError("WORKFLOW_INVALID", checked.diagnostics);
  return checked.program;
}

/** The servers that a workflow and all that it leads to may reach; of one that does not check, those whose names stand in its text. */
export function serversOf({ program, source }: Pick<CheckedWorkflow, "program" | "source">, { lock }: Pick<ProjectTypes, "lock">): readonly string[] {
  if (program !== null) return [...new Set(programFamily(program).flatMap(namedServers))];
  const words = new Set(source.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []);
  return [...serverIdentifiers(lock.servers.keys())].filter(([, identifier]) => words.has(identifier)).map(([server]) => server);
}
