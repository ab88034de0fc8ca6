import { type Data, type DataPath, parseDataPath, UnsafeInteger } from "../base/index.ts";
import type { ArgumentMatch, PolicyRule } from "../model/index.ts";
import { fold } from "./fold.ts";
import { matchesGlob } from "./matches-glob.ts";
import { allOf, anyOf, atMost, type Match, opposite } from "./match.ts";

/** What lies at a path. `sure`: false where it is there only if the server is generous, as with another case of a name. */
type Found = { readonly kind: "absent" } | { readonly kind: "value"; readonly value: Data; readonly sure: boolean };

const ABSENT: Found = { kind: "absent" };
/** What is not known, or not what the path speaks of. */
const UNDECIDED: Found = { kind: "value", value: null, sure: false };

/**
 * Whether arguments are what a rule says. `maybe` wherever a server could see it otherwise than it stands there: what is not known yet or null or absent (servers have defaults),
 * a text in the place of a number, another case or width of letters, a list in the place of one value. Only data is looked at: nothing in it is a pattern or an operator.
 */
export function matchArguments(args: NonNullable<PolicyRule["args"]>, value: Data): Match {
  return allOf(Object.entries(args).map(([path, match]) => anyOf(find(value, parseDataPath(path) ?? []).map((found) => matchFound(match, found)))));
}

function find(value: Data, path: DataPath): readonly Found[] {
  const [segment, ...rest] = path;
  if (segment === undefined) return [{ kind: "value", value, sure: true }];
  if (value === null || typeof value !== "object" || value instanceof UnsafeInteger) return segment.kind === "items" && value !== null ? unsure(find(value, rest)) : [UNDECIDED];
  if (segment.kind === "anywhere") return [UNDECIDED];
  if (Array.isArray(value)) {
    const items = value as readonly Data[];
    if (segment.kind === "items") return items.flatMap((item) => find(item, rest));
    return items.length === 0 ? [ABSENT] : unsure(items.flatMap((item) => find(item, path)));
  }
  if (segment.kind === "items") return unsure(find(value, rest));
  const named = Object.entries(value as Readonly<Record<string, Data>>).filter(([name]) => fold(name) === fold(segment.name));
  const exact = named.filter(([name]) => name === segment.name).flatMap(([, member]) => find(member, rest));
  const alike = named.filter(([name]) => name !== segment.name).flatMap(([, member]) => find(member, rest));
  return [...(Object.hasOwn(value, segment.name) ? exact : [ABSENT]), ...unsure(alike)];
}

function unsure(found: readonly Found[]): readonly Found[] {
  return found.map((one) => (one.kind === "absent" ? one : { ...one, sure: false }));
}

function matchFound(match: ArgumentMatch, found: Found): Match {
  const { is, contains, over, under, given, not } = match;
  const value = found.kind === "absent" ? null : found.value;
  const all = allOf([
    ...(given === undefined ? [] : [found.kind === "absent" ? yesIf(!given) : value === null ? "maybe" : yesIf(given)]),
    ...(is === undefined ? [] : [anyOf(is.map((wanted) => matchScalar(wanted, value)))]),
    ...(contains === undefined ? [] : [anyOf(contains.map((wanted) => matchPart(wanted, value)))]),
    ...(over === undefined ? [] : [compare(value, (number) => number > over)]),
    ...(under === undefined ? [] : [compare(value, (number) => number < under)]),
    ...(not === undefined ? [] : [opposite(matchFound(not, found))]),
  ]);
  return found.kind === "absent" || found.sure ? all : atMost("maybe", all);
}

type Scalar = string | number | boolean;

function matchScalar(wanted: Scalar, value: Data): Match {
  if (Array.isArray(value)) return atMost("maybe", anyOf((value as readonly Data[]).map((item) => matchScalar(wanted, item))));
  if (value === null || typeof value === "object") return "maybe";
  if (typeof wanted === typeof value && typeof wanted !== "string") return yesIf(wanted === value);
  if (typeof wanted === "string") {
    if (typeof value === "string" && matchesGlob(wanted, value)) return "yes";
    return matchesGlob(fold(wanted), fold(String(value))) ? "maybe" : "no";
  }
  if (typeof wanted === "boolean" || typeof value === "boolean") return "maybe";
  return compare(value, (number) => number === wanted);
}

/** An item of a list, or a part of a text. */
function matchPart(wanted: Scalar, value: Data): Match {
  if (Array.isArray(value)) return anyOf((value as readonly Data[]).map((item) => matchScalar(wanted, item)));
  if (typeof value !== "string") return atMost("maybe", matchScalar(wanted, value));
  return typeof wanted === "string" ? matchScalar(`*${wanted}*`, value) : atMost("maybe", matchScalar(`*${String(wanted)}*`, value));
}

/** A number is what it is; a text might be read as one, and how is the server's matter. */
function compare(value: Data, holds: (number: number) => boolean): Match {
  if (Array.isArray(value)) return atMost("maybe", anyOf((value as readonly Data[]).map((item) => compare(item, holds))));
  if (typeof value === "number") return yesIf(holds(value));
  if (typeof value !== "string") return "maybe";
  // `1.500` and `1,500` are one and a half to some, and fifteen hundred to others.
  const plain = /^[+-]?\d{1,15}(?:\.\d{1,2})?$/.test(fold(value));
  return plain && !holds(Number(fold(value))) ? "no" : "maybe";
}

function yesIf(holds: boolean): Match {
  return holds ? "yes" : "no";
}
