import { existsSync, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { resolve } from "node:path";
import { OffstageError } from "offstage/base";
import type { Plan, Run } from "offstage/model";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
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
  const planId = readPlanId(io, what) ?? (await storedPlan(stage, what));
  if (planId !== null) return perform(io, stage, planId);
  const program = await stage.program(what);
  const { plan, run } = await stage.host.plan({ program, inputs: parseInputs(options.input ?? [], program.inputs), event: { kind: "call" }, cancelled: io.signal });
  if (run.status !== "planned") return runAnswer(io, stage.store, run);
  if (plan.effects.length > 0 && options.yes !== true && !(await confirmed(io, plan, run))) {
    io.answer({ plan: plan.id, applied: false }, `Nothing was written. The plan is kept: offstage apply ${plan.id}`);
    return EXIT.changes;
  }
  return perform(io, stage, plan.id);
}

async function perform(io: CommandIo, stage: Stage, planId: string): Promise<ExitCode> {
  const row = await stage.store.transact({ durable: false }, (tx) => tx.getPlan(planId));
  if (row === null) throw new OffstageError("PLAN_UNKNOWN", `The store has no plan ${planId}.`, { hint: "A plan is applied in the project and store where it was made; `offstage runs` lists what is there." });
  const handle = await stage.host.apply(planId, await stage.program(row.plan.workflow));
  return runAnswer(io, stage.store, await followRun(io, stage, handle));
}

async function confirmed(io: CommandIo, plan: Plan, run: Run): Promise<boolean> {
  if (io.json || process.stdin.isTTY !== true) {
    throw new OffstageError("USAGE", "There is nobody to ask whether to apply this plan.", { hint: `Look at it with \`offstage plan\`, then give --yes, or: offstage apply ${plan.id}` });
  }
  io.terminal.print(planAnswerText(plan, run, io.terminal, plan.id));
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question("\nPerform these writes? Only 'yes' is accepted: ", { signal: io.signal })).trim() === "yes";
  } finally {
    prompt.close();
  }
}

/** The id in a plan's file; null when there is no such file. */
function readPlanId(io: CommandIo, what: string): string | null {
  const file = resolve(io.cwd, what);
  if (!existsSync(file) || !statSync(file).isFile()) return null;
  if (statSync(file).size > MAX_PLAN_BYTES) throw notAPlan(what);
  try {
    const id: unknown = (JSON.parse(readFileSync(file, "utf8")) as { readonly id?: unknown }).id;
    if (typeof id === "string") return id;
  } catch {
    throw notAPlan(what);
  }
  throw notAPlan(what);
}

async function storedPlan(stage: Stage, what: string): Promise<string | null> {
  const row = await stage.store.transact({ durable: false }, (tx) => tx.getPlan(what));
  return row === null ? null : what;
}

function notAPlan(file: string): OffstageError {
  return new OffstageError("USAGE", `${file} is no plan.`, { hint: "`offstage plan <workflow> --out FILE` writes one." });
}
