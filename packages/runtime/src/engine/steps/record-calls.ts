import { type Data, hashJson } from "../../base/index.ts";
import type { Binding, EffectIdentity, RecordAction, RecordKey, StepKey } from "../../model/index.ts";
import { type FindFacts, provesAfterMs, type ReadFacts } from "../../records/index.ts";
import type { CompiledFunction } from "../code.ts";
import { toPartial } from "../data.ts";
import { typeError } from "../failure.ts";
import { call, Closure } from "../functions.ts";
import { article } from "../kinds.ts";
import { type Probe, Strand, type WriteSlot } from "../strand.ts";
import { unknownOf } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { withProbe, withWrite } from "./within.ts";

/** The callbacks of a record, compiled. */
export interface CompiledRecord {
  readonly name: string;
  readonly scope: "workflow" | "project";
  /** Where its targets live: the server that `create` (or `find`) calls. */
  readonly server: string;
  readonly identity: CompiledFunction;
  readonly find: CompiledFunction;
  readonly create: CompiledFunction;
  readonly keep: CompiledFunction;
  readonly read: CompiledFunction | null;
  readonly same: CompiledFunction | null;
  readonly update: CompiledFunction | null;
  readonly release: CompiledFunction | null;
  readonly reopen: CompiledFunction | null;
  readonly releaseWhen: CompiledFunction | null;
  readonly releaseAfterMs: number | null;
}

/** A write of a record: its callback ran, and what became of its one write. */
export interface RecordWritten {
  readonly slot: WriteSlot;
  readonly value: Value;
}

/** What `find` gave, with the items that the pure decisions know by their target keys only. */
export interface Found {
  readonly facts: FindFacts;
  readonly items: ReadonlyMap<string, Value>;
}

/** The callbacks of one record for one identity, as its ensure or release calls them. */
export class RecordCalls {
  readonly record: CompiledRecord;
  readonly key: RecordKey;
  readonly label: string;
  readonly #c: Strand;
  readonly #step: StepKey;
  readonly #item: Value;
  readonly #context: Value;

  constructor(c: Strand, step: StepKey, record: CompiledRecord, key: RecordKey, item: Value) {
    this.#c = c;
    this.#step = step;
    this.record = record;
    this.key = key;
    this.label = `${record.name} ${key.key}`;
    this.#item = item;
    this.#context = recordContext(c);
  }

  /** Asks `find`, live. `now` is an instant before the question. */
  async find(now: number): Promise<Found | Unknown> {
    const probe: Probe = { gone: false, classes: [] };
    const found = await this.#probe("find", probe, this.record.find, [this.#item, this.#context]);
    const unknown = unknownOf(this.#c, found);
    if (unknown !== null) return unknown;
    if (!Array.isArray(found)) throw typeError(`find of record ${this.record.name} must give an array, not ${article(found)}.`);
    const items = new Map<string, Value>();
    const targetKeys: string[] = [];
    for (const item of found as readonly Value[]) {
      if (item instanceof Unknown) return item;
      const targetKey = this.targetKey(item);
      targetKeys.push(targetKey);
      if (!items.has(targetKey)) items.set(targetKey, item);
    }
    return { facts: { targetKeys, askedAt: now, provesAfterMs: provesAfterMs(probe.classes) }, items };
  }

  /** Asks `read`, live; an answer that says gone is one, whether it came as a value or as an error. */
  async read(binding: Binding, now: number): Promise<{ readonly facts: ReadFacts; readonly actual: Value } | Unknown> {
    const probe: Probe = { gone: false, classes: [] };
    let actual: Value = undefined;
    try {
      actual = await this.#probe("read", probe, this.record.read as CompiledFunction, [binding.kept, this.#context]);
    } catch (error) {
      if (!probe.gone) throw error;
    }
    const unknown = unknownOf(this.#c, actual);
    if (unknown !== null) return unknown;
    return { facts: { gone: probe.gone, askedAt: now, provesAfterMs: provesAfterMs(probe.classes) }, actual };
  }

  async same(actual: Value): Promise<boolean | Unknown> {
    const answer = await this.#call(this.record.same as CompiledFunction, [actual, this.#item, this.#context]);
    if (answer instanceof Unknown || typeof answer === "boolean") return answer;
    throw typeError(`same of record ${this.record.name} must give a boolean, not ${article(answer)}.`);
  }

  /** Runs a writing callback with its one write under this identity. */
  async write(action: Exclude<RecordAction, "adopt">, generation: number, revision: number, kept: Value, actual: Value): Promise<RecordWritten> {
    const slot: WriteSlot = { identity: this.identity(action, generation, revision), identityKnown: true, label: this.label, answer: null };
    const [fn, args] = this.#writer(action, kept, actual);
    const path = `${this.#step}/${action}/`;
    const value = await withWrite(this.#c, path, slot, () => call(new Closure(fn, undefined), this.#c, args));
    return { slot, value };
  }

  #writer(action: Exclude<RecordAction, "adopt">, kept: Value, actual: Value): readonly [CompiledFunction, readonly Value[]] {
    const { record } = this;
    switch (action) {
      case "create":
        return [record.create, [this.#item, this.#context]];
      case "update":
        return [record.update as CompiledFunction, [kept, this.#item, actual, this.#context]];
      case "release":
        return [record.release as CompiledFunction, [kept, this.#context]];
      case "reopen":
        return [record.reopen as CompiledFunction, [kept, this.#item, this.#context]];
    }
  }

  identity(action: RecordAction, generation: number, revision: number): EffectIdentity {
    return { kind: "record", ...this.key, generation, action, revision };
  }

  /** What `keep` remembers of a target. */
  keep(target: Value): Value {
    return this.#now(this.record.keep, this.#c, [target, this.#item, this.#context]);
  }

  /** {@link keep} as it is stored. Throws when part of it is not known. */
  kept(target: Value): Data {
    const partial = toPartial(this.#c, this.keep(target), { what: `What keep of record ${this.record.name} returns`, unsafe: "refuse" });
    if (partial.unknown.length > 0) throw typeError(`What keep of record ${this.record.name} returns is not known.`);
    return partial.value;
  }

  /**
   * Hash of the part of `kept` that comes from the target alone: `keep` of the target and an item that is not known. Where
   * nothing of it is from the target, all of it.
   */
  targetKey(target: Value): string {
    const use = { what: `What keep of record ${this.record.name} returns`, unsafe: "refuse" } as const;
    const apart = new Strand(this.#c.run, this.#c.module, this.#c.path);
    const value = this.#now(this.record.keep, apart, [target, new Unknown([]), this.#context]);
    const partial = toPartial(apart, value, use);
    if (hasKnown(partial.value)) return hashJson(partial.value);
    return hashJson(toPartial(this.#c, this.keep(target), use).value);
  }

  #now(fn: CompiledFunction, c: Strand, args: readonly Value[]): Value {
    const value = call(new Closure(fn, undefined), c, args);
    if (value instanceof Promise) throw typeError(`keep of record ${this.record.name} must not call tools.`);
    return value;
  }

  async #call(fn: CompiledFunction, args: readonly Value[]): Promise<Value> {
    return call(new Closure(fn, undefined), this.#c, args);
  }

  #probe(name: string, probe: Probe, fn: CompiledFunction, args: readonly Value[]): Promise<Value> {
    return withProbe(this.#c, `${this.#step}/${name}/`, probe, () => this.#call(fn, args));
  }
}

/** What every callback of a record gets last. */
export function recordContext(c: Strand): Value {
  const { inputs, event } = c.module;
  return { inputs, event };
}

function hasKnown(data: Data): boolean {
  if (data === null) return false;
  if (Array.isArray(data)) return (data as readonly Data[]).some(hasKnown);
  return typeof data === "object" ? Object.values(data as { readonly [key: string]: Data }).some(hasKnown) : true;
}
