import { OffstageError } from "offstage/base";
import type { ServerConfig } from "offstage/mcp";
import type { Environment } from "../config/environment.ts";
import { DiagnosticsError } from "../errors.ts";
import { createProjectCompiler } from "./compile.ts";
import type { Project } from "./load-project.ts";
import type { ProjectTypes } from "./project-types.ts";
import { serverSource } from "./server-source.ts";

/** The hosts that profiles give to servers, by server. */
export type ProfileHosts = ReadonlyMap<string, readonly string[]>;

/** What the profiles that were read give to servers. */
export function hostsOf({ profiles }: Pick<ProjectTypes, "profiles">): ProfileHosts {
  return new Map(profiles.map(({ server, program }) => [server, program.hosts ?? []]));
}

/**
 * What profiles give to those of these servers that run in a sandbox; others reach what they like, and theirs are not looked at. The
 * names' secrets have to be there. Errors: those of `Project.server`, and `WORKFLOW_INVALID` for a profile with faults.
 */
export async function profileHosts(project: Project, names: readonly string[], env: Environment): Promise<ProfileHosts> {
  const compiler = createProjectCompiler(project);
  const found = new Map<string, readonly string[]>();
  for (const name of names) {
    const { config } = project.server(name);
    if (config.kind === "stdio" && config.sandbox !== undefined) found.set(name, await compiler.profileHosts(name, serverSource(config, env["PATH"] ?? "")).catch((error: unknown) => { throw faulty(name, error); }));
  }
  return found;
}

/** One server's trouble, of which the others do not fail. */
function faulty(server: string, error: unknown): unknown {
  const fault = error instanceof DiagnosticsError ? error.diagnostics.find(({ severity }) => severity === "error") : undefined;
  if (fault === undefined) return error;
  return new OffstageError("WORKFLOW_INVALID", `The profile of ${server}, which says what it reaches in its sandbox, has faults: ${fault.file}:${fault.line}:${fault.column} ${fault.code} ${fault.message}`, { hint: "Mend it first: nothing is started with less than it says, or more.", cause: error });
}

/** A server that may reach these hosts too, when it is in a sandbox. */
export function withHosts(config: ServerConfig, hosts: readonly string[]): ServerConfig {
  if (config.kind !== "stdio" || config.sandbox === undefined) return config;
  return { ...config, sandbox: { ...config.sandbox, hosts: [...new Set([...config.sandbox.hosts, ...hosts])] } };
}
