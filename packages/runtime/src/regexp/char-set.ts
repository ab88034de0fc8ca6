/** A set of UTF-16 units: sorted, disjoint, inclusive ranges. Without the `u` flag JavaScript matches units, not characters. */
export type CharSet = readonly (readonly [number, number])[];

export const MAX_UNIT = 0xffff;
export const ALL: CharSet = [[0, MAX_UNIT]];
export const DIGITS: CharSet = [[0x30, 0x39]];
export const WORD: CharSet = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
/** JavaScript's `\s`: white space and line terminators, the byte order mark too. */
export const SPACE: CharSet = [[9, 13], [0x20, 0x20], [0xa0, 0xa0], [0x1680, 0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000], [0xfeff, 0xfeff]];
/** What `.` does not match, and what `^` and `$` see with `m`. */
export const TERMINATORS: CharSet = [[0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029]];

/** Sorts and joins ranges. */
export function normalise(ranges: CharSet): CharSet {
  const sorted = ranges.toSorted((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else joined.push([low, high]);
  }
  return joined;
}

export function invert(set: CharSet): CharSet {
  const ranges: [number, number][] = [];
  let next = 0;
  for (const [low, high] of set) {
    if (low > next) ranges.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= MAX_UNIT) ranges.push([next, MAX_UNIT]);
  return ranges;
}

export function minus(set: CharSet, other: CharSet): CharSet {
  return invert(normalise([...invert(set), ...other]));
}

/** All units that JavaScript's `i` takes for a member of `set`. */
export function ignoreCase(set: CharSet): CharSet {
  const others = set.every(([, high]) => high < 0x80) ? asciiOthers(set) : set.flatMap(othersOf);
  return normalise([...set, ...others.map((other) => [other, other] as const)]);
}

function asciiOthers(set: CharSet): readonly number[] {
  const others: number[] = [];
  for (const [low, high] of set) {
    for (let unit = low; unit <= high; unit++) if ((unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)) others.push(unit ^ 0x20);
  }
  return others;
}

function othersOf([low, high]: CharSet[number]): readonly number[] {
  const table = otherCases();
  if (low === high) return table.get(low) ?? [];
  return [...table].flatMap(([unit, group]) => (low <= unit && unit <= high ? group : []));
}

/** ECMAScript's Canonicalize without `u`: one upper-case unit; nothing beyond ASCII ever equals ASCII. */
function canonicalize(unit: number): number {
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const code = upper.charCodeAt(0);
  return unit >= 0x80 && code < 0x80 ? unit : code;
}

let cases: ReadonlyMap<number, readonly number[]> | null = null;

/** Each unit that equals others → all that it equals. A constant of Unicode, made when first needed. */
function otherCases(): ReadonlyMap<number, readonly number[]> {
  if (cases !== null) return cases;
  const groups = new Map<number, number[]>();
  for (let unit = 0; unit <= MAX_UNIT; unit++) {
    const canonical = canonicalize(unit);
    if (canonical === unit && String.fromCharCode(unit).toLowerCase() === String.fromCharCode(unit)) continue;
    const group = groups.get(canonical) ?? [];
    group.push(unit);
    groups.set(canonical, group);
  }
  for (const [canonical, group] of groups) if (!group.includes(canonical)) group.push(canonical);
  cases = new Map([...groups.values()].flatMap((group) => group.map((unit) => [unit, group] as const)));
  return cases;
}
