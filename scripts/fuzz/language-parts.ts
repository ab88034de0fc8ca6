import { inspect } from "node:util";
import type { Difference } from "./decided.ts";
import { compareArrows, sampleSeed, shrinkDifference } from "./differential.ts";
import { createDraw, type Draw, seedOf } from "./draw.ts";
import { Grower, outerScope } from "./grow.ts";
import type { FuzzPart, TurnReport } from "./part.ts";
import { compareRegexes } from "./regex-differential.ts";
import { ProgramGrower } from "./statements.ts";
import type { Tree } from "./tree.ts";
import { TYPE_TEXT, type TypeName } from "./typed-names.ts";

/** Many in one module: the type checker's start is paid once. */
const EXPRESSIONS = 300;
const PROGRAMS = 25;
const PATTERNS = 500;
const TYPES = Object.keys(TYPE_TEXT) as readonly TypeName[];

/** Typed expressions over the whole allowlist, some of them with calls to wait for, against Node. */
export const expressions: FuzzPart = {
  name: "expressions",
  unit: "expressions",
  turn: (seed, index) => compareGrown(seed, index, EXPRESSIONS, (draw, kind) => {
    const tree = new Grower(draw).expression(draw.pick(TYPES), outerScope(kind === "async"), 1 + draw.below(5));
    return { type: tree.type, parts: ["(", tree, ")"] };
  }),
};

/** Programs of all statements, with and without calls to wait for, against Node. */
export const programs: FuzzPart = {
  name: "programs",
  unit: "programs",
  turn: (seed, index) => compareGrown(seed, index, PROGRAMS, (draw, kind) => new ProgramGrower(draw).program(kind === "async")),
};

/** Regular expressions in every method that takes one, against V8. */
export const regexes: FuzzPart = {
  name: "regexes",
  unit: "patterns",
  turn: async (seed, index) => {
    const { patterns, refused, uses, differences } = await compareRegexes(seed, index * PATTERNS, PATTERNS);
    return { inputs: patterns, counts: { refused, uses }, failures: differences.map((difference) => inspect(difference)) };
  },
};

async function compareGrown(seed: number, index: number, count: number, grow: (draw: Draw, kind: "pure" | "async") => Tree): Promise<TurnReport> {
  const draw = createDraw(seedOf(seed, index));
  const kind = index % 3 === 2 ? "async" : "pure";
  const trees = Array.from({ length: count }, () => grow(draw, kind));
  const samples = sampleSeed(seed, index);
  const { compared, threw, decided, refused, differences } = await compareArrows(trees, kind, samples);
  const failures: string[] = [];
  for (const { index: at, difference } of differences) {
    const tree = trees[at];
    const small = tree === undefined ? null : await shrinkDifference(tree, kind, samples);
    failures.push(differenceText(small ?? difference));
  }
  return { inputs: count, counts: { compared, threw, decided, ...Object.fromEntries([...refused].map(([code, times]) => [`refused ${code}`, times])) }, failures };
}

function differenceText({ body, where, ours, theirs, samples }: Difference): string {
  const show = (value: unknown): string => inspect(value, { depth: 8, breakLength: 160 });
  const used = Object.entries(samples as object).filter(([name]) => new RegExp(`\\b${name}\\b`).test(body));
  return [body, `differs at ${where}`, `ours: ${show(ours)}`, `Node: ${show(theirs)}`, `with: ${show(Object.fromEntries(used))}`].join("\n");
}
