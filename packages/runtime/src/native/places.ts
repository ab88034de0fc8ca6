import { type Crossing, handled, type ModuleFunction } from "./crossing.ts";

/** What the marks of a module call: they tell at which site of its Program the code is. */
export interface Places {
  /** A name of the vocabulary, a server, record or state, at a site; or a helper, whose steps are below the site. */
  at(site: string, named: unknown): unknown;
  /** What a loop goes through, turn by turn. */
  turns(site: string, items: Iterable<unknown>): Iterable<unknown>;
  /** Makes a name whose meaning depends on where it stands. */
  placed<T extends object>(meaning: (site: string) => T): T;
}

/** See {@link Places}. Step keys come out as the interpreter makes them: sites and turns, each followed by `/`. */
export function createPlaces({ strand }: Pick<Crossing, "strand">): Places {
  const meanings = new WeakMap<object, (site: string) => object>();
  return {
    at(site, named) {
      const meaning = typeof named === "object" || typeof named === "function" ? meanings.get(named as object) : undefined;
      return meaning === undefined ? below(strand, site, named as ModuleFunction) : meaning(site);
    },
    *turns(site, items) {
      const c = strand();
      const { path } = c;
      let index = 0;
      try {
        for (const item of items) {
          c.path = `${path}${site}[${index}]/`;
          index += 1;
          yield item;
        }
      } finally {
        c.path = path;
      }
    },
    placed<T extends object>(meaning: (site: string) => T): T {
      const name = Object.freeze(() => undefined) as unknown as T;
      meanings.set(name, meaning);
      return name;
    },
  };
}

/** A helper whose steps are taken below a site. */
function below(strand: Crossing["strand"], site: string, helper: ModuleFunction): ModuleFunction {
  return (...args) => {
    const c = strand();
    const { path } = c;
    const leave = (): void => void (c.path = path);
    c.path = `${path}${site}/`;
    try {
      const value = helper(...args);
      if (value instanceof Promise) return handled(value.finally(leave));
      leave();
      return value;
    } catch (error) {
      leave();
      throw error;
    }
  };
}
