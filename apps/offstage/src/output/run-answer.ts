import type { Data } from "offstage/base";
import type { LedgerEntry, Plan, Run } from "offstage/model";
import type { Store } from "offstage/state";
import type { CommandIo } from "../command-io.ts";
import { type GivenFor, givenFor } from "../command-line.ts";
import { planText } from "./plan-text.ts";
import { redacted } from "./redacted.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { runText, storyText } from "./run-text.ts";

/** More than any run may write. */
const ALL_EFFECTS = 100_000;

/** Answers with what a run did; returns the exit code that tells how it ended. `also` is what `--json` has beside it; `plan`: what a run would have written that was held at its writes. */
export async function runAnswer(io: CommandIo, store: Store, run: Run, { form = "end", plan, also = {} }: { readonly form?: "end" | "story"; readonly plan?: Plan; readonly also?: { readonly [name: string]: Data } } = {}): Promise<ExitCode> {
  const { effects, started } = await whatItDid(store, run);
  const continued = form === "story" ? await continuedBy(store, run) : null;
  const arrival = form === "story" ? await store.transact({ durable: false, reads: true }, (tx) => tx.arrivalOf(run.rootRunId)) : null;
  // Before anything is cut: half a secret is not recognised.
  const shown = redacted(io, { run, effects, started, continued, eventId: arrival?.id ?? null, ...(plan === undefined ? {} : { plan }) });
  // What is returned behind a held write may tell of it as if it had been made.
  const outputAssumes = run.output === null ? [] : run.held.map(({ effect }) => effect);
  const data = { run: shown.run, outputAssumes, effects: shown.effects.map(effectData), started: shown.started.map(({ id, workflow, status, event }) => ({ id, workflow, status, event })), ...(form === "story" ? { continued: continued === null ? null : { id: continued.id, status: continued.status }, eventId: shown.eventId } : {}), ...(shown.plan === undefined ? {} : { plan: shown.plan }), ...also } as unknown as Data;
  const planned = shown.plan === undefined ? [] : ["", "What it would have written:", planText(shown.plan, { paint: (_sign, text) => text, width: io.terminal.width, ...givenFor(io) })];
  io.answer(data, form === "end" ? runEndText(io, shown.run, shown.effects, shown.started) : [storyText(shown.run, shown.effects, { ...shown, given: io }), ...planned].join("\n"));
  return exitCodeOfRun(run);
}

/** {@link runText}, with what to type next for the same project. */
export function runEndText(io: GivenFor, run: Run, effects: readonly LedgerEntry[], started: readonly Run[] = []): string {
  return runText(run, effects, started, io);
}

/** The writes of a run, in their order, the last `most` of them, and the runs that these started, as they are now. */
export function whatItDid(store: Store, run: Pick<Run, "id">, most = ALL_EFFECTS): Promise<{ readonly effects: readonly LedgerEntry[]; readonly started: readonly Run[] }> {
  return store.transact({ durable: false, reads: true }, async (tx) => {
    // The store gives the newest first; a story begins at its beginning.
    const effects = (await tx.listEffects({ runId: run.id, limit: most })).toReversed();
    const ids = effects.flatMap(({ identity, outcome }) => (identity.kind === "start" && outcome?.kind === "done" ? [(outcome.value as { readonly run: string }).run] : []));
    const started: Run[] = [];
    for (const id of ids) {
      const one = await tx.getRun(id);
      if (one !== null) started.push(one);
    }
    return { effects, started };
  });
}

/** The run that went on last with what this one left, or goes on; null when none does. */
async function continuedBy(store: Store, { id, rootRunId, createdAt }: Run): Promise<Run | null> {
  const [last] = await store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ rootRunId, limit: 1 }));
  return last === undefined || last.id === id || last.createdAt < createdAt ? null : last;
}

/** The exit code that tells how a run ended. */
export function exitCodeOfRun(run: Run): ExitCode {
  switch (run.status) {
    case "succeeded":
      return EXIT.fine;
    case "planned":
      // As of a run: where both hold, what only a person can know is told.
      return run.ambiguous.length > 0 ? EXIT.waiting : run.failures.length > 0 ? EXIT.failed : EXIT.fine;
    case "parked":
    case "pending":
    case "needs-attention":
      return EXIT.waiting;
    case "cancelled":
      return EXIT.interrupted;
    case "partial":
    case "failed":
    case "queued":
    case "running":
      return EXIT.failed;
  }
}

/** A ledger row as `--json` shows it: without what only the engine can read. */
export function effectData(entry: LedgerEntry): Omit<LedgerEntry, "completion"> {
  const { completion: _, ...rest } = entry;
  return rest;
}
