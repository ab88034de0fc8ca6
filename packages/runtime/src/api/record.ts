import type { Duration } from "./time.ts";

/** What every callback of a {@link record} gets last. */
export interface RecordContext {
  readonly inputs: any;
  readonly event: any;
}

/** How a target is kept once per identity. Only `identity`, `find`, `create` and `keep` are required. */
export interface RecordOptions<Item, Created, Found, Kept, Actual> {
  /** `"project"` shares the record between the workflows of a project. */
  readonly scope?: "project";
  /** What makes two items the same one. */
  readonly identity: (item: Item, context: RecordContext) => string;
  /** The targets that exist for this item: none, one to adopt, or more (`AMBIGUOUS_RECORD`). Reads only. */
  readonly find: (item: Item, context: RecordContext) => Promise<readonly Found[]>;
  /** Makes the target: exactly one write. */
  readonly create: (item: Item, context: RecordContext) => Promise<Created>;
  /** What to remember of a target: the value of `ensure`, and what the callbacks below get. */
  readonly keep: (target: Created | Found, item: Item, context: RecordContext) => Kept;
  /** The target as it is now. Reads only; without it, drift is not seen. */
  readonly read?: (kept: Kept, context: RecordContext) => Promise<Actual>;
  /** Whether the target is as it should be. */
  readonly same?: (actual: Actual, item: Item, context: RecordContext) => boolean;
  /** Makes the target as it should be: exactly one write. */
  readonly update?: (kept: Kept, item: Item, actual: Actual, context: RecordContext) => Promise<unknown>;
  /** Lets go of the target: exactly one write. */
  readonly release?: (kept: Kept, context: RecordContext) => Promise<unknown>;
  /** Takes a released target up again: exactly one write. Without it a new one is created. */
  readonly reopen?: (kept: Kept, item: Item, context: RecordContext) => Promise<unknown>;
  /** An orphan is released only after so long. */
  readonly releaseAfter?: Duration;
  /** An orphan is released only when this holds. Reads only. */
  readonly releaseWhen?: (kept: Kept, context: RecordContext) => boolean | Promise<boolean>;
}

/** One target that a record keeps. */
export interface Binding<Kept> {
  readonly identity: string;
  readonly kept: Kept;
  readonly released: boolean;
}

/** A declared record. */
export interface RecordHandle<Item, Kept> {
  /** Finds, creates or updates the target of this item, and gives what is kept of it. */
  ensure(item: Item): Promise<Kept>;
  /** Lets go of one target knowingly. */
  release(identity: string): Promise<void>;
  /** What is kept of the target with this identity; null when there is none. */
  lookup(identity: string): Promise<Kept | null>;
  /** All targets that this record keeps, released ones too. */
  all(): Promise<readonly Binding<Kept>[]>;
}

/** Declares a target that is kept once per identity, found again and healed when it drifts. Only at the top of a module. */
export declare function record<Item, Created, Found, Kept, Actual>(
  name: string,
  options: RecordOptions<Item, Created, Found, Kept, Actual>,
): RecordHandle<Item, Kept>;
