import { OffstageError } from "offstage/base";
import { narrowPlan, refuseOwnCode, type RunHandle, type RunHost } from "offstage/host";
import type { Plan } from "offstage/model";
import { hashProgram, type Program, programFamily } from "offstage/program";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine, type GivenFor, givenFor } from "../command-line.ts";
import { type Stage, withStage } from "../compose.ts";
import { endAnswer } from "../end-answer.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { followRun, watchRun } from "../follow-run.ts";
import { collectInput, INPUT_HELP, parseInputs } from "../input-option.ts";
import { noteChangedTools } from "../output/changed-tools.ts";
import { askedPlanText, planAnswerText } from "../output/plan-text.ts";
import { redacted } from "../output/redacted.ts";
import { readPlanFile, refuseEdited } from "../plan-file.ts";
import { openProject } from "../project/load-project.ts";
import { isAsked, saysYes } from "../says-yes.ts";

interface ApplyOptions {
  readonly yes?: boolean;
  readonly ask?: boolean;
  readonly input?: readonly string[];
  readonly without?: readonly string[];
}

/** `offstage apply <plan>`: performs a plan; given a workflow, plans it, asks, and applies. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<plan-or-workflow>", "a plan's file, a plan's id, or a workflow's name: then it is planned and you are asked")
    .option("--yes", "do not ask")
    .option("--ask", "given a plan: show it first, and ask")
    .option("--without <write>", "take a write out of the plan first, by its label or the beginning of its id; what comes after it is held too; may be given several times", collectInput)
    .option("--input <name=value>", `when planning: ${INPUT_HELP}`, collectInput)
    .action(io.action((what: string, options: ApplyOptions) => withStage(io, openProject(io), (stage) => apply(io, stage, what, options))));
}

async function apply(io: CommandIo, stage: Stage, what: string, options: ApplyOptions): Promise<ExitCode> {
  if (options.ask === true && options.yes === true) throw new OffstageError("USAGE", "--ask and --yes say the opposite of each other.", { hint: "Give one of them." });
  const file = readPlanFile(io.cwd, what);
  const { without } = options;
  const look = (plan: Plan): void => (file === null ? undefined : refuseEdited(file, [plan, redacted(io, plan)]));
  const planned = await storedPlan(stage, file?.id ?? what);
  if (file !== null || planned !== null) {
    if (options.ask === true && planned !== null) {
      look(planned);
      const run = await stage.store.transact({ durable: false, reads: true }, (tx) => tx.getRun(planned.id));
      if (!(await confirmed(io, { plan: planned, hint: `A person has to give it at a terminal: ${commandLine(io, "apply", planned.id, "--ask")}` }, (given) => askedPlanText(redacted(io, planned), redacted(io, run ?? { failures: [], ambiguous: [] }), given)))) return notWritten(io, planned.id);
    }
    return perform(io, stage, file?.id ?? what, { without, look });
  }
  const program = await stage.program(what);
  // Before anybody looks at a plan that could not be applied.
  if (io.ownCode === undefined) refuseOwnCode(program);
  const { plan, run } = await stage.host.plan({ program, inputs: parseInputs(options.input ?? [], program), event: { kind: "call" }, cancelled: io.signal });
  if (run.status !== "planned") return endAnswer(io, stage, run);
  noteChangedTools(io, await stage.changedTools([run]), "before it is applied, look at");
  if (plan.effects.length > 0 && options.yes !== true && !(await confirmed(io, { plan, hint: `Look at it with \`offstage plan\`, then give --yes, or: ${commandLine(io, "apply", plan.id)}` }, (given) => planAnswerText(redacted(io, plan), redacted(io, run), { ...io.terminal, width: Infinity }, given)))) return notWritten(io, plan.id);
  return perform(io, stage, plan.id, { without });
}

function notWritten(io: CommandIo, plan: string): ExitCode {
  io.answer({ plan, applied: false }, `Nothing was written. The plan is kept: ${commandLine(io, "apply", plan)}`);
  return EXIT.changes;
}

/** Performs a plan of the store but for the writes of `without`, and asks nobody. `host` drives it, where this process has one already: it goes on when nobody waits for it any more. */
export function applyPlan(io: CommandIo, planId: string, without: readonly string[], host?: RunHost): Promise<ExitCode> {
  return withStage(io, openProject(io), (stage) => (host === undefined ? perform(io, stage, planId, { without }) : performBy(host, io, stage, planId, without)));
}

async function performBy(host: RunHost, io: CommandIo, stage: Stage, planId: string, without: readonly string[]): Promise<ExitCode> {
  const handle = await begin({ ...stage, host }, planId, { without });
  const run = await watchRun(io, handle);
  if (run !== null) return endAnswer(io, stage, run);
  io.answer({ run: handle.id }, `The run ${handle.id} goes on, and nobody waits for it here: runs with run ${handle.id} tells how it is.`);
  return EXIT.waiting;
}

/** How a plan is performed: but for which writes, and what looks at it before. */
interface Performing {
  readonly without: readonly string[] | undefined;
  readonly look?: (plan: Plan) => void;
}

async function perform(io: CommandIo, stage: Stage, planId: string, performing: Performing): Promise<ExitCode> {
  return endAnswer(io, stage, await followRun(io, stage, await begin(stage, planId, performing)));
}

async function begin(stage: Stage, planId: string, { without = [], look }: Performing): Promise<RunHandle> {
  const plan = await storedPlan(stage, planId);
  if (plan === null) throw new OffstageError("PLAN_UNKNOWN", `The store has no plan ${planId}.`, { hint: "A plan is applied in the project and store where it was made; `offstage runs` lists what is there." });
  look?.(plan);
  await narrowPlan(stage.store, planId, without);
  return stage.host.apply(planId, await plannedProgram(stage, plan));
}

/** The workflow of a plan as it is now: the project's, or where the plan is not of that, what is drafted. Errors: `DRAFT_STARTED`. */
export async function plannedProgram(stage: Stage, plan: Plan): Promise<Program> {
  const isPlanned = (program: Program): boolean => hashProgram(program) === plan.basis.program;
  const adopted = await settled(stage.program(plan.workflow, "adopted"));
  if (adopted.status === "fulfilled" && isPlanned(adopted.value)) return adopted.value;
  const drafted = await settled(stage.program(plan.workflow, "drafted"));
  if (drafted.status === "fulfilled" && isPlanned(drafted.value)) {
    await refuseDraftedStarts(stage, drafted.value);
    return drafted.value;
  }
  // Neither is: whoever applies it tells what changed.
  if (drafted.status === "fulfilled") return drafted.value;
  if (adopted.status === "fulfilled") return adopted.value;
  throw adopted.reason;
}

/** What a run starts is a run of its own, without a plan: of a draft nobody would have seen what that writes. */
async function refuseDraftedStarts(stage: Pick<Stage, "program">, program: Program): Promise<void> {
  const started = new Map(programFamily(program).flatMap(({ starts = [] }) => starts).map((one) => [one.name, one]));
  for (const [name, one] of started) {
    const adopted = await settled(stage.program(name, "adopted"));
    if (adopted.status === "fulfilled" && hashProgram(adopted.value) === hashProgram(one)) continue;
    throw new OffstageError("DRAFT_STARTED", `${program.name} starts ${name}, which is drafted and not adopted: its writes are in no plan, and nobody has seen them.`, { hint: `Plan ${name} by itself, or adopt it first; then plan ${program.name} anew.` });
  }
}

async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [one] = await Promise.allSettled([promise]);
  return one as PromiseSettledResult<T>;
}

/** `hint`: what to do where nobody sits. */
function confirmed(io: CommandIo, { plan, hint }: { readonly plan: Plan; readonly hint: string }, text: (given: GivenFor & { readonly applies: string }) => string): Promise<boolean> {
  if (isAsked(io)) io.terminal.print(text({ ...givenFor(io), applies: plan.id }));
  return saysYes(io, "Perform these writes?", { nobody: "There is nobody to ask whether to apply this plan.", hint });
}

async function storedPlan({ store }: Pick<Stage, "store">, id: string): Promise<Plan | null> {
  const row = await store.transact({ durable: false, reads: true }, (tx) => tx.getPlan(id));
  return row?.plan ?? null;
}
