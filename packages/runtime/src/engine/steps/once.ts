import { decodeValue, encodeValue, UnsafeInteger } from "../../base/index.ts";
import { effectId, type Evidence, type LedgerEntry, type OnceIdentity, type StepKey } from "../../model/index.ts";
import { provesAfterMs } from "../../records/index.ts";
import { findUnknown, toPartial } from "../data.ts";
import { typeError, unsafeInteger } from "../failure.ts";
import { call, type Closure } from "../functions.ts";
import { article } from "../kinds.ts";
import { modeAfter } from "../paths.ts";
import { type Probe, type Strand, SURE, type WriteSlot } from "../strand.ts";
import { unknownOf, weaken } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { ambiguousEnd } from "./holds.ts";
import { withProbe, withWrite } from "./within.ts";

/** What `once` is told. */
export interface OnceOptions {
  readonly key: Value;
  readonly fn: Closure;
  /** Milliseconds; undefined for ever. */
  readonly window: Value;
  readonly confirm: Closure | null;
}

/** The one write in `fn`, once under this key. When it is done, `fn` is not evaluated and the recorded value returned. */
export async function once(c: Strand, step: StepKey, options: OnceOptions): Promise<Value> {
  const { ports } = c.run;
  ports.checkpoint("other");
  const key = unknownOf(c, options.key) ?? options.key;
  if (key instanceof Unknown) return planUnknownKey(c, step, key, options.fn);
  if (key instanceof UnsafeInteger) throw unsafeInteger("the key of once");
  if (typeof key !== "string") throw typeError(`The key of once must be a string, not ${article(key)}.`);
  const identity = await inWindow(c, step, { kind: "once", scope: c.module.scope, key, window: windowOf(c, step, options.window) });
  const entry = await ports.effects.entry(identity);
  const recorded = recordedValue(entry);
  if (recorded !== null) {
    // A run that goes on after it was parked has not found done what it did itself.
    if (entry?.runId !== c.run.frame.runId) c.run.replayed += 1;
    return recorded.value;
  }
  const slot: WriteSlot = { identity, identityKnown: true, label: `once ${key}`, answer: null };
  if (entry !== null && (entry.status === "ambiguous" || entry.status === "intended") && options.confirm !== null && c.mode === SURE) {
    const confirmed = await confirm(c, step, entry, options.confirm, slot);
    if (confirmed !== null) return confirmed.value;
  }
  const value = await withWrite(c, `${step}/`, slot, () => call(options.fn, c, []));
  if (slot.answer?.kind === "done") await complete(c, slot.answer.effect, value);
  return value;
}

/** `once.perRun`: the write's identity is its step. */
export async function oncePerRun(c: Strand, step: StepKey, fn: Closure): Promise<Value> {
  c.run.ports.checkpoint("other");
  const slot: WriteSlot = { identity: { kind: "step", rootRun: c.run.frame.rootRunId, step }, identityKnown: true, label: step, answer: null };
  return withWrite(c, `${step}/`, slot, () => call(fn, c, []));
}

/** The number of the window since the epoch; null for ever. */
function windowOf(c: Strand, step: StepKey, window: Value): number | null {
  if (window === undefined) return null;
  if (typeof window !== "number" || !(window > 0)) throw typeError(`for of once must be a duration, not ${article(window)}.`);
  return Math.floor(c.run.ports.journal.now(`${step}/window`) / window);
}

/** A run that goes on for another one is in the time of when that came here: what was written then, or permitted, is this write. */
async function inWindow(c: Strand, step: StepKey, identity: OnceIdentity): Promise<OnceIdentity> {
  const earlier = identity.window === null ? null : await c.run.ports.effects.earlierWindow(identity, step);
  return earlier === null ? identity : { ...identity, window: earlier };
}

function recordedValue(entry: LedgerEntry | null): { readonly value: Value } | null {
  if (entry === null || entry.status !== "done" || entry.completion === null) return null;
  return { value: decodeValue(entry.completion) as Value };
}

async function complete(c: Strand, effect: string, value: Value): Promise<void> {
  // What is not known yet is completed by a later run.
  if (findUnknown(c, value) === null) await c.run.ports.effects.complete(effect, encodeValue(value));
}

/** Asks `confirm` whether a lost write happened; null when `fn` has to be run (again). */
async function confirm(c: Strand, step: StepKey, entry: LedgerEntry, fn: Closure, slot: WriteSlot): Promise<{ readonly value: Value } | null> {
  const { effects } = c.run.ports;
  const probe: Probe = { gone: false, classes: [] };
  // Journaled, so older than the question when a run was resumed: that proves less, never too much.
  const askedAt = c.run.ports.journal.now(`${step}/confirm-at`);
  const found = await withProbe(c, `${step}/confirm/`, probe, () => call(fn, c, []));
  if (found instanceof Unknown) return null;
  const evidence: Evidence = found === null || found === undefined ? { kind: "absent", askedAt, provesAfterMs: provesAfterMs(probe.classes) } : { kind: "found", value: toPartial(c, found, { what: "What confirm found", unsafe: "keep" }).value };
  const settled = await effects.settle(entry.id, evidence);
  if (evidence.kind === "found") {
    await complete(c, settled.id, found);
    return { value: found };
  }
  if (settled.status === "failed" || settled.idempotent) return null;
  throw ambiguousEnd(settled.id, { code: "EFFECT_AMBIGUOUS", message: `${slot.label}: it is not known whether it was written, and confirm does not find it.`, hint: `Tell with: offstage resolve ${settled.id.slice(0, 12)}. Later runs ask again.` }, { step, label: slot.label });
}

/** A key that is not known yet: the write is shown, and cannot be permitted by this plan. */
async function planUnknownKey(c: Strand, step: StepKey, key: Unknown, fn: Closure): Promise<Value> {
  const identity: OnceIdentity = { kind: "once", scope: c.module.scope, key: `(known after apply) ${step}`, window: null };
  const slot: WriteSlot = { identity, identityKnown: false, label: "once (known after apply)", answer: null };
  const { mode } = c;
  const exits = c.exits.length;
  c.mode = weaken(mode, key.from);
  const value = await withWrite(c, `${step}/`, slot, () => call(fn, c, []));
  c.mode = modeAfter(c, mode, exits);
  return slot.answer?.kind === "held" ? new Unknown([effectId(identity), ...key.from].sort()) : value;
}
