import { OffstageError } from "../../base/index.ts";
import type { StepKey } from "../../model/index.ts";
import { fromPartial } from "../data.ts";
import { typeError } from "../failure.ts";
import { asCallback, callBack } from "../functions.ts";
import { article } from "../kinds.ts";
import { checkLength } from "../limits.ts";
import { isTrue } from "../operators.ts";
import type { Paging } from "../ports.ts";
import { burn, type Strand } from "../strand.ts";
import { noteTruncated } from "../sweep-notes.ts";
import { born, derive } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { argumentsOf, read, type ToolName, valueOf } from "./calls.ts";

/** What a call of `.pages` says besides its arguments. */
export interface PagesOptions {
  readonly max: Value;
  readonly until: Value;
  readonly truncate: boolean;
}

/**
 * All pages of a listing tool as one list; each page is a step, `site/page-1` …. Stops at the first item for which
 * `until` holds, which is part of the result. More than `max` pages, or more than the tool gives, is PAGES_TRUNCATED.
 */
export async function readPages(c: Strand, name: ToolName, step: StepKey, args: Value, options: PagesOptions): Promise<Value> {
  const partial = argumentsOf(c, name, args);
  const { tools } = c.run.ports;
  const known = fromPartial(partial);
  if (tools.classify(name.server, name.tool, known).effect === "write") {
    throw new OffstageError("ONE_WRITE", `${name.server}.${name.tool} is a write: it has no pages.`, { hint: "If it only reads, the server's profile has to say so." });
  }
  if (partial.unknown.length > 0) return (await read(c, name, `${step}/page-1`, tools.classify(name.server, name.tool, known), partial)) as Unknown;
  const paging = tools.paging(name.server, name.tool, known);
  const max = maxOf(options.max, paging, name);
  if (max instanceof Unknown) return derive(c, max);
  const items: Value[] = [];
  let next: Value | null = paging.first(known);
  for (let page = 0; next !== null; page++) {
    if (page === max) return truncated(c, name, items, options, `${max} pages, and there are more`);
    const pageArgs = argumentsOf(c, name, next);
    const answer = await read(c, name, `${step}/page-${page + 1}`, tools.classify(name.server, name.tool, next), pageArgs);
    if (answer instanceof Unknown) return answer;
    const result = valueOf(c, answer, `${step}/page-${page + 1}`);
    const stopped = addItems(c, items, paging.items(result), options.until);
    if (stopped === true) return born(c, items);
    if (stopped instanceof Unknown) return stopped;
    if (paging.more(result)) return truncated(c, name, items, options, "one page, and the tool cannot give the rest: its profile's more() says so");
    next = paging.next(next, result, page);
  }
  return born(c, items);
}

function maxOf(value: Value, paging: Paging, { server, tool }: ToolName): number | Unknown {
  if (value instanceof Unknown) return value;
  if (value !== undefined && (typeof value !== "number" || !Number.isInteger(value) || value < 1)) throw typeError(`max of ${server}.${tool}.pages must be a whole number from 1, not ${article(value)}.`);
  const max = value ?? paging.max;
  if (max === null) throw typeError(`${server}.${tool}.pages needs max: its profile names no most number of pages.`);
  return max as number;
}

function addItems(c: Strand, items: Value[], more: readonly Value[], until: Value): boolean | Unknown {
  checkLength(items.length + more.length, "The list of all pages");
  burn(c, more.length);
  if (until === undefined) {
    for (const item of more) items.push(item);
    return false;
  }
  const stops = asCallback(until, "until");
  for (const item of more) {
    items.push(item);
    const answer = callBack(stops, c, item);
    if (answer instanceof Unknown) return derive(c, answer);
    if (isTrue(answer)) return true;
  }
  return false;
}

function truncated(c: Strand, { server, tool }: ToolName, items: Value[], options: PagesOptions, what: string): Value {
  noteTruncated(c, `${server}.${tool}: read ${what}`);
  if (options.truncate) return born(c, items);
  throw new OffstageError("PAGES_TRUNCATED", `${server}.${tool}: read ${what}.`, { hint: 'Narrow the arguments, raise max, or say truncate: "allow" when a part is enough.' });
}
