import { createHash } from "node:crypto";

/** Choices that a seed repeats. What happens in between (how fast a process is) it does not. */
export interface Random {
  /** From 0 to below 1. */
  readonly fraction: () => number;
  /** A whole number between the two, both included. */
  readonly between: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  /** One of the values, by weight. Throws on an empty list. */
  readonly pick: <T>(choices: readonly (readonly [weight: number, value: T])[]) => T;
  /** Choices of its own: how many others were made before does not change them. */
  readonly fork: (name: string) => Random;
}

const WORD = 2 ** 32;

/** Draws from hashes of the seed and a counter: slow, and the same everywhere. */
export function createRandom(seed: string): Random {
  let drawn = 0;
  const fraction = (): number => {
    drawn += 1;
    return createHash("sha256").update(`${seed}#${drawn}`).digest().readUInt32BE() / WORD;
  };
  return {
    fraction,
    between: (least, most) => least + Math.floor(fraction() * (most - least + 1)),
    chance: (probability) => fraction() < probability,
    pick: (choices) => pickFrom(choices, fraction()),
    fork: (name) => createRandom(`${seed}/${name}`),
  };
}

function pickFrom<T>(choices: readonly (readonly [weight: number, value: T])[], fraction: number): T {
  let left = fraction * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, value] of choices) {
    if (left < weight) return value;
    left -= weight;
  }
  throw new Error("There is nothing to pick from.");
}
