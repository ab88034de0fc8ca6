/** The list cut into pieces of `size`. */
export declare function chunk<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[];

/** The numbers from 0 to `count - 1`. */
export declare function range(count: number): readonly number[];

/** The items under their keys, keys in order of first occurrence. */
export declare function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): ReadonlyMap<string, readonly Item[]>;
