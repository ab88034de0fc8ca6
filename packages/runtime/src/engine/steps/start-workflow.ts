import { decodeValue, UnsafeInteger } from "../../base/index.ts";
import { type CallClass, type EffectIdentity, OWN_SERVER, startTool, type StepKey } from "../../model/index.ts";
import type { InputSpec } from "../../program/index.ts";
import { toPartial } from "../data.ts";
import { typeError, unsafeInteger } from "../failure.ts";
import { article } from "../kinds.ts";
import type { Strand } from "../strand.ts";
import { unknownOf } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { outcomeOf, withinOf } from "./calls.ts";
import { inputsOf, ownScope, refuseInWrite } from "./workflows.ts";

/** It touches the store alone, in the transaction that says so: it is done, or nothing of it is. */
const STARTING: CallClass = { effect: "write", idempotent: false, consistent: true, lagMs: null, affects: [], undo: null };

type StartIdentity = Extract<EffectIdentity, { readonly kind: "start" }>;

/**
 * `start(workflow, key, inputs)`: another workflow as a run of its own, once for its key, whoever starts it. An effect like a write:
 * planned, decided by the gate, kept in the ledger; its value names the run.
 */
export async function startWorkflow(c: Strand, step: StepKey, started: InputSpec, key: Value, inputs: Value): Promise<Value> {
  const { ports } = c.run;
  ports.checkpoint("other");
  refuseInWrite(c, started.name, "started");
  const scope = ownScope(c, started.name);
  const known = unknownOf(c, key) ?? keyOf(started.name, key);
  const identity: StartIdentity = { kind: "start", scope, key: known instanceof Unknown ? `(known after apply) ${step}` : known };
  if (!(known instanceof Unknown)) {
    const entry = await ports.effects.entry(identity);
    if (entry?.status === "done" && entry.completion !== null) {
      if (entry.runId !== c.run.frame.runId) c.run.replayed += 1;
      return decodeValue(entry.completion) as Value;
    }
  }
  const args = toPartial(c, { workflow: started.name, key: known, inputs: inputsOf(c, started, inputs) }, { what: `The inputs of ${started.name}`, unsafe: "refuse" });
  const place = { step, label: `start ${started.name} ${known instanceof Unknown ? "(known after apply)" : known}` };
  const answer = await ports.effects.perform({
    identity, step, args,
    call: { server: OWN_SERVER, tool: startTool(started.name), class: STARTING },
    certainty: c.mode.certainty,
    identityKnown: !(known instanceof Unknown),
    after: c.after,
    label: place.label,
    server: OWN_SERVER,
    ...withinOf(c),
  });
  return outcomeOf(c, answer, place, null);
}

function keyOf(workflow: string, key: Value): string {
  if (key instanceof UnsafeInteger) throw unsafeInteger(`the key of start(${workflow})`);
  if (typeof key !== "string") throw typeError(`The key of start must be a string, not ${article(key)}.`);
  return key;
}
