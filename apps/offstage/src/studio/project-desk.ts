import { type Data, type Diagnostic, hashJson, type JsonObject, OffstageError, stringifyExact } from "offstage/base";
import { planFault, type RunHost } from "offstage/host";
import { hashProgram } from "offstage/program";
import { createRecorder } from "offstage/rehearsal";
import { cutValue, type Desk, type DraftFile, type Mended, type Shown, type Told } from "offstage/studio";
import type { CommandIo } from "../command-io.ts";
import { commandLine, givenFor } from "../command-line.ts";
import { applyPlan, plannedProgram } from "../commands/apply.ts";
import { call } from "../commands/call.ts";
import { check, checkProfile } from "../commands/check.ts";
import { exportWorkflow } from "../commands/export.ts";
import { planWorkflow } from "../commands/plan.ts";
import { runs } from "../commands/runs.ts";
import { showRun } from "../commands/show.ts";
import { tools } from "../commands/tools.ts";
import { type Stage, withStage } from "../compose.ts";
import { endAnswer } from "../end-answer.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { askedPlanText } from "../output/plan-text.ts";
import { redacted } from "../output/redacted.ts";
import { createProjectCompiler, type ProjectCompiler } from "../project/compile.ts";
import { openProject } from "../project/load-project.ts";
import { loadLock } from "../project/lock-files.ts";
import { adoptDraft, adoptionOf } from "./adopt-draft.ts";
import { createAtOnce } from "./at-once.ts";
import { collect } from "./collect.ts";
import { draftedTexts } from "./draft-shelf.ts";
import { keepForRehearsals, rehearseDraft } from "./rehearse-draft.ts";

const MOST_RUNS = "20";

/** Each that calls servers starts those that it needs for itself: a client that asks forty things at once is not to start forty of each. What starts none waits for nobody. */
const MOST_AT_ONCE = 4;
const MOST_WAITING = 32;

/** What the desk does with what a command would do. */
type Tell = (run: Parameters<typeof collect>[2]) => Promise<Told>;

/** A desk that can be waited for. */
export interface ProjectDesk extends Desk {
  /** Resolves when what is under way has come to its end: servers that it started with it. */
  settled(): Promise<void>;
}

/** The desk of one caller's sessions: the project's commands over its drafts. Each opens the project anew: what a person edits meanwhile counts at once. `host` drives what is applied, where this process has one. */
export function createProjectDesk(given: CommandIo, host?: RunHost): ProjectDesk {
  const io: CommandIo = { ...given, texts: draftedTexts };
  const underWay = new Set<Promise<unknown>>();
  const atOnce = createAtOnce(MOST_AT_ONCE, MOST_WAITING);
  const told = (run: Parameters<typeof collect>[2], signal: AbortSignal, shape?: Parameters<typeof collect>[3]): Promise<Told> => {
    const ending = AbortSignal.any([signal, io.signal]);
    const one = collect(io, ending, (inside) => {
      // Called off while it waited for others.
      ending.throwIfAborted();
      return run(inside);
    }, shape);
    underWay.add(one);
    return one.finally(() => underWay.delete(one));
  };
  /** For what calls servers. */
  const withServers: typeof told = (run, signal, shape) => told((inside) => atOnce(() => run(inside), inside.signal), signal, shape);
  // Two that drive the store in one process would take its lease from each other.
  let applied: Promise<unknown> = Promise.resolve();
  const afterOthers = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = applied.then(act);
    applied = mine.catch(() => undefined);
    return mine;
  };
  return {
    tools: (words, signal) => told((inside) => (isLocked(inside) ? tools(words, {}, inside) : atOnce(() => tools(words, {}, inside), inside.signal)), signal),
    call: (tool, args, signal) => withServers((inside) => call(tool, { args: stringifyExact(args as Data) }, inside), signal, cutValue),
    check: (workflow, signal) => told((inside) => check(workflow ?? undefined, { steps: workflow !== null }, inside), signal),
    checkProfile: (server, source, signal) => told((inside) => checkProfile(inside, server, source), signal),
    mend: (file, text, signal) => mendDraft((run) => told(run, signal), file, text),
    plan: (workflow, inputs, signal) => withServers((inside) => planDraft(inside, workflow, inputs), signal),
    test: (workflow, answers, inputs, signal) => told((inside) => rehearseDraft(inside, workflow, { answers, inputs }), signal),
    planned: (plan, signal) => shown((run) => told(run, signal), commandLine(io, "apply", plan, "--ask"), (inside) => storedPlan(inside, plan)),
    apply: (plan, without, signal) => (host === undefined ? afterOthers(() => withServers((inside) => applyPlan(inside, plan, without), signal)) : told((inside) => applyPlan(inside, plan, without, host), signal)),
    adoption: (file, signal) => shown((run) => told(run, signal), commandLine(io, "adopt", file.file), (inside) => adoptionOf(inside, file)),
    adopt: (file, revision, signal) => told((inside) => adoptDraft(inside, file, revision), signal),
    runs: (workflow, signal) => told((inside) => runs(inside, { limit: MOST_RUNS, ...(workflow === null ? {} : { workflow }) }), signal),
    show: (run, signal) => told((inside) => showRun(inside, run ?? undefined), signal),
    export: (workflow, to, signal) => told((inside) => exportWorkflow(inside, workflow, { to }), signal),
    settled: async () => void (await Promise.allSettled(underWay)),
  };
}

/** Whether what the servers offer is known without asking them. */
function isLocked(io: CommandIo): boolean {
  return loadLock(openProject(io)).servers.size > 0;
}

async function mendDraft(tell: Tell, { kind, name }: DraftFile, text: string): Promise<Mended> {
  let source = text;
  const told = await tell(async (inside) => {
    const compiler = createProjectCompiler(openProject(inside));
    const { mend } = await import("offstage/language");
    source = mend(text, kind === "profile" ? await compiler.profileChecker(name) : await workflowChecker(compiler, name)).source;
    return EXIT.fine;
  });
  return { ...told, source };
}

async function workflowChecker(compiler: ProjectCompiler, name: string): Promise<(text: string) => readonly Diagnostic[]> {
  const checkText = await compiler.checker(await compiler.types());
  return (text) => checkText(name, text).diagnostics;
}

/** Plans a workflow, and keeps what its servers told for rehearsals. */
async function planDraft(io: CommandIo, workflow: string, inputs: JsonObject): Promise<ExitCode> {
  const project = openProject(io);
  const recorder = createRecorder();
  const use = async (stage: Stage): Promise<ExitCode> => {
    const planned = await planWorkflow(io, stage, await stage.program(workflow), { inputs });
    if (planned.kind === "ended") return endAnswer(io, stage, planned.run);
    keepForRehearsals(project, recorder, planned);
    io.answer(planned.data, planned.text);
    return planned.exitCode;
  };
  return withStage(io, project, use, { around: (calls, rules) => recorder.around(calls, (server, tool, args) => rules.rule(server, tool, args).effect) });
}

/** What a person is to look at; `command` is the one by which they permit it themselves. */
async function shown(tell: Tell, command: string, look: (io: CommandIo) => Promise<{ readonly about: string; readonly text: string }>): Promise<Shown> {
  let about = "";
  const told = await tell(async (inside) => {
    const found = await look(inside);
    about = found.about;
    inside.answer(null, found.text);
    return EXIT.fine;
  });
  return { ...told, about, command };
}

/** A plan that can still be applied, whole. Errors: `PLAN_UNKNOWN`, `PLAN_APPLIED`, `PLAN_EXPIRED`, `PLAN_VOID`, `DRAFT_STARTED`. */
async function storedPlan(io: CommandIo, id: string): Promise<{ readonly about: string; readonly text: string }> {
  return withStage(io, openProject(io), async (stage) => {
    const [row, run] = await stage.store.transact({ durable: false, reads: true }, async (tx) => [await tx.getPlan(id), await tx.getRun(id)] as const);
    if (row === null) throw new OffstageError("PLAN_UNKNOWN", `The store has no plan ${id}.`, { hint: "Plan the workflow: the answer names its plan." });
    if (row.appliedAt !== null) throw new OffstageError("PLAN_APPLIED", `The plan ${id} was applied at ${new Date(row.appliedAt).toISOString()}.`, { hint: "What is left needs a new plan." });
    // Nobody is asked for what is then refused.
    const program = await plannedProgram(stage, row.plan);
    const fault = planFault(row.plan, { ...row.plan.basis, program: hashProgram(program) }, io.clock.now());
    if (fault !== null) throw new OffstageError(fault.code, fault.message, fault.hint === undefined ? {} : { hint: fault.hint });
    const { failures, ambiguous } = run ?? { failures: [], ambiguous: [] };
    const text = askedPlanText(redacted(io, row.plan), redacted(io, { failures, ambiguous }), givenFor(io));
    return { about: hashJson(["apply", row.plan, failures, ambiguous] as unknown as Data), text: `${row.plan.workflow}, planned ${new Date(row.plan.createdAt).toISOString()}:\n\n${text}` };
  });
}
