/** How many generated cases, and which. */
export interface VectorOptions {
  readonly cases: number;
  readonly seed: number;
}

/** One line of a file of vectors: JSON that Python reads. */
export type Vector = Readonly<Record<string, unknown>>;
