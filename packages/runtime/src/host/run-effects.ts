import { hashJson, newRunId, OffstageError } from "../base/index.ts";
import { createEffects, type EffectEvent, type Effects, type StartedRun, type Turns } from "../effects/index.ts";
import type { Plan, Run } from "../model/index.ts";
import { type Program, startedPrograms } from "../program/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import type { Environment } from "./environment.ts";
import type { WriteOutcome } from "./run-host.ts";
import type { StoreJournal } from "./journal.ts";
import { refuseSecretInputs } from "./refuse-secret-inputs.ts";
import { startRun } from "./start-run.ts";

/** The effects of one run, with what the run's end tells of them. */
export interface RunEffects {
  readonly effects: Effects;
  /** Writes that were made or may have been, and `once` writes that were done before. */
  readonly counts: () => { readonly writes: number; readonly doneBefore: number };
}

/** What {@link createRunEffects} needs. */
export interface RunEffectsOptions {
  readonly store: Store;
  readonly environment: Environment;
  readonly turns: Turns;
  readonly run: Run;
  readonly program: Program;
  readonly fence: number | null;
  readonly epoch: number;
  readonly plan: Plan | null;
  readonly journal: StoreJournal;
}

/** The write path of one run, over the host's environment. */
export function createRunEffects(options: RunEffectsOptions): RunEffects {
  const { store, environment, turns, run, fence, epoch, plan, journal } = options;
  let writes = 0;
  let doneBefore = 0;
  const effects = createEffects({
    store, turns, fence, epoch, plan,
    caller: environment.calls,
    clock: environment.clock,
    run: {
      id: run.id, rootRunId: run.rootRunId, workflow: run.workflow, ...(options.program.was === undefined ? {} : { formerly: options.program.was }), phase: run.phase, inputsHash: hashJson(run.inputs), maxWrites: options.program.limits.writes ?? null,
      get nameNow() {
        return environment.nameNow?.(run.workflow) ?? run.workflow;
      },
    },
    get policy() {
      return environment.policyNow?.() ?? environment.policy;
    },
    ...(environment.dryRun === undefined ? {} : { dryRun: environment.dryRun }),
    targetOf: environment.targetOf,
    lockFault: environment.lockFault,
    timeoutMs: environment.timeoutMs,
    newId: () => newRunId(environment.clock.now(), environment.random),
    startRun: (tx, asked) => startAsked(tx, asked, options),
    async beforeCommit(tx) {
      await journal.flush(tx);
      await effects.flush(tx);
    },
    onEffect(event) {
      // What failed did not happen: a write whose server never came up is none.
      if (event.attempted && event.kind !== "effect-failed" && event.kind !== "effect-refused") writes += 1;
      tell(environment, run, event);
    },
  });
  return {
    counts: () => ({ writes, doneBefore }),
    effects: {
      ...effects,
      async entry(identity) {
        const entry = await effects.entry(identity);
        if (entry?.status === "done" && entry.completion !== null) {
          doneBefore += 1;
          environment.news({ kind: "effect-skipped", runId: run.id, server: entry.server, tool: entry.tool });
        }
        return entry;
      },
    },
  };
}

/** The run that a `start` asks for waits in the store for whoever drives it. */
async function startAsked(tx: StoreTx, { workflow, key, inputs }: StartedRun, { environment, run, program }: RunEffectsOptions): Promise<string> {
  const started = startedPrograms(program).find(({ name }) => name === workflow);
  if (started === undefined) throw new OffstageError("BUG", `The program does not carry the workflow ${workflow}, which it starts.`);
  refuseSecretInputs(inputs, environment.redactor);
  const made = await startRun(tx, environment, { program: started, inputs, event: { kind: "started", run: run.id, workflow: run.workflow, key, ...starterOf(run) }, phase: "run" });
  await tx.putProgram(made.programHash, started);
  await tx.putRun(made);
  return made.id;
}

/** Kept with each run: the one that started it may be removed while it waits for somebody else's answer. */
function starterOf({ event }: Run): { readonly by?: string } {
  return event.by === undefined ? {} : { by: event.by };
}

function tell(environment: Environment, run: Run, event: EffectEvent): void {
  const kind = event.kind === "effect-refused" ? "effect-failed" : event.kind;
  const { server, tool, label } = event;
  environment.news({ kind, runId: run.id, server, tool, outcome: outcomeOf(event), label, detail: event.replayed ? "done before" : event.detail });
}

function outcomeOf({ kind, replayed }: EffectEvent): WriteOutcome {
  switch (kind) {
    case "effect-done":
      return replayed ? "replayed" : "made";
    case "effect-held":
      return "held";
    case "effect-refused":
      return "refused";
    case "effect-failed":
      return "failed";
    case "effect-ambiguous":
      return "ambiguous";
  }
}
