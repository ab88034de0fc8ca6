import { isOffstageError } from "../../packages/runtime/src/base/index.ts";
import { RegexFault } from "../../packages/runtime/src/regexp/index.ts";
import { patternOf, patternTest, stringMethod } from "../../packages/runtime/src/testing/string-method.ts";
import { createDraw, type Draw, seedOf } from "./draw.ts";
import { growFlags, growRegex, growReplacement, growText } from "./regexes.ts";
import { differenceOf } from "./same-value.ts";
import { shrink, type Tree, textOf } from "./tree.ts";

/** One use of a pattern in which the language differs from JavaScript. */
export interface RegexDifference {
  readonly source: string;
  readonly flags: string;
  readonly text: string;
  readonly use: string;
  readonly where: string;
}

/** What a search for differences came to. */
export interface RegexReport {
  readonly patterns: number;
  readonly refused: number;
  readonly uses: number;
  readonly differences: readonly RegexDifference[];
}

/** Texts that each pattern is tried on. */
const TEXTS = 6;

type Use = { readonly name: string; readonly ours: (pattern: unknown, text: string) => unknown; readonly theirs: (pattern: RegExp, text: string) => unknown };

/** Every method that takes a pattern, with what it is given besides. */
function usesOf(flags: string, draw: Draw): readonly Use[] {
  const replacement = growReplacement(draw);
  const limit = draw.pick([undefined, 0, 1, 2, -1]);
  const method = (name: "match" | "matchAll" | "replace" | "replaceAll" | "split", ...more: readonly unknown[]): Use => ({
    name: `${name}(${more.map((one) => JSON.stringify(one)).join()})`,
    ours: (pattern, text) => stringMethod(name, text, [pattern, ...more]),
    theirs: (pattern, text) => {
      const made = (text[name] as (...args: readonly unknown[]) => unknown)(pattern, ...more);
      return name === "matchAll" ? [...(made as Iterable<unknown>)].map(shown) : name === "match" ? shown(made) : made;
    },
  });
  const shownOurs = (use: Use): Use => ({ ...use, ours: (pattern, text) => { const made = use.ours(pattern, text); return use.name.startsWith("matchAll") ? (made as unknown[]).map(shown) : shown(made); } });
  const test: Use = { name: "test()", ours: patternTest, theirs: (pattern, text) => pattern.test(text) };
  const always = [test, shownOurs(method("match")), method("replace", replacement), method("split"), method("split", limit)];
  return flags.includes("g") ? [...always, shownOurs(method("matchAll")), method("replaceAll", replacement)] : always;
}

/** A match with all that the language can read of it. */
function shown(match: unknown): unknown {
  if (!Array.isArray(match)) return match;
  const { index, groups } = match as unknown as { readonly index?: number; readonly groups?: object };
  return [[...(match as unknown[])], index, groups === undefined ? undefined : { ...groups }];
}

/** Compares `count` generated patterns with V8's, beginning with the `first` of those of a seed. */
export async function compareRegexes(seed: number, first: number, count: number): Promise<RegexReport> {
  let [refused, uses] = [0, 0];
  const differences: RegexDifference[] = [];
  for (let index = first; index < first + count; index++) {
    const draw = createDraw(seedOf(seed, index));
    const tree = growRegex(draw, draw.pick(["none", "none", "first"]));
    const flags = growFlags(draw);
    const again = seedOf(seed ^ 0x7e87, index);
    const found = differenceFor(textOf(tree), flags, again);
    if (found === null) refused += 1;
    else {
      uses += found.uses;
      if (found.difference !== null) differences.push(await shrinkRegex(tree, flags, again, found.difference));
    }
  }
  return { patterns: count, refused, uses, differences };
}

/** Tries one pattern; null when the language refuses it. */
function differenceFor(source: string, flags: string, seed: number): { readonly uses: number; readonly difference: RegexDifference | null } | null {
  let make: () => unknown;
  let native: RegExp;
  try {
    make = patternOf(source, flags);
    native = new RegExp(source, flags);
  } catch (error) {
    if (error instanceof RegexFault || error instanceof SyntaxError) return null;
    throw error;
  }
  const draw = createDraw(seed);
  let uses = 0;
  for (let tried = 0; tried < TEXTS; tried++) {
    const text = growText(draw);
    for (const use of usesOf(flags, draw)) {
      uses += 1;
      native.lastIndex = 0;
      const where = useDifference(use, make(), native, text);
      if (where !== null) return { uses, difference: { source, flags, text, use: use.name, where } };
    }
  }
  return { uses, difference: null };
}

function useDifference(use: Use, ours: unknown, theirs: RegExp, text: string): string | null {
  try {
    const value = use.ours(ours, text);
    const expected = use.theirs(theirs, text);
    const found = differenceOf(value, expected);
    return found === null ? null : `${found}: ${JSON.stringify(value)} instead of ${JSON.stringify(expected)}`;
  } catch (error) {
    return isOffstageError(error) ? error.code : String(error);
  }
}

async function shrinkRegex(tree: Tree, flags: string, seed: number, found: RegexDifference): Promise<RegexDifference> {
  const small = await shrink(tree, () => ["", "a"], async (candidate) => differenceFor(textOf(candidate), flags, seed)?.difference !== null && differenceFor(textOf(candidate), flags, seed) !== null);
  return differenceFor(textOf(small), flags, seed)?.difference ?? found;
}
