import type { Data } from "offstage/base";
import type { ServerConfig } from "offstage/mcp";

/** What a server in a sandbox may touch, and on whose word. */
export interface SandboxFacts {
  /** Absolute: what `offstage.yaml` names besides the project, the system and the server's own program. */
  readonly read: readonly string[];
  /** Absolute. */
  readonly write: readonly string[];
  /** Of `offstage.yaml`. */
  readonly hosts: readonly string[];
  /** Of its profile, without those that `offstage.yaml` names too. */
  readonly profileHosts: readonly string[];
}

/** Null for a server that runs open, or elsewhere. */
export function sandboxFacts(config: ServerConfig, profileHosts: readonly string[]): SandboxFacts | null {
  if (config.kind !== "stdio" || config.sandbox === undefined) return null;
  const { read, write, hosts } = config.sandbox;
  return { read, write, hosts, profileHosts: profileHosts.filter((host) => !hosts.includes(host)) };
}

/** `in a sandbox: it reads its project and /srv/reports, writes nothing that stays, and reaches api.github.com (by its profile)`. */
export function sandboxText({ read, write, hosts, profileHosts }: SandboxFacts): string {
  const reached = [...hosts, ...profileHosts.map((host) => `${host} (by its profile)`)];
  return `in a sandbox: it reads ${["its project", ...read].join(read.length === 1 ? " and " : ", ")}, writes ${write.join(", ") || "nothing that stays"}, and reaches ${reached.join(", ") || "no host"}`;
}

/** The same for `--json`. */
export function sandboxData(facts: SandboxFacts | null): Data {
  return facts === null ? null : { ...facts };
}
