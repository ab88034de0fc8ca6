import { patternOf, patternTest } from "../../packages/runtime/src/testing/string-method.ts";
import { type Figure, ms, timeMs } from "./figures.ts";

/** Patterns on which a backtracking matcher takes for ever, with texts that they almost match; what they need stands before, so that no look at letters answers. */
const HOSTILE: readonly (readonly [source: string, before: string, piece: string, after: string])[] = [
  ["^(?:a+)+$", "", "a", "b"], ["^(?:a|aa)+$", "", "a", "b"], ["^(?:a|b|ab)*c$", "", "ab", "cd"], ["(?:x+x+)+y", "y", "x", "z"], ["\\s+$", "", " ", "x"], ["^(?:.*,){11}P$", "P", "1,", "x"], ["(?:\\w+\\s?)+!$", "!", "word ", "-"],
];
const LENGTH = 10_000;
const ROUNDS = 9;
/** V8 takes long already for this little. */
const V8_LENGTH = 22;
/** Twice linear: caches and collections are not. */
const MAX_GROWTH = 2;

/** How time grows with the text: four times the text must not take more than four times the time, within noise. */
export async function benchRegexes(): Promise<readonly Figure[]> {
  let worst = { source: "", growth: 0, once: 0, twice: 0, fourTimes: 0 };
  for (const [source, before, piece, after] of HOSTILE) {
    const pattern = patternOf(source, "")();
    const time = async (times: number): Promise<number> => {
      const text = `${before}${piece.repeat((LENGTH * times) / piece.length)}${after}`;
      const rounds: number[] = [];
      for (let round = 0; round < ROUNDS; round++) rounds.push(await timeMs(() => patternTest(pattern, text)));
      // The least: other work of the machine only adds.
      return Math.min(...rounds);
    };
    await time(1);
    const [once, twice, fourTimes] = [await time(1), await time(2), await time(4)];
    const growth = Math.max(twice / once / 2, fourTimes / once / 4);
    if (growth > worst.growth) worst = { source, growth, once, twice, fourTimes };
  }
  const native = await timeMs(() => /^(?:a+)+$/.test(`${"a".repeat(V8_LENGTH)}b`));
  return [{
    what: `hostile patterns, worst growth (/${worst.source}/)`, ours: `${ms(worst.once)}, ${ms(worst.twice)}, ${ms(worst.fourTimes)} for ${LENGTH / 1000}, ${LENGTH / 500}, ${LENGTH / 250} k`,
    baseline: `${ms(native)} in V8 for ${V8_LENGTH} characters`, value: worst.growth, bound: MAX_GROWTH, unit: "× linear",
  }];
}
