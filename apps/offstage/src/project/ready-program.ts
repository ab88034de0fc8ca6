import { asksModel, namedServers, type Program, programFamily } from "offstage/program";
import type { ProjectCompiler } from "./compile.ts";
import { compileForRun } from "./compile-for-run.ts";
import type { Ground } from "./ground.ts";
import type { Project } from "./load-project.ts";
import { refuseOtherMaking } from "./refuse-other-making.ts";

/** What a program is made ready with; `searchPath` is PATH. */
export interface Readiness extends Pick<Ground, "types" | "settings"> {
  readonly project: Project;
  readonly compiler: ProjectCompiler;
  readonly searchPath: string;
}

/** The Program of a workflow whose runs can begin. Errors: `WORKFLOW_NOT_FOUND`, its diagnostics when it does not check, `SECRET_MISSING` of a server or a model that it uses. */
export async function readyProgram({ project, compiler, types, settings, searchPath }: Readiness, workflow: string): Promise<Program> {
  const program = await compileForRun(compiler, workflow, types, settings);
  // What it starts would be left as it is, for want of a secret that is missed now.
  const family = programFamily(program);
  const servers = [...new Set(family.flatMap(namedServers))];
  needServers(project, servers);
  refuseOtherMaking(project, types.lock, servers, searchPath);
  if (family.some(asksModel)) project.models();
  return program;
}

/** A secret of a server that a run needs is missed before the run, not in its middle. Throws as `Project.server` does. */
export function needServers(project: Pick<Project, "server">, servers: readonly string[]): void {
  for (const server of servers) project.server(server);
}
