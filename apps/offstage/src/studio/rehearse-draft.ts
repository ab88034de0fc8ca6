import { join } from "node:path";
import { type Data, type JsonObject, OffstageError, shorten, stringifyExact } from "offstage/base";
import type { Plan, Run } from "offstage/model";
import { type Fixture, parseFixture, printFixture, type Recorder, stageOf, type Staging } from "offstage/rehearsal";
import type { CommandIo } from "../command-io.ts";
import { createRehearsalStaging } from "../compose-rehearsal.ts";
import { fixtureOf } from "../commands/record.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { replaceFile } from "../project/write-file.ts";
import { escapeControls } from "../terminal.ts";
import { copyWhatRunsMade } from "./copy-what-runs-made.ts";
import { answeredTools, givenAnswers } from "./given-answers.ts";
import { DRAFTS_FOLDER, readKept } from "./read-kept.ts";

/** What the servers told the last plan of a workflow, for rehearsals of the next draft of it. */
const fixtureName = (workflow: string): string => `fixtures/${workflow}.json`;

/** UTF-16 units of the arguments of one write. */
const LONGEST_ARGUMENTS = 300;

type Stage = Awaited<ReturnType<typeof stageOf>>;
type Rehearsal = Awaited<ReturnType<Stage["plan"]>>;

/** Keeps what a plan was told. It is data of the project's servers, redacted as all of it is. */
export function keepForRehearsals(project: Project, recorder: Recorder, made: { readonly run: Run; readonly plan: Plan }): void {
  const text = project.redactor.redact(printFixture(fixtureOf(project, recorder, made)));
  replaceFile(join(project.folder, DRAFTS_FOLDER, fixtureName(made.run.workflow)), text);
}

/**
 * Plans a draft without servers, over what the last plan was told, what runs have made, and what `answers` says over that; where those answer its writes too, runs it twice, the second
 * time over what the first left behind. Errors: `FIXTURE_MISSING`, `CALL_UNMATCHED`.
 */
export async function rehearseDraft(io: CommandIo, workflow: string, { answers, inputs }: { readonly answers: JsonObject; readonly inputs: JsonObject }): Promise<ExitCode> {
  const project = openProject(io);
  const fixture = recordedFor(project, workflow, answers);
  const staging = stagingOf(project);
  const options = { answers: givenAnswers(answers), inputs: inputs as Record<string, never> };
  const staged = await staging.workflow(workflow);
  const planned = await onStage(() => stageOf(staging, staged, { workflow, options, fixture }), (stage) => stage.plan());
  const parts = [`Plan, offline: ${planned.status}`, ...linesOf(planned)];
  const answeredBy = answeredTools(answers);
  const answered = planned.effects.every(({ tool }) => tool === null || answeredBy.has(tool));
  let ok = planned.error === null;
  if (planned.effects.length > 0 && answered) {
    const [first, second] = await onStage(() => stageOf(staging, staged, { workflow, options, fixture }), async (stage) => {
      const run = await stage.run();
      return [run, await run.again()] as const;
    });
    parts.push("", `Run, offline: ${first.status}`, ...linesOf(first), "", `Once more over what it left: ${second.status}`, ...linesOf(second));
    ok = ok && first.status === "succeeded" && second.status === "succeeded";
  } else if (planned.effects.length > 0) {
    parts.push("", `To run it offline too, answer its writes: ${[...new Set(planned.effects.flatMap(({ tool }) => tool ?? []))].join(", ")}`);
  }
  io.answer({ status: planned.status, effects: planned.effects } as unknown as Data, parts.map((line) => escapeControls(line)).join("\n"));
  return ok ? EXIT.fine : EXIT.failed;
}

/** Rehearsals of the project over what its runs have made: so did the plan whose recording they have. */
function stagingOf(project: Project): Staging {
  const staging = createRehearsalStaging(project);
  return {
    ...staging,
    async openStore(clock) {
      const store = await staging.openStore(clock);
      await copyWhatRunsMade(project, store);
      return store;
    },
  };
}

function recordedFor(project: Project, workflow: string, answers: JsonObject): Fixture | null {
  const text = readKept(project.folder, fixtureName(workflow));
  if (text !== null) return parseFixture(text, `${DRAFTS_FOLDER}/${fixtureName(workflow)}`);
  if (Object.keys(answers).length > 0) return null;
  throw new OffstageError("FIXTURE_MISSING", `Nothing is recorded of ${workflow} yet.`, { hint: "Plan it first, or say what its calls answer." });
}

async function onStage<T>(open: () => Promise<Stage>, use: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await open();
  try {
    return await use(stage);
  } finally {
    await stage.close();
  }
}

function linesOf({ effects, error, failures, held, waits, output, log }: Rehearsal): readonly string[] {
  return [
    ...effects.map(({ label, tool, args, status }) => `  ${status} ${label}${tool === null ? "" : `  ${tool} ${shorten(stringifyExact(args as Data), LONGEST_ARGUMENTS)}`}`),
    ...(effects.length === 0 ? ["  no writes"] : []),
    ...failures.map(({ step, code, message }) => `  failed ${step}: ${code}: ${message}`),
    ...(error === null ? [] : [`  error ${error.code}: ${error.message}`]),
    ...held.map(({ label, why }) => `  held ${label}: ${why}`),
    ...waits.map(({ kind, label }) => `  waits: ${kind} ${label}`),
    ...log.map((text) => `  log: ${text}`),
    ...(output === null ? [] : [`  output ${shorten(stringifyExact(output), LONGEST_ARGUMENTS)}`]),
  ];
}
