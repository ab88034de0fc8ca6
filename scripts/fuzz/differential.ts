import type { Outcome } from "../../packages/runtime/src/testing/helpers-of.ts";
import { arrowName, type Arrows, compileArrows } from "./compile-arrows.ts";
import { type Difference, isDecided } from "./decided.ts";
import { createDraw, seedOf } from "./draw.ts";
import { arrowsOf, callNatively, callNativelyLater, type NativeOutcome } from "./natively.ts";
import { drawSamples } from "./samples.ts";
import { differenceOf } from "./same-value.ts";
import { shrink, type Tree, textOf } from "./tree.ts";
import { simplest } from "./grow.ts";

/** What a batch came to. */
export interface BatchReport {
  readonly compared: number;
  readonly threw: number;
  /** Code of the checker → how many arrows it refused. */
  readonly refused: ReadonlyMap<string, number>;
  /** Results that differ by decision. */
  readonly decided: number;
  readonly differences: readonly { readonly index: number; readonly difference: Difference }[];
}

/** How often each arrow is called, with other samples. */
const CALLS = 6;

/** Compares arrows with Node. `seed` draws the samples: for each arrow the same, wherever it stands. */
export async function compareArrows(trees: readonly Tree[], kind: "pure" | "async", seed: number): Promise<BatchReport> {
  const bodies = trees.map(textOf);
  const arrows = compileArrows(bodies, kind);
  const names = bodies.flatMap((_, index) => (arrows.refused.has(index) ? [] : [arrowName(index)]));
  const native = arrowsOf(arrows.text, names);
  const refused = new Map<string, number>();
  for (const [code] of arrows.refused.values()) if (code !== undefined) refused.set(code, (refused.get(code) ?? 0) + 1);
  const draw = createDraw(seed);
  const drawn = Array.from({ length: CALLS }, () => drawSamples(draw));
  let [compared, threw, decided] = [0, 0, 0];
  const differences: { index: number; difference: Difference }[] = [];
  for (const [index, body] of bodies.entries()) {
    const arrow = native.get(arrowName(index));
    if (arrow === undefined) continue;
    for (const samples of drawn) {
      const ours = await callOurs(arrows, index, kind, samples);
      const theirs = kind === "async" ? await callNativelyLater(arrow, samples) : callNatively(arrow, samples);
      compared += 1;
      if (theirs.kind === "threw") threw += 1;
      const where = outcomeDifference(ours, theirs);
      if (where === null) continue;
      const difference: Difference = { body, samples, ours, theirs, where };
      if (isDecided(difference)) decided += 1;
      else {
        differences.push({ index, difference });
        break;
      }
    }
  }
  return { compared, threw, refused, decided, differences };
}

async function callOurs({ helpers }: Arrows, index: number, kind: "pure" | "async", samples: unknown): Promise<Outcome> {
  return kind === "async" ? await helpers.later(arrowName(index), [samples]) : helpers.now(arrowName(index), [samples]);
}

function outcomeDifference(ours: Outcome, theirs: NativeOutcome): string | null {
  if (ours.kind === "threw") return theirs.kind === "threw" && ours.code !== "BUG" ? null : ours.code;
  return theirs.kind === "threw" ? "does not throw" : differenceOf(ours.value, theirs.value);
}

/** The smallest tree that still differs. */
export async function shrinkDifference(tree: Tree, kind: "pure" | "async", seed: number): Promise<Difference | null> {
  const differs = async (candidate: Tree): Promise<boolean> => (await compareArrows([candidate], kind, seed)).differences.length > 0;
  const small = await shrink(tree, simplest, differs);
  return (await compareArrows([small], kind, seed)).differences[0]?.difference ?? null;
}

/** The seed of a batch's samples. */
export function sampleSeed(seed: number, batch: number): number {
  return seedOf(seed ^ 0x5eed, batch);
}
