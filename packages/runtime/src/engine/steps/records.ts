import { hashJson, OffstageError, UnsafeInteger } from "../../base/index.ts";
import type { RecordKey, StepKey } from "../../model/index.ts";
import { typeError, unsafeInteger } from "../failure.ts";
import { call, Closure } from "../functions.ts";
import { article } from "../kinds.ts";
import { modeAfter } from "../paths.ts";
import { type Strand, SURE, type WriteSlot } from "../strand.ts";
import { touch, weaken } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { Keeper, type Settled } from "./ensure.ts";
import { type CompiledRecord, RecordCalls, recordContext } from "./record-calls.ts";
import { noteLost, noteVisit } from "../sweep-notes.ts";
import { withWrite } from "./within.ts";

/** `record.ensure(item)`: what is kept of its target. */
export async function ensureRecord(c: Strand, step: StepKey, record: CompiledRecord, item: Value): Promise<Value> {
  refuseInside(c, record, "ensure");
  const name = call(new Closure(record.identity, undefined), c, [item, recordContext(c)]);
  const identity = name instanceof Promise ? await name : name;
  if (identity instanceof Unknown) return planUnknownIdentity(c, step, record, item, identity);
  const calls = new RecordCalls(c, step, record, keyOf(c, record, identity), item);
  noteVisit(c, calls.key);
  try {
    return await settled(c, step, ["ensure", record.name, calls.key.key], () => new Keeper(c, step, calls).ensure());
  } catch (error) {
    c.missedRecord = true;
    throw error;
  }
}

/** `record.release(identity)`. */
export async function releaseRecord(c: Strand, step: StepKey, record: CompiledRecord, identity: Value): Promise<Value> {
  refuseInside(c, record, "release");
  if (identity instanceof Unknown) {
    touch(c, identity);
    throw new OffstageError("NOT_YET", `record ${record.name}: releasing an identity that is known only after apply is not built yet.`);
  }
  // No item is at hand: callbacks that would need one see it as not known.
  const calls = new RecordCalls(c, step, record, keyOf(c, record, identity), new Unknown([]));
  await settled(c, step, ["release", record.name, calls.key.key], () => new Keeper(c, step, calls).release());
  return undefined;
}

/** `record.lookup(identity)`: what is kept of the live binding, else null. */
export async function lookupRecord(c: Strand, step: StepKey, record: CompiledRecord, identity: Value): Promise<Value> {
  c.run.ports.checkpoint("other");
  const unknown = identity instanceof Unknown ? identity : unknownBindings(c);
  if (unknown !== null) {
    touch(c, unknown);
    return unknown;
  }
  const key = keyOf(c, record, identity);
  return remembered(c, step, ["lookup", record.name, key.key], async () => {
    const { binding } = await c.run.ports.effects.record(key, record.server);
    return binding === null || binding.releasedAt !== null ? null : binding.kept;
  });
}

/** `record.all()`: every binding, released ones too. */
export async function allRecords(c: Strand, step: StepKey, record: CompiledRecord): Promise<Value> {
  c.run.ports.checkpoint("other");
  const unknown = unknownBindings(c);
  if (unknown !== null) {
    touch(c, unknown);
    return unknown;
  }
  return remembered(c, step, ["all", record.name], async () => {
    const bindings = await c.run.ports.effects.bindings(scopeOf(c, record), record.name);
    return bindings.map(({ key, kept, releasedAt }) => ({ identity: key, kept, released: releasedAt !== null }));
  });
}

/** What a held write, or time that did not pass, may have changed about bindings; null when nothing was held or waited for before. */
function unknownBindings(c: Strand): Unknown | null {
  if (c.mode !== SURE || c.waited) return new Unknown(c.mode.from);
  return c.after === null ? null : new Unknown([c.after]);
}

function refuseInside(c: Strand, record: CompiledRecord, operation: string): void {
  c.run.ports.checkpoint("other");
  if (c.write === null && c.probe === null) return;
  throw new OffstageError("ONE_WRITE", `record ${record.name} cannot ${operation} inside a function that makes exactly one write, or only reads.`);
}

function scopeOf(c: Strand, record: CompiledRecord): string {
  return record.scope === "project" ? "project" : c.module.scope;
}

function keyOf(c: Strand, record: CompiledRecord, identity: Value): RecordKey {
  if (identity instanceof UnsafeInteger) throw unsafeInteger(`the identity of record ${record.name}`);
  if (typeof identity !== "string") throw typeError(`The identity of record ${record.name} must be a string, not ${article(identity)}.`);
  return { scope: scopeOf(c, record), record: record.name, key: identity };
}

/** Carries a result that must not be journaled out of the journal's `once`. */
class Provisional {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

/** Runs a record's operation; its result is journaled when all of it happened. A plan journals nothing that an apply must ask again. */
async function settled(c: Strand, step: StepKey, asked: readonly string[], run: () => Promise<Settled>): Promise<Value> {
  if (c.mode !== SURE || c.run.frame.phase === "plan") return (await run()).value;
  try {
    return await c.run.ports.journal.once(step, hashJson(asked), async () => {
      const { value, provisional } = await run();
      if (provisional) throw new Provisional(value);
      return value;
    });
  } catch (thrown) {
    if (thrown instanceof Provisional) return thrown.value;
    throw thrown;
  }
}

async function remembered(c: Strand, step: StepKey, asked: readonly string[], look: () => Promise<Value>): Promise<Value> {
  return c.run.frame.phase === "plan" ? look() : c.run.ports.journal.once(step, hashJson(asked), look);
}

/** An identity that is not known yet: its create is shown as `may` and cannot be permitted by this plan. */
async function planUnknownIdentity(c: Strand, step: StepKey, record: CompiledRecord, item: Value, unknown: Unknown): Promise<Value> {
  noteLost(c, `which ${record.name} ${step} is about is known only when what is held was made`);
  const { mode } = c;
  const exits = c.exits.length;
  const key: RecordKey = { scope: scopeOf(c, record), record: record.name, key: `(known after apply) ${step}` };
  const slot: WriteSlot = { identity: { kind: "record", ...key, generation: 1, action: "create", revision: 0 }, identityKnown: false, label: `${record.name} (known after apply)`, answer: null };
  c.mode = weaken(mode, unknown.from);
  await withWrite(c, `${step}/create/`, slot, () => call(new Closure(record.create, undefined), c, [item, recordContext(c)]));
  c.mode = modeAfter(c, mode, exits);
  touch(c, unknown);
  return slot.answer?.kind === "held" ? new Unknown([...new Set([slot.answer.effect, ...unknown.from])].sort()) : unknown;
}
