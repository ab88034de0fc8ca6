import { existsSync, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { OffstageError } from "offstage/base";
import type { Plan, Run } from "offstage/model";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { type Stage, withStage } from "../compose.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { followRun } from "../follow-run.ts";
import { collectInput, parseInputs } from "../input-option.ts";
import { planAnswerText } from "../output/plan-text.ts";
import { runAnswer } from "../output/run-answer.ts";
import { openProject } from "../project/load-project.ts";

interface ApplyOptions {
  readonly yes?: boolean;
  readonly input?: readonly string[];
}

/** A plan file is small; anything larger is not one. */
const MAX_PLAN_BYTES = 64 << 20;

/** `offstage apply <plan>`: performs a plan; given a workflow, plans it, asks, and applies. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<plan-or-workflow>", "a plan's file, a plan's id, or a workflow's name: then it is planned and you are asked")
    .option("--yes", "do not ask")
    .option("--input <name=value>", "when planning: an input other than the workflow's default", collectInput)
    .action(io.action((what: string, options: ApplyOptions) => withStage(io, openProject(io), (stage) => apply(io, stage, what, options))));
}

async function apply(io: CommandIo, stage: Stage, what: string, options: ApplyOptions): Promise<ExitCode> {
  const file = readPlanFile(io, what);
  if (file !== null) return perform(io, stage, file.id, (plan) => refuseEdited(file, plan));
  if (await hasPlan(stage, what)) return perform(io, stage, what);
  const program = await stage.program(what);
  const { plan, run } = await stage.host.plan({ program, inputs: parseInputs(options.input ?? [], program.inputs), event: { kind: "call" }, cancelled: io.signal });
  if (run.status !== "planned") return runAnswer(io, stage.store, run);
  if (plan.effects.length > 0 && options.yes !== true && !(await confirmed(io, plan, run))) {
    io.answer({ plan: plan.id, applied: false }, `Nothing was written. The plan is kept: ${commandLine(io, "apply", plan.id)}`);
    return EXIT.changes;
  }
  return perform(io, stage, plan.id);
}

async function perform(io: CommandIo, stage: Stage, planId: string, look: (plan: Plan) => void = () => undefined): Promise<ExitCode> {
  const row = await stage.store.transact({ durable: false }, (tx) => tx.getPlan(planId));
  if (row === null) throw new OffstageError("PLAN_UNKNOWN", `The store has no plan ${planId}.`, { hint: "A plan is applied in the project and store where it was made; `offstage runs` lists what is there." });
  look(row.plan);
  const handle = await stage.host.apply(planId, await stage.program(row.plan.workflow));
  return runAnswer(io, stage.store, await followRun(io, stage, handle));
}

async function confirmed(io: CommandIo, plan: Plan, run: Run): Promise<boolean> {
  if (io.json || process.stdin.isTTY !== true) {
    throw new OffstageError("USAGE", "There is nobody to ask whether to apply this plan.", { hint: `Look at it with \`offstage plan\`, then give --yes, or: ${commandLine(io, "apply", plan.id)}` });
  }
  io.terminal.print(planAnswerText(plan, run, io.terminal, commandLine(io, "apply", plan.id)));
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question("\nPerform these writes? Only 'yes' is accepted: ", { signal: io.signal })).trim() === "yes";
  } finally {
    prompt.close();
  }
}

/** A plan as a file says it. */
interface PlanFile {
  readonly name: string;
  readonly id: string;
  readonly document: unknown;
}

/** What a plan's file says; null when there is no such file. */
function readPlanFile(io: CommandIo, name: string): PlanFile | null {
  const file = resolve(io.cwd, name);
  if (!existsSync(file) || !statSync(file).isFile()) {
    if (name.endsWith(".json")) throw new OffstageError("USAGE", `There is no file ${name}.`, { hint: "`offstage plan <workflow> --out FILE` writes a plan that can be applied." });
    return null;
  }
  if (statSync(file).size > MAX_PLAN_BYTES) throw notAPlan(name);
  try {
    const document = JSON.parse(readFileSync(file, "utf8")) as { readonly id?: unknown };
    if (typeof document.id === "string") return { name, id: document.id, document };
  } catch {
    throw notAPlan(name);
  }
  throw notAPlan(name);
}

/** What is performed is the store's plan: whoever looked at, or edited, a file that says something else permitted something else. */
function refuseEdited({ name, id, document }: PlanFile, plan: Plan): void {
  if (isDeepStrictEqual(document, JSON.parse(JSON.stringify(plan)))) return;
  throw new OffstageError("PLAN_VOID", `${name} is not the plan ${id} as it was made: the file was changed.`, {
    hint: `A file cannot take writes out of a plan: change the workflow or its inputs and plan again. \`offstage apply ${id}\` applies the plan as it was made.`,
  });
}

async function hasPlan(stage: Stage, id: string): Promise<boolean> {
  return (await stage.store.transact({ durable: false }, (tx) => tx.getPlan(id))) !== null;
}

function notAPlan(file: string): OffstageError {
  return new OffstageError("USAGE", `${file} is no plan.`, { hint: "`offstage plan <workflow> --out FILE` writes one." });
}
