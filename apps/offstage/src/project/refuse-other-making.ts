import { OffstageError } from "offstage/base";
import type { Lock } from "offstage/tools";
import type { Project } from "./load-project.ts";
import { LOCK_FILE } from "./lock-files.ts";
import { type OtherMaking, otherMaking } from "./other-making.ts";

/** What to do about a server that is made of something else than it was locked with. */
export const RELOCK = "Run `offstage lock` and review what changes; or name in mcp.json what was locked.";

/**
 * A shipped profile vouches for the version that it was held against. A server that `mcp.json` now makes of another package, or of a version of which that profile does not
 * speak, would keep its reads on the word of the old pin: throws `LOCK_INVALID`. `searchPath` is PATH.
 */
export function refuseOtherMaking(project: Pick<Project, "folder" | "redactor" | "server">, lock: Pick<Lock, "servers">, servers: readonly string[], searchPath: string): void {
  for (const server of servers) {
    const other = otherMaking(project, lock, project.server(server).config, searchPath);
    if (other !== null && other.vouching !== null) throw new OffstageError("LOCK_INVALID", otherMakingText(other), { hint: RELOCK });
  }
}

/** Says what a server is made of now and was made of, and whose word does not reach so far. */
export function otherMakingText({ server, now, pinned, vouching }: OtherMaking): string {
  return `${server} is now ${now}, and ${LOCK_FILE} was made with ${pinned}${vouching === null ? "." : `: ${vouching}, which says what its calls do, does not speak of this one.`}`;
}
