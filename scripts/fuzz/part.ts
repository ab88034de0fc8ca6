/** Something that is tried with generated inputs, turn after turn. Each turn depends on the seed and its number only. */
export interface FuzzPart {
  readonly name: string;
  /** What is counted. */
  readonly unit: string;
  turn(seed: number, index: number): Promise<TurnReport>;
}

/** What one turn came to. */
export interface TurnReport {
  readonly inputs: number;
  /** What else is worth counting: `compared`, `refused TS2339`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Each failure as people read it, made small. */
  readonly failures: readonly string[];
}

/** What a part came to. */
export interface PartReport {
  readonly name: string;
  readonly unit: string;
  readonly turns: number;
  readonly inputs: number;
  readonly seconds: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Failures and the turns that found them. */
  readonly failures: readonly { readonly turn: number; readonly text: string }[];
}

/** When a part ends: whatever comes first. `now` is in milliseconds. */
export interface FuzzBounds {
  readonly inputs: number;
  readonly untilMs: number;
  readonly now: () => number;
  /** After so many failures more say nothing new. */
  readonly failures: number;
}

/** Takes turns from `first` on until a bound is met. */
export async function runPart(part: FuzzPart, seed: number, first: number, bounds: FuzzBounds, progress: (report: PartReport) => void = () => undefined): Promise<PartReport> {
  const start = bounds.now();
  const counts = new Map<string, number>();
  const failures: { turn: number; text: string }[] = [];
  let inputs = 0;
  let turn = first;
  const report = (): PartReport => ({ name: part.name, unit: part.unit, turns: turn - first, inputs, seconds: (bounds.now() - start) / 1000, counts: Object.fromEntries(counts), failures });
  while (inputs < bounds.inputs && failures.length < bounds.failures && (turn === first || bounds.now() < bounds.untilMs)) {
    const found = await part.turn(seed, turn);
    inputs += found.inputs;
    for (const [name, count] of Object.entries(found.counts)) counts.set(name, (counts.get(name) ?? 0) + count);
    for (const text of found.failures) failures.push({ turn, text });
    turn += 1;
    progress(report());
  }
  return report();
}
