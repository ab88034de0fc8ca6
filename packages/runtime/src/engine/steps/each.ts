import { OffstageError, toErrorData, UnsafeInteger } from "../../base/index.ts";
import type { StepKey } from "../../model/index.ts";
import { findUnknown, sameData } from "../data.ts";
import { AmbiguousEnd, reachOf, typeError, unsafeInteger } from "../failure.ts";
import { call, callBack, type Closure } from "../functions.ts";
import { elementsOf } from "../iterate.ts";
import { article } from "../kinds.ts";
import { absorb } from "../paths.ts";
import { burn, refuel, type Strand, SURE } from "../strand.ts";
import { born, touch, weaken } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { noteAmbiguous } from "./holds.ts";
import { itemSegment } from "./keys.ts";
import { replayStaged } from "./states.ts";

/** What `each` is told, evaluated. */
export interface EachOptions {
  readonly site: string;
  readonly items: Value;
  readonly key: Closure;
  readonly parallel: Value;
  readonly onError: "stop" | "continue";
  readonly fn: Closure;
}

/** How an item ended. */
type Ending = { readonly kind: "value"; readonly value: Value } | { readonly kind: "failed"; readonly error: unknown };

/** One item with its key; `key` is null when it is not known yet. */
interface Item {
  readonly value: Value;
  readonly segment: string;
  readonly unknown: Unknown | null;
}

/** A loop with identity: each item is a strand of its own; results in input order. */
export async function each(c: Strand, options: EachOptions): Promise<Value> {
  c.run.ports.checkpoint("other");
  if (c.write !== null) throw new OffstageError("ONE_WRITE", "A function that makes exactly one write cannot have a loop.");
  const elements = elementsOf(c, options.items, "each");
  if (elements instanceof Unknown) return planUnknownList(c, options, elements);
  const width = widthOf(options.parallel);
  const { items, order } = keyed(c, options, elements);
  const endings = await runAll(c, options, items, width);
  const results = order.map((index) => {
    const ending = endings[index];
    return ending?.kind === "value" ? ending.value : undefined;
  });
  refuel(c);
  return born(c, results);
}

function widthOf(parallel: Value): number {
  if (parallel === undefined || parallel instanceof Unknown) return 1;
  if (typeof parallel !== "number" || !Number.isInteger(parallel) || parallel < 1) throw typeError(`parallel of each must be a whole number from 1, not ${typeof parallel === "number" ? parallel : article(parallel)}.`);
  return parallel;
}

/** The items, each key once, and for each element which of them it is. */
function keyed(c: Strand, { site, key }: EachOptions, elements: readonly Value[]): { readonly items: readonly Item[]; readonly order: readonly number[] } {
  const items: Item[] = [];
  const byKey = new Map<string, number>();
  const order = elements.map((value, index) => {
    const name = callBack(key, c, value, index);
    if (name instanceof Unknown) {
      touch(c, name);
      return items.push({ value, segment: `${site}[?${index}]`, unknown: name }) - 1;
    }
    if (name instanceof UnsafeInteger) throw unsafeInteger("a key of each");
    if (typeof name !== "string") throw typeError(`A key of each must be a string, not ${article(name)}.`);
    const known = byKey.get(name);
    if (known === undefined) {
      byKey.set(name, items.length);
      return items.push({ value, segment: itemSegment(site, name), unknown: null }) - 1;
    }
    if (!sameData(items[known]?.value, value)) {
      throw new OffstageError("DUPLICATE_KEY", `each ${site}: two different items have the key ${JSON.stringify(name)}.`, { hint: "Choose a key that is different for each item." });
    }
    return known;
  });
  burn(c, elements.length);
  return { items, order };
}

/** Runs the items, `width` at a time, in their order; nothing is left in flight when it ends. */
async function runAll(c: Strand, options: EachOptions, items: readonly Item[], width: number): Promise<readonly Ending[]> {
  const endings = new Array<Ending>(items.length);
  // Only of items that the strand around the loop must know something of: most leave nothing behind.
  const notable = new Map<number, Strand>();
  let next = 0;
  let stopped = false;
  const worker = async (): Promise<void> => {
    while (!stopped && next < items.length) {
      const index = next++;
      const item = items[index] as Item;
      const child = c.fork(`${c.path}${item.segment}/`);
      child.inParallel = c.inParallel || width > 1;
      if (item.unknown !== null) child.mode = weaken(c.mode, item.unknown.from);
      const ending = await runItem(child, `${c.path}${item.segment}`, item, options);
      if (child.unsettled || child.touched !== null || child.staged.length > 0) notable.set(index, child);
      endings[index] = ending;
      if (ending.kind === "failed" && (options.onError === "stop" || reachOf(ending.error) === "run" || reachOf(ending.error) === "engine")) stopped = true;
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  // In input order, whatever ended first.
  for (const [, child] of [...notable].sort(([a], [b]) => a - b)) {
    rejoin(c, child);
    if (options.onError === "stop") mayFail(c, child);
  }
  conclude(c, options, items, endings);
  return endings;
}

async function runItem(child: Strand, key: StepKey, item: Item, options: EachOptions): Promise<Ending> {
  const { ports, frame } = child.run;
  const compacts = child.mode === SURE && frame.phase !== "plan";
  try {
    ports.checkpoint("other");
    const compacted = compacts ? ports.journal.compacted(key) : undefined;
    if (compacted !== undefined) {
      replayStaged(child, compacted.staged);
      return { kind: "value", value: compacted.result };
    }
    refuel(child);
    const value = await call(options.fn, child, [item.value]);
    if (child.exits.length > 0) {
      // Under a condition that is not known it may have ended with an error.
      child.unsettled = true;
      return { kind: "value", value: new Unknown(child.mode.from) };
    }
    if (compacts && !child.unsettled && findUnknown(child, value) === null) await ports.journal.compact(key, { result: value, staged: child.staged });
    return { kind: "value", value };
  } catch (error) {
    if (error instanceof AmbiguousEnd) {
      noteAmbiguous(child, error);
      child.after ??= error.effect;
      child.unsettled = true;
      return { kind: "value", value: new Unknown([error.effect]) };
    }
    child.unsettled = true;
    return { kind: "failed", error };
  }
}

/** What the strand around the loop must know of an item. */
function rejoin(c: Strand, child: Strand): void {
  c.after ??= child.after;
  c.unsettled ||= child.unsettled;
  if (child.stale !== c.stale) c.stale = new Map([...c.stale, ...child.stale]);
  c.staged.push(...child.staged);
}

/** What an item used may make it fail once it is known, and its failure is the loop's. */
function mayFail(c: Strand, child: Strand): void {
  if (child.touched !== null) touch(c, child.touched);
  if (child.exits.length === 0) return;
  c.exits.push({ kind: "throw", guard: c.guards });
  c.mode = weaken(c.mode, child.mode.from);
}

/** Throws what ends the loop: first what ends the run, then the first error in input order. Otherwise notes the failures. */
function conclude(c: Strand, { onError }: EachOptions, items: readonly Item[], endings: readonly Ending[]): void {
  const failed = endings.flatMap((ending, index) => (ending?.kind === "failed" ? [{ error: ending.error, segment: (items[index] as Item).segment }] : []));
  for (const reach of ["engine", "run"] as const) {
    const worst = failed.find(({ error }) => reachOf(error) === reach);
    if (worst !== undefined) throw worst.error;
  }
  const [first] = failed;
  if (first === undefined) return;
  if (onError === "stop") throw first.error;
  for (const { error, segment } of failed) c.run.failures.push({ step: `${c.path}${segment}`, error: toErrorData(error) });
}

/** A loop over a list that is not known: planned once, for any number of items. */
async function planUnknownList(c: Strand, options: EachOptions, unknown: Unknown): Promise<Value> {
  const child = c.fork(`${c.path}${options.site}[?]/`);
  child.mode = weaken(c.mode, unknown.from, true);
  try {
    await call(options.fn, child, [unknown]);
  } catch (error) {
    absorb(child, error);
  }
  child.unsettled = true;
  rejoin(c, child);
  if (options.onError === "stop") mayFail(c, child);
  touch(c, unknown);
  return unknown;
}
