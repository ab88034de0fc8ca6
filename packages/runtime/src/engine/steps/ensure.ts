import { OffstageError } from "../../base/index.ts";
import { type Binding, type EffectIdentity, effectId, type Evidence, type RecordAction, type StepKey } from "../../model/index.ts";
import { factsAfterWrite, nextEnsure, nextRelease, NO_FACTS, type RecordAbilities, type RecordBind, type RecordFacts, type RecordStep, type RecordView, type RecordWrite } from "../../records/index.ts";
import { toPartial } from "../data.ts";
import { AmbiguousEnd, fromErrorData } from "../failure.ts";
import { modeAfter } from "../paths.ts";
import { refuel, type Strand, SURE } from "../strand.ts";
import { weaken } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { withinOf } from "./calls.ts";
import { ambiguousEnd, hold, refusedEnd } from "./holds.ts";
import type { RecordCalls } from "./record-calls.ts";

/** More steps than any identity can need: the decisions would be going in circles. */
const MAX_STEPS = 60;

/** How executing one identity ended: its value, and whether more is left to do after what is held. */
export interface Settled {
  readonly value: Value;
  /** Not everything happened: nothing of it may be journaled. */
  readonly provisional: boolean;
}

/** Executes what the pure decisions of `records` say, for one identity, to its end. */
export class Keeper {
  readonly #c: Strand;
  readonly #step: StepKey;
  readonly #calls: RecordCalls;
  readonly #has: RecordAbilities;
  #facts: RecordFacts = NO_FACTS;
  #items: ReadonlyMap<string, Value> = new Map();
  #actual: Value = undefined;
  /** What the callback around the last `create` returned. */
  #created: { readonly value: Value } | null = null;
  /** What made a fact unknown. */
  #unknown = new Unknown([]);
  readonly #ambiguous = new Set<string>();

  constructor(c: Strand, step: StepKey, calls: RecordCalls) {
    this.#c = c;
    this.#step = step;
    this.#calls = calls;
    const { read, same, update, reopen, release } = calls.record;
    this.#has = { read: read !== null, same: same !== null, update: update !== null, reopen: reopen !== null, release: release !== null };
  }

  ensure(): Promise<Settled> {
    return this.#run(nextEnsure);
  }

  release(): Promise<Settled> {
    return this.#run(nextRelease);
  }

  async #run(decide: typeof nextEnsure): Promise<Settled> {
    for (let turn = 0; turn < MAX_STEPS; turn++) {
      this.#c.run.ports.checkpoint("other");
      const view = await this.#c.run.ports.effects.record(this.#calls.key, this.#calls.record.server);
      refuel(this.#c);
      const settled = await this.#take(decide(view, this.#facts, this.#has), view);
      if (settled !== null) return settled;
    }
    throw new OffstageError("BUG", `${this.#calls.label}: the decisions about it do not end.`);
  }

  /** One step; null to go on. */
  async #take(step: RecordStep, view: RecordView): Promise<Settled | null> {
    switch (step.kind) {
      case "find":
        return this.#find(view);
      case "read":
        return this.#read(view);
      case "compare":
        return this.#compare();
      case "create":
      case "update":
      case "release":
      case "reopen":
        return this.#write(step, view);
      case "adopt":
        return this.#adopt(step);
      case "settle":
        return this.#settle(step);
      case "bind":
        return this.#bind(step, view);
      case "done":
        return this.#done(step.converged, view.binding);
      case "blocked":
        throw ambiguousEnd(step.effect, step.error, { step: this.#step, label: this.#calls.label });
      case "hold":
        return this.#hold(step);
      case "fail":
        throw fromErrorData(step.error, this.#step);
    }
  }

  async #find(view: RecordView): Promise<null> {
    const found = await this.#calls.find(view.now);
    if (found instanceof Unknown) {
      this.#unknown = found;
      this.#facts = { ...this.#facts, found: "unknown" };
      return null;
    }
    this.#items = found.items;
    this.#facts = { ...this.#facts, found: found.facts };
    return null;
  }

  async #read(view: RecordView): Promise<null> {
    const read = await this.#calls.read(this.#bindingOf(view), view.now);
    if (read instanceof Unknown) {
      this.#unknown = read;
      this.#actual = read;
      this.#facts = { ...this.#facts, read: "unknown" };
      return null;
    }
    this.#actual = read.actual;
    this.#facts = { ...this.#facts, read: read.facts };
    return null;
  }

  async #compare(): Promise<null> {
    const same = await this.#calls.same(this.#actual);
    if (same instanceof Unknown) this.#unknown = same;
    this.#facts = { ...this.#facts, same: same instanceof Unknown ? "unknown" : same };
    return null;
  }

  async #write(step: Exclude<RecordWrite, { readonly kind: "adopt" }>, view: RecordView): Promise<Settled | null> {
    const c = this.#c;
    const { mode } = c;
    const exits = c.exits.length;
    if (!step.certain) c.mode = weaken(mode, this.#unknown.from);
    const kept = step.kind === "create" ? undefined : this.#bindingOf(view).kept;
    try {
      const { slot, value } = await this.#calls.write(step.kind, step.generation, step.revision, kept, this.#actual);
      c.mode = modeAfter(c, mode, exits);
      this.#facts = factsAfterWrite(this.#facts, step.kind);
      if (step.kind === "create") this.#created = { value };
      if (slot.answer === null) throw new OffstageError("ONE_WRITE", `${this.#calls.label}: ${step.kind} made no write.`, { hint: "It must call exactly one tool that writes; what a tool does is said by its profile." });
      if (slot.answer.kind === "done") return null;
      return { value: step.kind === "create" ? this.#calls.keep(value) : (kept as Value), provisional: true };
    } catch (error) {
      return this.#wentWrong(error, step.kind);
    }
  }

  /** A result that cannot be read, or an outcome that is not known: what can be found tells, once. */
  #wentWrong(error: unknown, action: RecordAction): null {
    const isUnreadable = error instanceof OffstageError && error.code === "RESULT_UNREADABLE" && action === "create";
    if ((!(error instanceof AmbiguousEnd) && !isUnreadable) || this.#ambiguous.has(action) || this.#c.mode !== SURE) throw error;
    this.#ambiguous.add(action);
    this.#facts = factsAfterWrite(this.#facts, action);
    return null;
  }

  async #adopt({ generation, revision, targetKey }: Extract<RecordStep, { readonly kind: "adopt" }>): Promise<Settled | null> {
    const c = this.#c;
    const item = this.#items.get(targetKey);
    const kept = this.#calls.kept(item);
    const place = { step: this.#step, label: this.#calls.label };
    const answer = await c.run.ports.effects.perform({
      identity: this.#calls.identity("adopt", generation, revision),
      step: this.#step,
      call: null,
      args: { value: { kept, targetKey }, unknown: [] },
      certainty: c.mode.certainty,
      identityKnown: true,
      after: c.after,
      label: place.label,
      server: this.#calls.record.server,
      ...withinOf(c),
    });
    switch (answer.kind) {
      case "done":
        this.#facts = factsAfterWrite(this.#facts, "adopt");
        return null;
      case "held":
        hold(c, answer.effect, place, answer.why, null);
        return { value: kept, provisional: true };
      case "failed":
        throw fromErrorData(answer.error, this.#step);
      case "ambiguous":
        throw ambiguousEnd(answer.effect, answer.error, place);
      case "refused":
        throw refusedEnd(answer.error);
    }
  }

  async #settle({ effect, evidence }: Extract<RecordStep, { readonly kind: "settle" }>): Promise<null> {
    await this.#c.run.ports.effects.settle(effect, this.#evidence(evidence));
    return null;
  }

  #evidence(evidence: Extract<RecordStep, { readonly kind: "settle" }>["evidence"]): Evidence {
    if (evidence.kind === "absent") return evidence;
    const item = evidence.targetKey === null ? null : this.#items.get(evidence.targetKey);
    return { kind: "found", value: toPartial(this.#c, item, { what: "What find gave", unsafe: "keep" }).value };
  }

  async #bind(step: RecordBind, view: RecordView): Promise<null> {
    const { effects } = this.#c.run.ports;
    const { key } = this.#calls;
    switch (step.change) {
      case "bound":
        return this.#bound(step, view);
      case "updated":
        await effects.bind({ kind: "updated", key, effect: step.effect, notConverging: step.notConverging });
        this.#facts = { ...this.#facts, updated: true };
        return null;
      case "reopened":
        await effects.bind({ kind: "reopened", key, effect: step.effect });
        this.#facts = NO_FACTS;
        return null;
      case "released":
        await effects.bind({ kind: "released", key, effect: step.effect });
        return null;
      case "seen":
        await effects.bind({ kind: "seen", key, goneSince: step.goneSince });
        return null;
    }
  }

  async #bound(step: Extract<RecordBind, { readonly change: "bound" }>, view: RecordView): Promise<null> {
    const target = step.from === "function" ? await this.#createdValue(step.generation, view) : this.#items.get(step.from.targetKey);
    await this.#c.run.ports.effects.bind({
      kind: "bound", key: this.#calls.key, effect: step.effect, generation: step.generation, kept: this.#calls.kept(target),
      targetKey: this.#calls.targetKey(target), adopted: openAction(view) === "adopt", server: this.#calls.record.server,
    });
    return null;
  }

  /** What `create` returned; evaluated again, its write answered from the ledger, when that was lost. */
  async #createdValue(generation: number, view: RecordView): Promise<Value> {
    if (this.#created !== null) return this.#created.value;
    const revision = view.open?.identity.kind === "record" ? view.open.identity.revision : 0;
    const { value, slot } = await this.#calls.write("create", generation, revision, undefined, undefined);
    if (slot.answer?.kind === "done" && slot.answer.effect === view.open?.id) return value;
    throw new OffstageError("JOURNAL_MISMATCH", `${this.#calls.label}: its create did not ask for the write that was made.`, { hint: "This is a fault of Offstage: please report it." });
  }

  async #done(converged: boolean, binding: Binding | null): Promise<Settled> {
    const c = this.#c;
    if (binding !== null && binding.releasedAt === null && c.mode === SURE) {
      // A plan does not visit: what it looked at was not seen by a run.
      if (c.run.frame.phase === "plan") c.run.unchanged += 1;
      else await c.run.ports.effects.bind({ kind: "seen", key: this.#calls.key, goneSince: null, converged });
    }
    return { value: binding?.kept, provisional: false };
  }

  #hold({ generation, why }: Extract<RecordStep, { readonly kind: "hold" }>): Settled {
    const identity: EffectIdentity = this.#calls.identity("create", generation, 0);
    return { value: hold(this.#c, effectId(identity), { step: this.#step, label: this.#calls.label }, why, null), provisional: true };
  }

  #bindingOf(view: RecordView): Binding {
    if (view.binding !== null) return view.binding;
    throw new OffstageError("BUG", `${this.#calls.label}: a step needs its binding, and there is none.`);
  }
}

function openAction(view: RecordView): RecordAction | null {
  return view.open?.identity.kind === "record" ? view.open.identity.action : null;
}
