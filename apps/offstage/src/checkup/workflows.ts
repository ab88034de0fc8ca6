import type { Diagnostic } from "offstage/base";
import { type Expression, type Program, type TriggerNode, walkNodes } from "offstage/program";
import { nextPlannedTime } from "offstage/triggers/schedule";
import type { CommandIo } from "../command-io.ts";
import { faultCount } from "../errors.ts";
import type { Settings } from "../config/settings.ts";
import { counted } from "../output/counted.ts";
import { type CheckedWorkflow, createProjectCompiler } from "../project/compile.ts";
import type { Project } from "../project/load-project.ts";
import { makingWarnings, otherMakings, withLockFaults } from "../project/lock-faults.ts";
import { undescribed } from "../project/undescribed.ts";
import { type ApprovalParts, approverFinding } from "./approvers.ts";
import { minuteOf, type NightFinding } from "./night-finding.ts";

const YEAR_MS = 366 * 86_400_000;

type EventTriggers = ApprovalParts & Pick<Settings, "webhooks" | "queues">;

/** Checks the project's workflows as `offstage check` does, and what starts and answers them; empty where there is none. */
export async function checkWorkflows(project: Project, io: Pick<CommandIo, "clock" | "env">): Promise<readonly NightFinding[]> {
  const names = project.texts.workflows();
  if (names.length === 0) return unnamed([], project.settings);
  const compiler = createProjectCompiler(project);
  const types = await compiler.types();
  const making = otherMakings(project, types, io.env["PATH"] ?? "");
  const compiled: CheckedWorkflow[] = [];
  for (const name of names) compiled.push(await compiler.check(name, types));
  const checked = compiled.map((one) => withLockFaults(one, types, project, making));
  const programs = checked.flatMap(({ program }) => program ?? []);
  const found = [
    ...checked.flatMap((one) => (one.program === null ? [unchecked(one)] : [])),
    ...makingWarnings(making, compiled, types).map((one): NightFinding => ({ about: "lock", state: "warns", what: one.message, hint: one.hint ?? null })),
    ...programs.flatMap((program) => [...checkSchedules(program, io.clock.now()), ...unheard(program, project.settings), ...asking(program, project.settings)]),
    // Of one that does not check it is not known what it names.
    ...(programs.length < checked.length ? [] : unnamed(programs, project.settings)),
  ];
  return [...(programs.length === 0 ? [] : [{ about: "workflows", state: "fine" as const, what: standing(programs, io.clock.now()), hint: null }]), ...found];
}

/** Schedules of which no time comes, or none within a year. */
export function checkSchedules({ name, triggers }: Pick<Program, "name" | "triggers">, now: number): readonly NightFinding[] {
  return triggers.filter(isSchedule).flatMap((trigger): readonly NightFinding[] => {
    const next = nextPlannedTime(trigger, now);
    const [about, hint] = [`workflow ${name}`, `Correct it in workflows/${name}.ts.`];
    if (next === null) return [{ about, state: "fails", what: `its schedule ${scheduleText(trigger)} never comes`, hint }];
    return next - now <= YEAR_MS ? [] : [{ about, state: "warns", what: `its schedule ${scheduleText(trigger)} comes not before ${minuteOf(next)}`, hint }];
  });
}

function isSchedule(trigger: TriggerNode): trigger is Extract<TriggerNode, { readonly kind: "every" | "cron" }> {
  return trigger.kind === "every" || trigger.kind === "cron";
}

function scheduleText(trigger: Extract<TriggerNode, { readonly kind: "every" | "cron" }>): string {
  return trigger.kind === "every" ? `every ${trigger.intervalMs / 1000} s` : `"${trigger.expression}" (${trigger.timezone})`;
}

function standing(programs: readonly Program[], now: number): string {
  const times = programs.flatMap(({ triggers }) => triggers.filter(isSchedule).flatMap((trigger) => nextPlannedTime(trigger, now) ?? []));
  return `${counted(programs.length, "workflow")} ${programs.length === 1 ? "checks" : "check"}${times.length === 0 ? "" : `; the next run by a schedule is planned for ${minuteOf(Math.min(...times))}`}`;
}

function unchecked({ name, diagnostics }: CheckedWorkflow): NightFinding {
  const first: Diagnostic | undefined = diagnostics.find(({ severity }) => severity === "error");
  return { about: `workflow ${name}`, state: "fails", what: `it does not check: ${faultCount(diagnostics)}${first === undefined ? "" : `, the first ${first.code}: ${first.message}`}`, hint: `All of its faults: offstage check ${name}` };
}

/** What a workflow listens to, and the settings say nothing of: `serve` would not start. */
function unheard({ name, triggers }: Program, settings: EventTriggers): readonly NightFinding[] {
  return triggers.flatMap((trigger) => {
    const what = undescribed(trigger, settings);
    return what === null ? [] : [{ about: `workflow ${name}`, state: "fails" as const, what: `it listens to the ${what}, of which offstage.yaml says nothing`, hint: `Describe it there, below ${trigger.kind}s:.` }];
  });
}

/** Webhooks and queues that no workflow speaks of, neither to be started nor while it waits. */
function unnamed(programs: readonly Program[], { webhooks, queues }: EventTriggers): readonly NightFinding[] {
  const named = new Set<string>();
  const name = (trigger: { readonly kind: string; readonly source?: string; readonly name?: string }): unknown => named.add(`${trigger.kind} ${trigger.source ?? trigger.name}`);
  for (const program of programs) {
    program.triggers.forEach((trigger) => name(trigger));
    walkNodes(program, (node) => {
      if (node.kind === "wait-for") name(node.trigger);
      return true;
    });
  }
  const described = [...webhooks.map((one) => `webhook ${one.name}`), ...queues.map((one) => `queue ${one.name}`)];
  return described.filter((one) => !named.has(one)).map((about) => ({ about, state: "warns", what: "no workflow speaks of it: what it brings starts nothing", hint: "Correct its name in offstage.yaml or in the workflow, or take it out." }));
}

/** Questions to people whose names stand in the text. */
function asking(program: Program, settings: ApprovalParts): readonly NightFinding[] {
  const found: NightFinding[] = [];
  walkNodes(program, (node) => {
    const by = node.kind === "approve" && node.by !== undefined ? namesIn(node.by) : null;
    const finding = by === null ? null : approverFinding(`workflow ${program.name} (approve)`, { by, count: 1 }, settings);
    if (finding !== null) found.push(finding);
    return true;
  });
  return found;
}

/** null: they are known when it runs. */
function namesIn(by: Expression): readonly string[] | null {
  const values: readonly unknown[] = by.kind === "array" ? by.items.map((item) => ("kind" in item && item.kind === "const" ? item.value : null)) : by.kind === "const" ? [by.value].flat() : [null];
  return values.every((value) => typeof value === "string") ? values : null;
}
