import { OffstageError } from "offstage/base";
import type { Lock } from "offstage/tools";
import type { Project } from "./load-project.ts";
import { LOCK_FILE } from "./lock-files.ts";
import { profileSourcesOf } from "./profile-sources.ts";
import { serverSource } from "./server-source.ts";

/**
 * A shipped profile vouches for the version that it was held against. A server that `mcp.json` now makes of another package, or of a version of which that profile does not
 * speak, would keep its reads on the word of the old pin: throws `LOCK_INVALID`. `searchPath` is PATH.
 */
export function refuseOtherMaking(project: Pick<Project, "folder" | "redactor" | "server">, lock: Pick<Lock, "servers">, servers: readonly string[], searchPath: string): void {
  for (const server of servers) {
    const pinned = lock.servers.get(server)?.source;
    const now = project.redactor.redact(serverSource(project.server(server).config, searchPath));
    if (pinned === undefined || now === pinned) continue;
    const vouching = profileSourcesOf(project.folder, server, pinned)?.shipped ?? null;
    if (vouching === null || profileSourcesOf(project.folder, server, now)?.shipped?.file === vouching.file) continue;
    throw new OffstageError("LOCK_INVALID", `${server} is now ${now}, and ${LOCK_FILE} was made with ${pinned}: ${vouching.file}, which says what its calls do, does not speak of this one.`, {
      hint: "Run `offstage lock` and review what changes; or name in mcp.json what was locked.",
    });
  }
}
