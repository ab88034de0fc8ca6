import { createRedactor, type Data, type Json, type JsonObject, OffstageError, parseDuration } from "../base/index.ts";
import { answerRequests } from "../effects/index.ts";
import { answerApproval, type Environment, offerEvent, openApprovals, type RunHandle, type RunHost, type RunNews } from "../host/index.ts";
import type { Plan, Run, RunEvent } from "../model/index.ts";
import type { Store } from "../state/index.ts";
import { createAnswerBook } from "./answers.ts";
import { type Fixture, fixturePath } from "./fixture.ts";
import { parseFixture } from "./fixture-text.ts";
import { createRehearsalClock, type RehearsalClock } from "./rehearsal-clock.ts";
import { createReplay, firstOf, type Replay } from "./replay.ts";
import { effectOfEntry, effectOfPlan, effectOfRecorded } from "./shown-effects.ts";
import type { StagedWorkflow, Staging } from "./staging.ts";
import type { AgainOptions, Answers, Rehearsal, RehearsedEffect, RehearseOptions } from "./test-types.ts";

/** The workflow under test over a store and a clock of its own: each run finds what the runs before it left behind. */
export interface Stage {
  run(change?: AgainOptions): Promise<Rehearsal>;
  plan(change?: AgainOptions): Promise<Rehearsal>;
  /** Recorded calls that no run has asked for, `server.tool` each; of what a plan cannot ask for, none, while only plans were made. */
  unused(): readonly string[];
  close(): Promise<void>;
}

/** Without a fixture the clock says this. */
const NO_FIXTURE_NOW = Date.UTC(2026, 0, 1, 9);
/** More than any run may write. */
const ALL = 100_000;

/** Reads the fixture, compiles the workflow and opens an empty store. Errors: as `rehearse` of {@link RehearseOptions}. */
export async function openStage(staging: Staging, workflow: string, options: RehearseOptions): Promise<Stage> {
  const staged = await staging.workflow(workflow);
  const fixture = options.fixture === undefined ? null : readFixture(staging, workflow, options.fixture);
  return stageOf(staging, staged, { workflow, options, fixture });
}

/** The same over a fixture that is not in a file yet. */
export async function stageOf(staging: Staging, staged: StagedWorkflow, given: { readonly workflow: string; readonly options: RehearseOptions; readonly fixture: Fixture | null }): Promise<Stage> {
  const { workflow, options, fixture } = given;
  const clock = createRehearsalClock(options.now === undefined ? (fixture?.now ?? NO_FIXTURE_NOW) : instant(options.now));
  const source = options.fixture === undefined ? null : { file: fixturePath(workflow, options.fixture), command: `offstage record ${workflow} --case ${options.fixture}` };
  const replay = createReplay({ recorded: fixture?.calls ?? [], source, repeats: options.repeats ?? "last", classOf: staged.classOf });
  const news: RunNews[] = [];
  const store = await staging.openStore(clock);
  const environment: Environment = { drivesStarted: false, ...staged.createEnvironment({ clock, calls: replay.calls, models: replay.models, random: countedBytes(), targetOf: (server) => (fixture !== null && Object.hasOwn(fixture.targets, server) ? (fixture.targets[server] ?? server) : server), news: (one) => void news.push(one) }) };
  const inputs = { ...fixture?.inputs, ...(options.inputs as JsonObject | undefined) };
  const event = (options.event as RunEvent | undefined) ?? fixture?.event ?? { kind: "call" };
  return new Rehearsals({ staged, fixture, clock, replay, news, store, host: staging.createHost(store, environment), request: { program: staged.program, inputs, event } }, options.answers ?? {});
}

/** A fixture of the project. Errors: `FIXTURE_MISSING`, `FIXTURE_INVALID`, `FIXTURE_NEWER`. */
export function readFixture(staging: Pick<Staging, "fixtures">, workflow: string, name: string): Fixture {
  const file = fixturePath(workflow, name);
  const text = staging.fixtures.read(workflow, name);
  if (text === null) {
    const names = staging.fixtures.names(workflow);
    throw new OffstageError("FIXTURE_MISSING", `There is no ${file}.`, { hint: `${names.length === 0 ? "" : `There are: ${names.join(", ")}. `}Record it: offstage record ${workflow} --case ${name}` });
  }
  const fixture = parseFixture(text, file);
  if (fixture.workflow === workflow) return fixture;
  throw new OffstageError("FIXTURE_INVALID", `${file} was recorded from the workflow ${fixture.workflow}.`, { hint: `Record it again: offstage record ${workflow} --case ${name}` });
}

interface Props {
  readonly staged: StagedWorkflow;
  readonly fixture: Fixture | null;
  readonly clock: RehearsalClock;
  readonly replay: Replay;
  readonly news: RunNews[];
  readonly store: Store;
  readonly host: RunHost;
  readonly request: Parameters<RunHost["start"]>[0];
}

class Rehearsals implements Stage {
  readonly #props: Props;
  #answers: Answers;
  readonly #counts = new Map<string, number>();
  #ran = false;

  constructor(props: Props, answers: Answers) {
    this.#props = props;
    this.#answers = answers;
  }

  run(change: AgainOptions = {}): Promise<Rehearsal> {
    this.#ran = true;
    return this.#perform(change, async () => this.#ended(await this.#props.host.start(this.#props.request)));
  }

  plan(change: AgainOptions = {}): Promise<Rehearsal> {
    return this.#perform(change, async () => {
      const { run, plan } = await this.#props.host.plan({ ...this.#props.request, cancelled: new AbortController().signal });
      return { run, effects: effectsOfPlan(plan) };
    });
  }

  unused(): readonly string[] {
    const { replay, fixture } = this.#props;
    // What a run reads after its writes, a plan cannot.
    if (!this.#ran && fixture?.phase === "run") return [];
    const unused = replay.unused().filter((call) => this.#ran || call.class !== "write");
    return unused.map((call) => `${call.server}.${call.tool}`);
  }

  async close(): Promise<void> {
    await this.#props.host.close();
    await this.#props.store.close();
  }

  /** Answers every open request and every question of a parked run, and goes on with the first run that it concerns. */
  #answer(verdict: "approve" | "deny", change: AgainOptions): Promise<Rehearsal> {
    const { store, host, clock, staged } = this.#props;
    return this.#perform(change, async () => {
      const asking = await this.#answerQuestions(verdict === "approve" ? "approved" : "denied");
      const open = await store.transact({ durable: false, reads: true }, (tx) => tx.listRequests({ status: ["open"], limit: ALL }));
      const runId = asking ?? open[0]?.runId;
      if (runId === undefined) throw new OffstageError("REQUEST_UNKNOWN", "Nothing waits for a person.", { hint: "Look at `held` and `waits`: they say what the run waits for." });
      if (open.length > 0) await answerRequests(store, open.map(({ id }) => id), { verdict, by: "the test", now: clock.now(), maxAgeMs: staged.grantMaxAgeMs });
      return this.#ended(await (asking === null ? host.continue(runId) : host.resume(runId)));
    });
  }

  /** Says the same to all that workflows ask with approve(). Gives the run that asked first; null when nobody asks. */
  async #answerQuestions(verdict: "approved" | "denied"): Promise<string | null> {
    const { store, clock } = this.#props;
    let first: string | null = null;
    // One answer may be that of several questions.
    for (let [asked] = await openApprovals(store, clock.now()); asked !== undefined; [asked] = await openApprovals(store, clock.now())) {
      first ??= asked.runId;
      await answerApproval(store, asked.id, { verdict, by: asked.by?.[0] ?? "the test", at: clock.now() });
    }
    return first;
  }

  /** Goes on with a run that is parked, as `offstage resume` does. */
  #resume(run: Run, change: AgainOptions): Promise<Rehearsal> {
    return this.#perform(change, async () => {
      if (run.status !== "parked") throw new OffstageError("USAGE", `The run does not wait: it is at its end, ${run.status}.`, { hint: "`again()` runs the workflow once more." });
      return this.#ended(await this.#props.host.resume(run.id));
    });
  }

  /** Brings a parked run an event, as `offstage resume --event` does. */
  #offer(runId: string, event: Json, { topic, ...change }: AgainOptions & { readonly topic?: string }): Promise<Rehearsal> {
    const { store, host, clock } = this.#props;
    return this.#perform(change, async () => {
      await offerEvent(store, { redactor: createRedactor(), now: () => clock.now() }, { runId, event: event as Data, ...(topic === undefined ? {} : { topic }) });
      return this.#ended(await host.resume(runId));
    });
  }

  /** A run at its end, or parked at what only a test can answer: sleeping and looking again take no time here. */
  async #ended(handle: RunHandle): Promise<{ readonly run: Run; readonly effects: readonly RehearsedEffect[] }> {
    const { host, clock } = this.#props;
    let run = await handle.finished;
    for (let wakesAt = earliestWaking(run); wakesAt !== null; wakesAt = earliestWaking(run)) {
      clock.advance(Math.max(0, wakesAt - clock.now()));
      run = await (await host.resume(run.id)).finished;
    }
    const rows = await this.#props.store.transact({ durable: false, reads: true }, (tx) => tx.listEffects({ runId: run.id, limit: ALL }));
    // The store gives the newest first.
    return { run, effects: rows.toReversed().map(effectOfEntry) };
  }

  async #perform(change: AgainOptions, perform: () => Promise<{ readonly run: Run; readonly effects: readonly RehearsedEffect[] }>): Promise<Rehearsal> {
    const { replay, clock, news, fixture } = this.#props;
    if (change.after !== undefined) clock.advance(duration(change.after));
    this.#answers = { ...this.#answers, ...change.answers };
    replay.answerWith(createAnswerBook(this.#answers, this.#counts));
    news.length = 0;
    const { run, effects } = await perform();
    const { made, faults } = replay.take();
    const fault = firstOf(faults);
    if (fault !== null) throw fault;
    return {
      status: run.status,
      output: run.output as Json,
      error: run.error,
      failures: run.failures.map(({ step, error }) => ({ step, ...error })),
      waits: run.waits.map(({ kind, label, until }) => ({ kind, label, until: until === null ? null : new Date(until).toISOString() })),
      held: [...run.held, ...run.ambiguous].map(({ label, why }) => ({ label, why })),
      effects,
      recorded: (fixture?.effects ?? []).map(effectOfRecorded),
      calls: made,
      log: news.flatMap((one) => (one.kind === "log" ? [one.text] : [])),
      again: (next) => this.run(next),
      plan: (next) => this.plan(next),
      resume: (next = {}) => this.#resume(run, next),
      offer: (given, next = {}) => this.#offer(run.id, given as Json, next),
      approve: (next = {}) => this.#answer("approve", next),
      deny: (next = {}) => this.#answer("deny", next),
    };
  }
}

function effectsOfPlan(plan: Plan): readonly RehearsedEffect[] {
  return plan.effects.map(effectOfPlan);
}

/** When a parked run goes on by itself, in ms: it sleeps, or looks again. Null when it does not, or when the time of what a test could bring would be over by then: that is the test's to say. */
function earliestWaking({ status, waits }: Run): number | null {
  if (status !== "parked") return null;
  const earliest = (byItself: boolean): number => Math.min(...waits.flatMap(({ kind, until }) => ((kind === "sleep" || kind === "poll") === byItself && until !== null ? [until] : [])));
  const wakesAt = earliest(true);
  return wakesAt < earliest(false) ? wakesAt : null;
}

/** Bytes that are the same in every rehearsal, so that ids are. */
function countedBytes(): (count: number) => Uint8Array {
  let next = 0;
  return (count) => Uint8Array.from({ length: count }, () => (next = (next * 73 + 41) % 251));
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw new OffstageError("USAGE", `"${text}" is no duration.`, { hint: 'Write "90s", "10m", "1h" or "7d".' });
}

function instant(text: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw new OffstageError("USAGE", `"${text}" is no instant.`, { hint: 'Write it as "2026-11-02T09:00:00Z".' });
}
