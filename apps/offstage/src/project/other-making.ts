import type { ServerConfig } from "offstage/mcp";
import type { Lock } from "offstage/tools";
import type { Project } from "./load-project.ts";
import { moduleFiles } from "./module-texts.ts";
import { profileSourcesOf } from "./profile-sources.ts";
import { serverSource } from "./server-source.ts";

/** A server that `mcp.json` makes of something else than it was locked with. */
export interface OtherMaking {
  readonly server: string;
  readonly now: string;
  readonly pinned: string;
  /** The shipped profile that says what its calls do, and does not speak of what it is made of now; null when none did, or it speaks of both. */
  readonly vouching: string | null;
}

/** Compares what a server is made of with its pin; null when they are the same, or it is not locked. `searchPath` is PATH. */
export function otherMaking({ folder, redactor }: Pick<Project, "folder" | "redactor">, lock: Pick<Lock, "servers">, config: ServerConfig, searchPath: string): OtherMaking | null {
  const server = config.name;
  const pinned = lock.servers.get(server)?.source;
  const now = redactor.redact(serverSource(config, searchPath));
  if (pinned === undefined || now === pinned) return null;
  const files = moduleFiles(folder);
  const vouching = profileSourcesOf(files, server, pinned)?.shipped ?? null;
  const speaks = vouching === null || profileSourcesOf(files, server, now)?.shipped?.file === vouching.file;
  return { server, now, pinned, vouching: speaks ? null : vouching.file };
}
