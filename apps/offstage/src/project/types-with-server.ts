import type { ServerPool } from "offstage/mcp";
import { catalogueOf, withServer } from "offstage/tools";
import type { CommandIo } from "../command-io.ts";
import { createProjectCompiler, type ProjectTypes } from "./compile.ts";
import type { Project } from "./load-project.ts";
import { loadLock } from "./lock-files.ts";
import { pinServer } from "./pin-server.ts";
import { serverSource } from "./server-source.ts";

/** The project's types; a server that is not locked yet is pinned for this one command. */
export async function typesWithServer(project: Project, pool: ServerPool, server: string, io: Pick<CommandIo, "env">): Promise<ProjectTypes> {
  const compiler = createProjectCompiler(project);
  const lock = loadLock(project);
  if (lock.servers.has(server)) return compiler.types();
  const { catalogue } = catalogueOf(await pool.catalogue(server));
  const source = serverSource(project.server(server).config, io.env["PATH"] ?? "");
  return compiler.types({ lock: withServer(lock, server, pinServer(catalogue, source, null, project.settings)) });
}
