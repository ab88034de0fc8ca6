/** Begins work, or lets it wait until less is under way: first come, first served. */
export type AtOnce = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so many works go on at once. */
export function createAtOnce(most: number): AtOnce {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await work();
    } finally {
      // Its place goes to who waits longest, not to who comes just now.
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
