/** A durable value of the workflow. */
export interface State<Value> {
  /** The value: what this run set, else what was committed, else the initial one. */
  get(): Promise<Value>;
  /** Commits when the run ends well; a lost race is `STATE_CONFLICT`. */
  set(value: Value): Promise<void>;
  /** The same state, kept apart for each key. */
  of(key: string): State<Value>;
}

/** Declares a durable value: a cursor, a snapshot. Only at the top of a module; not inside parallel bodies. */
export declare function state<Value>(name: string, initial: Value): State<Value>;
