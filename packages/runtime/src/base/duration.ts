const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d{1,15})(ms|s|m|h|d)$/;

/** Milliseconds of `250ms`, `90s`, `10m`, `1h`, `7d`; null for anything else. One number and one unit: `1h30m` is `90m`. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  const milliseconds = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  return Number.isSafeInteger(milliseconds) ? milliseconds : null;
}

/** The shortest text that {@link parseDuration} reads back as `ms` (a whole number ≥ 0): 90000 is `90s`, 3600000 is `1h`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0s";
  for (const unit of ["d", "h", "m", "s"] as const) {
    if (ms % UNITS[unit] === 0) return `${ms / UNITS[unit]}${unit}`;
  }
  return `${ms}ms`;
}
