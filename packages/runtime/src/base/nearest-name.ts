/**
 * The known name that a mistyped one most likely means, for "Did you mean …?"; null when none is near enough. Case, `-` and
 * `_` make no difference; of equally near ones the first counts.
 */
export function nearestName(typed: string, known: readonly string[]): string | null {
  let best: { readonly name: string; readonly distance: number } | null = null;
  const wanted = plain(typed);
  for (const name of known) {
    const other = plain(name);
    const distance = editDistance(wanted, other);
    // A third of the letters may be wrong; more is another word.
    if (distance * 3 <= Math.max(wanted.length, other.length) && distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name ?? null;
}

/** Longer names are not compared to the end: the work grows with the square. */
const MAX_COMPARED = 64;

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "").slice(0, MAX_COMPARED);
}

/** How many letters have to be put in, taken out, replaced or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
