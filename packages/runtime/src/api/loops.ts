/** How {@link each} goes through its items. */
export interface EachOptions<Item, OnError> {
  /** Names an item: two different items with the same key are `DUPLICATE_KEY`. */
  readonly key: (item: Item) => string;
  /** How many items at a time; 1 without it. */
  readonly parallel?: number;
  /** `"stop"` (what happens when nothing is said) ends the loop at the first failed item; `"continue"` goes on and ends the run `partial`. */
  readonly onError?: OnError;
}

/**
 * A loop with identity: required around writes. Results come in the order of the items; with `onError: "continue"` a
 * failed item's is `undefined`.
 */
export declare function each<Item, Result, const OnError extends "stop" | "continue" = "stop">(
  items: readonly Item[],
  options: EachOptions<Item, OnError>,
  body: (item: Item) => Promise<Result>,
): Promise<readonly ("continue" extends OnError ? Result | undefined : Result)[]>;

/** Branches side by side: all settle, then the first error in written order is thrown. */
export declare function parallel<Branches extends { readonly [name: string]: () => Promise<unknown> }>(
  branches: Branches,
): Promise<{ readonly [Name in keyof Branches]: Awaited<ReturnType<Branches[Name]>> }>;
