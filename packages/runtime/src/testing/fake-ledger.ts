import { encodeValue, hashJson, OffstageError } from "../base/index.ts";
import type { Ports } from "../engine/index.ts";
import { type Binding, type EffectAnswer, effectId, type EffectRequest, type HoldReason, type LedgerEntry, type Outcome, type RecordKey, type RunPhase } from "../model/index.ts";
import { type Adoption, type BindingChange, provesAbsence, type RecordView } from "../records/index.ts";
import type { FakeWorldView } from "./fake-tool.ts";

/** Who asks, and what is held from it. */
export interface LedgerUse {
  readonly phase: RunPhase;
  readonly requests: EffectRequest[];
  readonly visit: () => void;
  readonly holds: (request: EffectRequest) => boolean;
  readonly refuses: (request: EffectRequest) => boolean;
}

/** A ledger and its bindings in memory: just enough of `effects` to drive the engine. */
export class FakeLedger {
  readonly entries = new Map<string, LedgerEntry>();
  readonly bindings = new Map<string, Binding>();
  readonly #world: FakeWorldView;

  constructor(world: FakeWorldView) {
    this.#world = world;
  }

  port(use: LedgerUse): Ports["effects"] {
    const later = async <T>(act: () => T | Promise<T>): Promise<T> => {
      use.visit();
      const value = await act();
      use.visit();
      return value;
    };
    return {
      entry: (identity) => later(() => this.entries.get(effectId(identity)) ?? null),
      // Its runs continue no other.
      earlierWindow: () => Promise.resolve(null),
      record: (key) => later(() => this.#view(key)),
      perform: (request) => later(() => this.#perform(request, use)),
      settle: (effect, evidence) => later(() => {
        const entry = this.#entry(effect);
        if (evidence.kind === "found") return this.#settled(entry, { kind: "done", value: evidence.value, unreadable: false }, "found");
        return provesAbsence(entry, evidence) ? this.#settled(entry, { kind: "failed", error: { code: "EFFECT_ABSENT", message: "absent" } }, "absent") : entry;
      }),
      complete: (effect, completion) => later(() => void this.entries.set(effect, { ...this.#entry(effect), completion })),
      bind: (change) => later(() => this.#bind(change)),
      bindings: (scope, record) => later(() => [...this.bindings.values()].filter((one) => one.scope === scope && one.record === record)),
    };
  }

  #entry(effect: string): LedgerEntry {
    const entry = this.entries.get(effect);
    if (entry === undefined) throw new OffstageError("EFFECT_UNKNOWN", effect);
    return entry;
  }

  #settled(entry: LedgerEntry, outcome: Outcome, settledBy: LedgerEntry["settledBy"]): LedgerEntry {
    const settled: LedgerEntry = { ...entry, status: outcome.kind, outcome, settledBy, settledAt: this.#world.now };
    this.entries.set(entry.id, settled);
    return settled;
  }

  async #perform(request: EffectRequest, use: LedgerUse): Promise<EffectAnswer> {
    use.requests.push(request);
    const effect = effectId(request.identity);
    const known = this.entries.get(effect);
    if (known !== undefined && known.status !== "failed" && known.status !== "intended") return answerOf(known);
    if (use.refuses(request)) return { kind: "refused", effect, error: { code: "EFFECT_REFUSED", message: "denied" } };
    const why = holdReason(request, use);
    if (why !== null) return { kind: "held", effect, why };
    const entry = this.#intend(effect, request);
    this.entries.set(effect, entry);
    if (request.identity.kind === "start") return answerOf(this.#started(entry), false);
    const outcome = await this.#send(request);
    if (request.call === null) this.#adopt(entry, outcome);
    return answerOf(this.#settled(entry, outcome, outcome.kind === "ambiguous" ? null : "answer"), false);
  }

  #intend(id: string, { identity, step, call, server, args }: EffectRequest): LedgerEntry {
    return {
      id, identity, status: "intended", runId: "run-1", rootRunId: "run-1", step, server, tool: call?.tool ?? null, target: `${server}.example`, argsHash: hashJson(args.value), args: args.value,
      attempt: 1, fence: 1, epoch: 1, idempotent: call?.class.idempotent ?? false, intendedAt: this.#world.now, deadlineAt: this.#world.now + 10, settledAt: null, outcome: null, settledBy: null, completion: null,
    };
  }

  /** The run is named for what was asked. */
  #started(entry: LedgerEntry): LedgerEntry {
    const { workflow, key } = entry.args as { readonly workflow: string; readonly key: string };
    const value = { run: `run-of-${workflow}-${key}` };
    this.entries.set(entry.id, { ...entry, completion: encodeValue(value) });
    return this.#settled(this.#entry(entry.id), { kind: "done", value, unreadable: false }, "answer");
  }

  async #send({ step, call, args }: EffectRequest): Promise<Outcome> {
    if (call === null) return { kind: "done", value: args.value, unreadable: false };
    const tool = this.#world.tool(call.server, call.tool);
    const fault = tool.fault?.(args.value) ?? null;
    if (fault === "failed") return { kind: "failed", error: { code: "TOOL_FAILED", message: `${call.tool} was refused` } };
    if (fault === "ambiguous") return { kind: "ambiguous", error: { code: "EFFECT_AMBIGUOUS", message: `${call.tool}: nobody knows` } };
    this.#world.calls.push({ step, tool: call.tool, args: args.value });
    const value = (await tool.answer?.(args.value, this.#world)) ?? null;
    if (fault === "lost") return { kind: "ambiguous", error: { code: "EFFECT_AMBIGUOUS", message: `${call.tool}: the answer was lost` } };
    return { kind: "done", value: fault === "unreadable" ? null : value, unreadable: fault === "unreadable" };
  }

  #view(key: RecordKey): RecordView {
    const binding = this.bindings.get(keyText(key)) ?? null;
    const open = [...this.entries.values()].findLast(({ identity, status }) => identity.kind === "record" && keyText(identity) === keyText(key) && status !== "failed" && isOpen(identity.generation, identity.revision, identity.action, binding)) ?? null;
    return { key, binding, open, formerTargets: [], target: "world.example", now: this.#world.now, restored: false };
  }

  #adopt(entry: LedgerEntry, outcome: Outcome): void {
    if (outcome.kind !== "done" || entry.identity.kind !== "record") return;
    const { kept, targetKey } = outcome.value as unknown as Adoption;
    this.#bind({ kind: "bound", key: entry.identity, effect: entry.id, generation: entry.identity.generation, kept, targetKey, adopted: true, server: entry.server });
  }

  #bind(change: BindingChange): Binding {
    const text = keyText(change.key);
    const { now } = this.#world;
    const before = this.bindings.get(text);
    if (change.kind === "bound") {
      const { scope, record, key } = change.key;
      const bound: Binding = {
        scope, record, key, generation: change.generation, revision: 1, kept: change.kept, targetKey: change.targetKey, adopted: change.adopted, server: change.server, target: "world.example", boundAt: now, releasedAt: null,
        goneSince: null, notConverging: null, workflow: "test", inputsHash: "", lastSeenAt: now, lastSeenRun: "run-1", missedSweeps: 0, epoch: 1,
      };
      this.bindings.set(text, bound);
      return bound;
    }
    if (before === undefined) throw new Error(`No binding ${text}.`);
    const after = { ...before, ...changed(change, now, before) };
    this.bindings.set(text, after);
    return after;
  }
}

function changed(change: Exclude<BindingChange, { readonly kind: "bound" }>, now: number, { revision }: Binding): Partial<Binding> {
  switch (change.kind) {
    case "updated":
      return { revision: revision + 1, notConverging: change.notConverging };
    case "released":
      return { revision: revision + 1, releasedAt: now };
    case "reopened":
      return { revision: revision + 1, releasedAt: null };
    case "seen":
      return { goneSince: change.goneSince, lastSeenAt: now };
  }
}

function isOpen(generation: number, revision: number, action: string, binding: Binding | null): boolean {
  if (binding === null) return true;
  if (generation !== binding.generation) return generation > binding.generation;
  return action !== "create" && action !== "adopt" && revision >= binding.revision;
}

function keyText({ scope, record, key }: RecordKey): string {
  return `${scope}\0${record}\0${key}`;
}

function holdReason(request: EffectRequest, use: LedgerUse): HoldReason | null {
  if (request.certainty !== "sure" || !request.identityKnown || request.args.unknown.length > 0) return { kind: "uncertain" };
  if (request.after !== null) return { kind: "after", effect: request.after };
  if (use.phase === "plan") return { kind: "planning" };
  return use.holds(request) ? { kind: "approval", detail: "a person decides" } : null;
}

function answerOf(entry: LedgerEntry, replayed = true): EffectAnswer {
  const { id: effect, outcome } = entry;
  if (outcome === null) return { kind: "ambiguous", effect, error: { code: "EFFECT_AMBIGUOUS", message: "interrupted" } };
  return outcome.kind === "done" ? { kind: "done", effect, value: outcome.value, unreadable: outcome.unreadable, replayed } : { kind: outcome.kind, effect, error: outcome.error };
}
