/** One line of the report: what was measured, beside its baseline from the same run. */
export interface Figure {
  readonly what: string;
  readonly ours: string;
  readonly baseline: string;
  /** The figure that has a bound, and the bound; both as numbers. */
  readonly value: number;
  readonly bound: number;
  readonly unit: string;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds that something takes. */
export async function timeMs(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

/** `0.213 ms`. */
export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(3) : value.toFixed(0)} ms`;
}

/** The report as a table, the bound and whether it holds last. */
export function figuresText(figures: readonly Figure[]): string {
  const rows = [["measure", "ours", "baseline", "figure", "bound", ""], ...figures.map((figure) => [figure.what, figure.ours, figure.baseline, `${figure.value.toFixed(2)} ${figure.unit}`, `≤ ${figure.bound} ${figure.unit}`, figure.value <= figure.bound ? "holds" : "ABOVE"])];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()).join("\n");
}
