import { type Data, shorten } from "../base/index.ts";
import { field, isRecord } from "./catalogue.ts";
import { hashData, isList, printSorted } from "./pinned-json.ts";
import { textChange } from "./text-change.ts";
import { visibleLine } from "./visible-text.ts";

/** One thing that differs between two versions of a tool, in words for people. */
export interface Difference {
  /** What it is about: `argument labels[].name`, `result`, `description`. */
  readonly where: string;
  /** What became of it: `became required`. */
  readonly what: string;
  /**
   * `breaking`: calls or uses that were right may be wrong now. `compatible`: what was right still is. `wording`: only
   * words differ, which models read and people are told.
   */
  readonly weight: "breaking" | "compatible" | "wording";
}

/** What a schema is about: what a call gives, or what it gets. A narrower argument breaks, and so does a wider result. */
export type SchemaSide = "argument" | "result";

const MAX_DIFFERENCES = 200;
const MAX_DEPTH = 32;
/** UTF-16 units of two texts that are read at one look. */
const SHORT_TEXTS = 120;

/** What differs between two schemas. Empty only when they say the same. */
export function compareSchemas(side: SchemaSide, before: Data | undefined, after: Data | undefined): readonly Difference[] {
  const found: Difference[] = [];
  const add: Comparison["add"] = (path, what, weight) => {
    if (found.length < MAX_DIFFERENCES) found.push({ where: path === "" ? side : `${side} ${path}`, what, weight });
  };
  compare({ side, add, depth: 0 }, "", before, after);
  return found;
}

interface Comparison {
  readonly side: SchemaSide;
  readonly depth: number;
  readonly add: (path: string, what: string, weight: Difference["weight"]) => void;
}

function compare(comparison: Comparison, path: string, before: Data | undefined, after: Data | undefined): void {
  if (sameData(before, after)) return;
  if (!isRecord(before) || !isRecord(after) || comparison.depth > MAX_DEPTH) {
    const what = before === undefined ? "is described now" : after === undefined ? "is no longer described" : `changed from ${shown(before)} to ${shown(after)}`;
    comparison.add(path, what, before === undefined ? wider(comparison, false) : "breaking");
    return;
  }
  const inner = { ...comparison, depth: comparison.depth + 1 };
  for (const keyword of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [field(before, keyword), field(after, keyword)];
    if (!sameData(old, now)) (KEYWORDS.get(keyword) ?? compareOther)(inner, path, old, now, keyword);
  }
  compareRequired(inner, path, before, after);
}

type KeywordComparison = (comparison: Comparison, path: string, before: Data | undefined, after: Data | undefined, keyword: string) => void;

const KEYWORDS = new Map<string, KeywordComparison>(Object.entries({
  required: () => undefined,
  properties: compareProperties,
  type: compareSets,
  enum: compareSets,
  items: compareItems,
  description: compareWords,
  title: compareWords,
  $comment: compareWords,
  examples: compareWords,
  $schema: compareWords,
  anyOf: compareAlternatives,
  oneOf: compareAlternatives,
  allOf: compareAlternatives,
  prefixItems: compareAlternatives,
  $defs: compareDefinitions,
  definitions: compareDefinitions,
  additionalProperties: compareExtra,
  ...Object.fromEntries(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"].map((bound) => [bound, compareBound("lower")])),
  ...Object.fromEntries(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"].map((bound) => [bound, compareBound("upper")])),
}));

function compareProperties(comparison: Comparison, path: string, before: Data | undefined, after: Data | undefined): void {
  for (const name of memberNames(before, after)) {
    const at = memberPath(path, name);
    const [old, now] = [field(before, name), field(after, name)];
    if (old === undefined) comparison.add(at, "is new", "compatible");
    else if (now === undefined) comparison.add(at, "is gone", "breaking");
    else compare(comparison, at, old, now);
  }
}

function compareRequired(comparison: Comparison, path: string, before: Data, after: Data): void {
  const old = asList(field(before, "required"));
  const now = asList(field(after, "required"));
  for (const name of now) if (typeof name === "string" && !old.includes(name)) comparison.add(memberPath(path, name), "became required", wider(comparison, false));
  for (const name of old) if (typeof name === "string" && !now.includes(name)) comparison.add(memberPath(path, name), "is no longer required", wider(comparison, true));
}

/** Types and enumerations: sets of which an argument may be any. Absent is everything. */
function compareSets(comparison: Comparison, path: string, old: Data | undefined, now: Data | undefined, keyword: string): void {
  const [before, after, noun] = [asList(old), asList(now), keyword === "enum" ? "value" : keyword];
  if (before.length === 0) return comparison.add(path, `may only be ${list(after)} now`, wider(comparison, false));
  if (after.length === 0) return comparison.add(path, `is no longer bound to ${list(before)}`, wider(comparison, true));
  const lost = before.filter((value) => !after.some((other) => sameData(value, other)));
  const gained = after.filter((value) => !before.some((other) => sameData(value, other)));
  if (lost.length > 0 && gained.length > 0 && noun === "type") comparison.add(path, `changed its type from ${list(before)} to ${list(after)}`, "breaking");
  else {
    if (lost.length > 0) comparison.add(path, `lost the ${noun} ${list(lost)}`, wider(comparison, false));
    if (gained.length > 0) comparison.add(path, `gained the ${noun} ${list(gained)}`, wider(comparison, true));
    if (lost.length + gained.length === 0) comparison.add(path, `lists its ${noun}s in another order`, "compatible");
  }
}

function compareItems(comparison: Comparison, path: string, before: Data | undefined, after: Data | undefined): void {
  compare(comparison, `${path}[]`, before, after);
}

function compareWords(comparison: Comparison, path: string, before: Data | undefined, after: Data | undefined, keyword: string): void {
  comparison.add(path, wordsChange(keyword, before, after), "wording");
}

/** How a text changed, for people: both texts where they are short, else the words that went and came. */
export function wordsChange(name: string, before: Data | undefined, after: Data | undefined): string {
  if (typeof before === "string" && typeof after === "string" && before.length + after.length > SHORT_TEXTS) return `changed its ${name}: ${textChange(before, after)}`;
  if (before === undefined) return `has ${name.endsWith("s") ? name : `a ${name}`} now: ${shown(after)}`;
  if (after === undefined) return `lost its ${name}: ${shown(before)}`;
  return `changed its ${name} from ${shown(before)} to ${shown(after)}`;
}

function compareAlternatives(comparison: Comparison, path: string, before: Data | undefined, after: Data | undefined, keyword: string): void {
  const old = asList(before);
  const now = asList(after);
  if (old.length === now.length) {
    for (const [index, one] of old.entries()) compare(comparison, `${path}<${keyword} ${index + 1}>`, one, now[index]);
    return;
  }
  const isWider = keyword !== "allOf" && old.every((one) => now.some((other) => sameData(one, other)));
  comparison.add(path, `has ${now.length} instead of ${old.length} alternatives (${keyword})`, isWider && old.length > 0 ? wider(comparison, true) : "breaking");
}

function compareDefinitions(comparison: Comparison, _path: string, before: Data | undefined, after: Data | undefined, keyword: string): void {
  for (const name of memberNames(before, after)) {
    const [old, now] = [field(before, name), field(after, name)];
    const at = `<${keyword} ${visibleLine(name)}>`;
    if (old === undefined || now === undefined) comparison.add(at, old === undefined ? "is new" : "is gone", "compatible");
    else compare(comparison, at, old, now);
  }
}

function compareExtra(comparison: Comparison, path: string, before: Data | undefined, after: Data | undefined, keyword: string): void {
  if (isRecord(before) && isRecord(after)) compare(comparison, `${path}{}`, before, after);
  else if (after === false) comparison.add(path, "takes no other members now", wider(comparison, false));
  else if (before === false) comparison.add(path, "takes other members now", wider(comparison, true));
  else compareOther(comparison, path, before, after, keyword);
}

/** A bound that moves outwards takes more than before. */
function compareBound(side: "lower" | "upper"): KeywordComparison {
  return (comparison, path, before, after, keyword) => {
    if (typeof before !== "number" || typeof after !== "number") return compareOther(comparison, path, before, after, keyword);
    comparison.add(path, `changed ${keyword} from ${shown(before)} to ${shown(after)}`, wider(comparison, side === "upper" ? after > before : after < before));
  };
}

/** Patterns, formats, defaults and whatever a server invents: said as they are, and taken to matter. */
function compareOther(comparison: Comparison, path: string, before: Data | undefined, after: Data | undefined, keyword: string): void {
  const name = visibleLine(keyword);
  if (before === undefined) comparison.add(path, `has ${name} ${shown(after)} now`, wider(comparison, false));
  else if (after === undefined) comparison.add(path, `lost ${name} ${shown(before)}`, wider(comparison, true));
  else comparison.add(path, `changed ${name} from ${shown(before)} to ${shown(after)}`, "breaking");
}

/** The weight of taking more (or less) than before: less breaks arguments, more breaks results. */
function wider(comparison: Comparison, isWider: boolean): Difference["weight"] {
  return (comparison.side === "argument") === isWider ? "compatible" : "breaking";
}

function asList(value: Data | undefined): readonly Data[] {
  return value === undefined ? [] : isList(value) ? value : [value];
}

function memberNames(before: Data | undefined, after: Data | undefined): readonly string[] {
  return [...new Set([before, after].flatMap((value) => (isRecord(value) ? Object.keys(value) : [])))].sort();
}

function memberPath(path: string, name: string): string {
  const written = /^[A-Za-z_$][\w$-]*$/.test(name) ? name : JSON.stringify(visibleLine(name));
  return path === "" ? written : `${path}.${written}`;
}

/** True when two values say the same; the order of members says nothing. */
export function sameData(a: Data | undefined, b: Data | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && typeof a === "object" && typeof b === "object" && hashData(a) === hashData(b);
}

function list(values: readonly Data[]): string {
  return values.length > 8 ? `${list(values.slice(0, 8))} and ${values.length - 8} more` : values.map((value) => (typeof value === "string" && /^\w+$/.test(value) ? value : shown(value))).join(", ");
}

/** A value for people: short, on one line, nothing hidden in it. */
export function shown(value: Data | undefined): string {
  return value === undefined ? "nothing" : shorten(visibleLine(printSorted(value)), 120);
}
