import { type Diagnostic, toErrorData } from "offstage/base";
import type { CheckedWorkflow, ProjectTypes } from "./compile.ts";
import { serversOf } from "./compile-for-run.ts";
import type { Project } from "./load-project.ts";
import { LOCK_FILE } from "./lock-files.ts";
import { type OtherMaking, otherMaking } from "./other-making.ts";
import { refuseStaleClasses } from "./pin-server.ts";
import { otherMakingText, RELOCK } from "./refuse-other-making.ts";

/** What a run of a workflow would be refused for, before it begins: the lock is behind what is said of a server of it, or behind what that is made of. */
export function withLockFaults(checked: CheckedWorkflow, types: ProjectTypes, project: Project, making: readonly OtherMaking[]): CheckedWorkflow {
  const servers = serversOf(checked, types);
  const refused = making.filter(({ server, vouching }) => vouching !== null && servers.includes(server)).map((other): Diagnostic => ({ ...IN_LOCK, code: "LOCK_INVALID", severity: "error", message: otherMakingText(other), hint: RELOCK }));
  const faults = [...staleFaults(types, project, servers), ...refused];
  return faults.length === 0 ? checked : { ...checked, program: null, diagnostics: [...checked.diagnostics, ...faults] };
}

/**
 * Servers that are made of something else than they were locked with, as far as `mcp.json` tells: no secret is resolved, no program run, and one whose package is not on
 * this machine tells nothing. `searchPath` is PATH.
 */
export function otherMakings(project: Project, { lock }: Pick<ProjectTypes, "lock">, searchPath: string): readonly OtherMaking[] {
  return project.servers.flatMap(({ name }) => {
    const config = project.outline(name);
    const other = config === null ? null : otherMaking(project, lock, config, searchPath);
    return other === null || !/^https?:|.@/.test(other.now) ? [] : [other];
  });
}

/** Those for which none of the checked workflows would be refused: their tools are compared when they are called, and somebody should look before. */
export function makingWarnings(making: readonly OtherMaking[], checked: readonly CheckedWorkflow[], types: ProjectTypes): readonly Diagnostic[] {
  const used = new Set(checked.flatMap((one) => serversOf(one, types)));
  return making.filter(({ server, vouching }) => vouching === null || !used.has(server)).map((other) => ({ ...IN_LOCK, code: "LOCK_BEHIND", severity: "warning", message: otherMakingText(other), hint: RELOCK }));
}

const IN_LOCK = { file: LOCK_FILE, line: 1, column: 1 } as const;

function staleFaults(types: ProjectTypes, { settings }: Project, servers: readonly string[]): readonly Diagnostic[] {
  try {
    refuseStaleClasses(types, settings, servers);
    return [];
  } catch (error) {
    const { code, message, hint } = toErrorData(error);
    if (code !== "LOCK_INVALID") throw error;
    return [{ ...IN_LOCK, code, severity: "error", message, ...(hint === undefined ? {} : { hint }) }];
  }
}
