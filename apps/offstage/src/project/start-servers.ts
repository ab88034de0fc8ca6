import { createServerPool, type ServerPool } from "offstage/mcp";
import type { CommandIo } from "../command-io.ts";
import type { Project } from "./load-project.ts";
import { createServerLog } from "./server-log.ts";
import { cliVersion } from "../version.ts";

/** A start has to download a package at times (`npx -y …`). */
const CONNECT_TIMEOUT_MS = 60_000;

/**
 * The named servers of a project, started when first used. Their secrets are resolved now, so that a missing one is told
 * before anything runs. Close the pool in a `finally`: it ends their process groups.
 */
export function startServers(project: Project, names: readonly string[], io: Pick<CommandIo, "clock" | "env">): ServerPool {
  const log = createServerLog(project.folder, () => io.clock.now());
  return createServerPool({
    servers: names.map((name) => project.server(name).config),
    clock: io.clock,
    redactor: project.redactor,
    inheritedEnv: io.env,
    onStderr: (server, line) => log.append(server, line),
    clientVersion: cliVersion(),
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
  });
}
