/** Choices that a seed repeats, millions a second. */
export interface Draw {
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  chance(probability: number): boolean;
  /** One of the values. Throws on an empty list. */
  pick<T>(values: readonly T[]): T;
}

/** A generator of choices (mulberry32: small and even enough for tests). */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(fraction() * count);
  return {
    below,
    chance: (probability) => fraction() < probability,
    pick: (values) => {
      if (values.length === 0) throw new Error("There is nothing to pick from.");
      return values[below(values.length)] as (typeof values)[number];
    },
  };
}

/** The seed of the `index`-th part of what a seed does: each part can be repeated alone. */
export function seedOf(seed: number, index: number): number {
  return Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35);
}
