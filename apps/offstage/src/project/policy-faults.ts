import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "offstage/base";
import { idleLimits, type IdleRule, idleRules, type PolicyWorld } from "offstage/gate";
import { TELLING } from "offstage/host";
import type { PolicyRule } from "offstage/model";
import type { Lock } from "offstage/tools";
import { parsePositioned } from "../config/positioned-data.ts";
import { SETTINGS_FILE } from "../config/settings.ts";
import { lacksArgument } from "./lacks-argument.ts";
import type { CheckedWorkflow } from "./compile.ts";
import type { Project } from "./load-project.ts";

/** Rules of `offstage.yaml` that never decide, and limits that hold nothing, as warnings at their places. `checked` are all workflows of the project. */
export function policyFaults({ folder, settings, servers }: Pick<Project, "folder" | "settings" | "servers">, lock: Lock, checked: readonly CheckedWorkflow[]): readonly Diagnostic[] {
  const { rules, limits } = settings.policy;
  const world = worldOf(servers.map(({ name }) => name), lock, checked, settings.approvals.notify !== null);
  const idle = idleRules(rules, world).map((one) => ({ path: ["rules", one.index, ...(one.kind === "absent" ? [one.field] : one.kind === "argument" ? ["args", one.path] : [])], ...wordsOf(one, rules) }));
  // A limit means a workflow by its former names too.
  const former = checked.flatMap(({ program }) => program?.was ?? []);
  const without = idleLimits(limits, { ...world, workflows: [...world.workflows, ...former] }).map(({ index, field }) => ({ path: ["limits", index, field], message: `This limit holds nothing: no ${KINDS[field]} ${limits[index]?.[field as "server"]}.`, hint: CORRECT }));
  const told = [...idle, ...without];
  if (told.length === 0) return [];
  const parsed = parsePositioned(readFileSync(join(folder, SETTINGS_FILE), "utf8"), SETTINGS_FILE);
  return told.map(({ path, ...words }) => ({ code: "POLICY_IDLE", severity: "warning", file: SETTINGS_FILE, ...(parsed.ok ? parsed.document.placeOf(["policy", ...path]) : { line: 1, column: 1 }), ...words }));
}

const KINDS = { workflow: "workflow is called", server: "server is called", tool: "locked tool is called", record: "record of a workflow is called" } as const;
const CORRECT = "Correct the name, or take it out.";

function wordsOf(idle: IdleRule, rules: readonly PolicyRule[]): Pick<Diagnostic, "message"> & { readonly hint: string } {
  const rule = rules[idle.index];
  if (idle.kind === "covered") {
    const earlier = rules[idle.by]?.verdict;
    const asked = rule?.verdict === "approve" ? "Nobody is ever asked by this rule" : "This rule never decides";
    return { message: `${asked}: the ${ordinal(idle.by)} rule comes first, and says ${earlier} of all that it is about.`, hint: "The first rule that matches decides: put the narrower one before it." };
  }
  if (idle.kind === "argument") return { message: `This rule never decides: no tool that it speaks of has the argument ${idle.path}.`, hint: "Correct the path: `offstage tools <server>` shows what a tool takes." };
  return { message: `This rule never decides: no ${KINDS[idle.field]} ${rule?.[idle.field]}.`, hint: CORRECT };
}

function ordinal(index: number): string {
  return ["first", "second", "third"][index] ?? `${index + 1}th`;
}

function worldOf(servers: readonly string[], lock: Lock, checked: readonly CheckedWorkflow[], tells: boolean): PolicyWorld {
  const workflows = checked.map(({ name }) => name);
  const programs = checked.flatMap(({ program }) => program ?? []);
  const locked = (server: string): readonly string[] | null => {
    const found = lock.servers.get(server);
    return found === undefined ? null : [...found.tools.keys()];
  };
  return {
    // Messages to people are writes of a workflow of that name.
    workflows: tells ? [...workflows, TELLING] : workflows,
    // Starts of runs are told as calls of this one.
    servers: new Map<string, readonly string[] | null>([["offstage", workflows.map((name) => `start.${name}`)], ...[...servers, ...lock.servers.keys()].map((server) => [server, locked(server)] as const)]),
    lacksArgument: (server, tool, path) => lacksArgument(lock.servers.get(server)?.tools.get(tool)?.definition["inputSchema"], path),
    records: programs.length < checked.length ? null : programs.flatMap(({ records }) => records.map(({ name }) => name)),
  };
}
