import { hashJson, type JsonObject, OffstageError } from "../base/index.ts";
import type { Arrival, Run } from "../model/index.ts";
import type { Program } from "../program/index.ts";
import type { Store } from "../state/index.ts";
import type { Environment } from "./environment.ts";
import { checkedInputs } from "./input-check.ts";
import { runUnknown } from "./ask-to-end.ts";
import { removedUntil } from "./prune.ts";
import { startRun } from "./start-run.ts";

/** What {@link callRun} starts. */
export interface RunCall {
  readonly program: Program;
  /** Over the program's own defaults. */
  readonly inputs: JsonObject;
  readonly sweep: boolean;
  /** Who calls. */
  readonly by: string;
  /** The same one, of the same caller, starts one run; null: each call does. */
  readonly key: string | null;
}

/** Under this trigger calls stand among the arrivals. */
const TRIGGER = "call";

/**
 * Starts a run that somebody asks for, durably and once for each key: run and arrival are one transaction. Whoever drives the store goes on with it; what goes on already
 * does not hold it up, as with one that is started by hand. Errors: `INPUT_INVALID`, `SECRET_IN_INPUT`, `IDEMPOTENCY_KEY_REUSED` when the key came with something else before.
 */
export async function callRun(store: Store, environment: Pick<Environment, "clock" | "random" | "redactor" | "bell" | "dryRun">, call: RunCall): Promise<{ readonly run: Run; readonly arrival: Arrival; readonly again: boolean }> {
  const { program, by, sweep } = call;
  const inputs = await checkedInputs(environment, call);
  // What tells a call that is sent again from another one under the same key. The run has no turn: no event waits for it, or replaces it.
  const asked = `call ${hashJson({ inputs: call.inputs, sweep })}`;
  const id = call.key === null ? null : `${by} ${call.key}`;
  const made = await store.transact({ durable: true }, async (tx) => {
    const earlier = id === null ? null : await tx.getArrival(program.name, TRIGGER, id);
    if (earlier !== null) {
      const run = await tx.getRun(earlier.runId ?? "");
      // It is known that it was called, and nothing is called again.
      if (run === null) throw runUnknown(earlier.runId ?? "", await removedUntil(tx));
      return { arrival: earlier, run, again: true };
    }
    const run = await startRun(tx, environment, { program, inputs, event: { kind: "call", by }, ...(sweep ? { sweep } : {}), phase: "run" });
    const now = run.createdAt;
    const arrival: Arrival = { workflow: program.name, trigger: TRIGGER, id: id ?? run.id, event: run.event, key: asked, overlap: "queue", sweep, each: true, arrivedAt: now, dueAt: now, status: "started", runId: run.id, why: null };
    // The database refuses one of two that come at once; should it not, none of this is stored.
    if (!(await tx.addArrival(arrival))) throw new OffstageError("BUG", `The call ${arrival.id} came twice at once.`);
    await tx.putProgram(run.programHash, program);
    await tx.putRun(run);
    return { arrival, run, again: false };
  });
  if (made.arrival.key !== asked) throw new OffstageError("IDEMPOTENCY_KEY_REUSED", `The key ${call.key ?? ""} started ${made.run.id} with other inputs.`, { hint: "A key belongs to one call, sent once or again. Use a new one for another call." });
  environment.bell?.ring();
  return made;
}
