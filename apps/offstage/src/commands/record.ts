import { join } from "node:path";
import { type Clock, type Data, isOffstageError, type JsonObject, OffstageError } from "offstage/base";
import type { Plan, Run } from "offstage/model";
import { createRecorder, effectsDifference, type Fixture, FIXTURE_VERSION, fixturePath, maskFixture, parseFixture, printFixture, readFixture, recordedEffect, type Recorder, stageOf } from "offstage/rehearsal";
import { inputNames, type Program } from "offstage/program";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { type Stage, withStage } from "../compose.ts";
import { createRehearsalStaging, isFixtureName } from "../compose-rehearsal.ts";
import { endAnswer } from "../end-answer.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { followRun } from "../follow-run.ts";
import { collectInput, INPUT_HELP, parseInputs } from "../input-option.ts";
import { counted } from "../output/counted.ts";
import { exitCodeOfRun } from "../output/run-answer.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { replaceFile } from "../project/write-file.ts";
import { escapeControls } from "../terminal.ts";
import { testFiles, workflowOf } from "../test-run/test-files.ts";

interface RecordOptions {
  readonly case: string;
  readonly live?: boolean;
  readonly input?: readonly string[];
}

/** `offstage record <workflow>`: what a run is told by its servers, as a fixture for tests. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<workflow>", "the workflow's name")
    .option("--case <name>", "the fixture's name: fixtures/<workflow>/<name>.json", "default")
    .option("--live", "record a real run under the policy, which writes; by default it is planned, and nothing is written")
    .option("--input <name=value>", `${INPUT_HELP}; a fixture that is there keeps its others`, collectInput)
    .action(io.action((workflow: string, options: RecordOptions) => record(io, workflow, options)));
}

/** What one of the two ways to record ends with: a fixture's parts, or the exit code of a run that gave none. */
type Taken = { readonly run: Run; readonly plan: Plan | null } | ExitCode;

async function record(io: CommandIo, workflow: string, options: RecordOptions): Promise<ExitCode> {
  if (!isFixtureName(options.case)) throw new OffstageError("USAGE", `"${options.case}" is no name of a case.`, { hint: "Use lower-case letters, digits and -: open-leaks" });
  const project = openProject(io);
  const recorder = createRecorder();
  const around: NonNullable<Parameters<typeof withStage>[3]>["around"] = (calls, rules) => recorder.around(calls, (server, tool, args) => rules.rule(server, tool, args).effect);
  const take = async (stage: Stage): Promise<Taken> => {
    const program = await stage.program(workflow);
    const inputs = { ...inputsBefore(project, workflow, options.case), ...parseInputs(options.input ?? [], program) };
    const request = { program, inputs: onlyKnown(inputs, program), event: { kind: "call" } as const };
    return options.live === true ? takeRun(io, stage, recorder, request) : takePlan(io, stage, request);
  };
  const listen = { drivesStarted: false as const, around, aroundModels: (models: Parameters<Recorder["aroundModels"]>[0]) => recorder.aroundModels(models) };
  const taken = await withStage(io, project, take, options.live === true ? listen : { ...listen, memory: true, clock: standing(io.clock) });
  if (typeof taken === "number") return taken;
  return keep(io, project, { fixture: fixtureOf(project, recorder, taken), parked: taken.run.status === "parked" }, options);
}

type Request = Parameters<Stage["host"]["start"]>[0];

async function takePlan(io: CommandIo, stage: Stage, request: Request): Promise<Taken> {
  const made = await stage.host.plan({ ...request, cancelled: io.signal });
  return made.run.status === "planned" ? made : endAnswer(io, stage, made.run);
}

/** After the run, a plan looks at what is there now: what a second run would read. It writes nothing. */
async function takeRun(io: CommandIo, stage: Stage, recorder: Recorder, request: Request): Promise<Taken> {
  const run = await followRun(io, stage, await stage.host.start(request));
  if (run.status === "cancelled") return exitCodeOfRun(run);
  if (run.counts.calls > 0 && recorder.calls().length === 0) {
    throw new OffstageError("STORE_LOCKED", `Another process drove run ${run.id}: what its servers were asked could not be recorded.`, { hint: `The run is what it is: offstage show ${run.id}. Record when nothing else runs over this store.` });
  }
  recorder.onlyNews();
  await stage.host.plan({ ...request, cancelled: io.signal });
  return { run, plan: null };
}

/** What was recorded, as a fixture; what `offstage.yaml` masks is masked. */
export function fixtureOf(project: Project, recorder: Recorder, { run, plan }: Exclude<Taken, number>): Fixture {
  const calls = recorder.calls();
  const servers = project.servers.map((server) => server.name).filter((name) => calls.some((call) => call.server === name));
  const targets = Object.fromEntries(servers.map((server) => [server, project.server(server).target]));
  const fixture: Fixture = { version: FIXTURE_VERSION, workflow: run.workflow, phase: plan === null ? "run" : "plan", now: run.startedAt, inputs: run.inputs, event: run.event, targets, calls, effects: (plan?.effects ?? []).map(recordedEffect) };
  return maskFixture(fixture, project.settings.masks);
}

/** A fixture, and whether its run is not at its end. */
interface Recorded {
  readonly fixture: Fixture;
  readonly parked: boolean;
}

async function keep(io: CommandIo, project: Project, { fixture, parked }: Recorded, options: RecordOptions): Promise<ExitCode> {
  const file = fixturePath(fixture.workflow, options.case);
  // Answers were redacted as they came in; what a mask or an input says is looked at once more.
  const text = project.redactor.redact(printFixture(fixture));
  const difference = await replayDifference(project, parseFixture(text, file), options.case);
  replaceFile(join(project.folder, file), text);
  const data = { file, phase: fixture.phase, calls: fixture.calls.length, effects: fixture.effects.length, replays: difference === null, parked, ...(difference === null ? {} : { difference }) };
  io.answer(data as Data, recordedText(file, { fixture, parked }, difference, nextStep(io, project, fixture.workflow)));
  return difference === null ? EXIT.fine : EXIT.failed;
}

/** Plays the fixture as a test will; what differs then differs because of a mask, or of what the store knew before. */
async function replayDifference(project: Project, fixture: Fixture, name: string): Promise<string | null> {
  const staging = createRehearsalStaging(project);
  const stage = await stageOf(staging, await staging.workflow(fixture.workflow), { workflow: fixture.workflow, options: { fixture: name }, fixture });
  try {
    if (fixture.phase === "run") return void (await stage.run()), null;
    const { effects, recorded } = await stage.plan();
    return effectsDifference(recorded, effects);
  } catch (error) {
    if (isOffstageError(error) && error.code !== "BUG") return error.message;
    throw error;
  } finally {
    await stage.close();
  }
}

function recordedText(file: string, { fixture, parked }: Recorded, difference: string | null, next: string): string {
  const tools = [...Map.groupBy(fixture.calls, (call) => `${call.server}.${call.tool}`)].map(([tool, calls]) => `    ${String(calls.length).padStart(4)}  ${tool}`);
  const effects = fixture.phase === "run" ? [] : [`  ${counted(fixture.effects.length, "effect")} expected, none was made`];
  const end = difference === null ? [`It replays offline as it was recorded. Next: ${next}`] : ["It does not replay as it was recorded:", ...escapeControls(difference, "keep").split("\n").map((line) => `  ${line}`), WHY[parked ? "parked" : fixture.phase]];
  return [`recorded ${file}`, `  ${counted(fixture.calls.length, "call")}`, ...tools, ...effects, ...end].join("\n");
}

/** A recording alone passes nothing: the first test of a workflow has to be written. */
function nextStep(io: CommandIo, project: Project, workflow: string): string {
  const command = commandLine(io, "test", workflow);
  return testFiles(project.folder).some((file) => workflowOf(file) === workflow) ? command : `write workflows/${workflow}.test.ts, then: ${command}`;
}

const WHY = {
  plan: "A rule under fixtures.mask in offstage.yaml changes what the workflow asks for: narrow it.",
  parked: "The run waits, and what it is told when it goes on is not recorded. A test can answer what is missing.",
  run: "The store knew of earlier writes, or a rule under fixtures.mask changes what the workflow asks for. A test can answer what is missing.",
} as const;

/** Recorded again, a case keeps its inputs. */
function inputsBefore(project: Project, workflow: string, name: string): JsonObject {
  try {
    return readFixture(createRehearsalStaging(project), workflow, name).inputs;
  } catch {
    // There is none, or one that cannot be read: it is made anew.
    return {};
  }
}

/** An input that the workflow had when the case was recorded may be gone. */
function onlyKnown(inputs: JsonObject, program: Program): JsonObject {
  const known = inputNames(program);
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => known.includes(name)));
}

/** One instant for the whole recording: what the workflow computes from it, a replay computes too. */
function standing(clock: Clock): Clock {
  const now = clock.now();
  return { now: () => now, sleep: (ms, signal) => clock.sleep(ms, signal) };
}
