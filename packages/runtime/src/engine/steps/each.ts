import { OffstageError, UnsafeInteger } from "../../base/index.ts";
import { sameData } from "../data.ts";
import { typeError, unsafeInteger } from "../failure.ts";
import { call, callBack, type Closure } from "../functions.ts";
import { elementsOf } from "../iterate.ts";
import { article } from "../kinds.ts";
import { absorb } from "../paths.ts";
import { noteLost } from "../sweep-notes.ts";
import { burn, refuel, type Strand } from "../strand.ts";
import { born, touch, weaken } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { mayFail, rejoin, runBranches } from "./branches.ts";
import { itemSegment } from "./keys.ts";

/** What `each` is told, evaluated. */
export interface EachOptions {
  readonly site: string;
  readonly items: Value;
  readonly key: Closure;
  readonly parallel: Value;
  readonly onError: "stop" | "continue";
  readonly fn: Closure;
  /** `fn` never visits more than one record. */
  readonly visitsOne: boolean;
}

/** One item with its key; `unknown` says why that is not known yet. */
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
  const branches = items.map(({ value, segment, unknown }) => ({ segment, unknown, run: (child: Strand) => call(options.fn, child, [value]) }));
  const endings = await runBranches(c, branches, { width, onError: options.onError, visitsOne: options.visitsOne });
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

/** A loop over a list that is not known: planned once, for any number of items. */
async function planUnknownList(c: Strand, options: EachOptions, unknown: Unknown): Promise<Value> {
  noteLost(c, `the items of ${options.site} are known only when what is held was made`);
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
