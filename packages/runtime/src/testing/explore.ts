/** One way through a model: at every point where something may happen, which of the possible things does. */
export interface Choices {
  /** A number from 0 to `count - 1`. 0 is the ordinary course. */
  choose(count: number): number;
}

/** What {@link explore} went through. */
export interface Explored {
  readonly ways: number;
  /** The longest way, in choices. */
  readonly longest: number;
}

/**
 * Runs `world` once for every sequence of choices, depth first: exhaustive, without states to compare. `world` must be a
 * function of its choices alone. What it throws is thrown on with the choices that led there, so that it can be run again.
 */
export async function explore(world: (choices: Choices) => Promise<void>, most = 2_000_000): Promise<Explored> {
  let prefix: readonly number[] = [];
  let longest = 0;
  for (let ways = 1; ; ways++) {
    if (ways > most) throw new Error(`More than ${most} ways: the model is not bounded as it says.`);
    const taken: { readonly choice: number; readonly count: number }[] = [];
    const choose = (count: number): number => {
      const choice = prefix[taken.length] ?? 0;
      taken.push({ choice, count });
      return choice;
    };
    try {
      await world({ choose });
    } catch (error) {
      throw new Error(`After the choices [${taken.map(({ choice }) => choice).join(",")}]: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    longest = Math.max(longest, taken.length);
    const last = taken.findLastIndex(({ choice, count }) => choice + 1 < count);
    if (last === -1) return { ways, longest };
    prefix = taken.slice(0, last + 1).map(({ choice }, index) => (index === last ? choice + 1 : choice));
  }
}
