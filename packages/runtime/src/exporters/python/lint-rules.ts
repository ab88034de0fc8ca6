/**
 * Rules of ruff's default set that judge what the workflow's author wrote, or that Python's late binding and JavaScript's make necessary:
 * an exported package's `pyproject.toml` leaves them out.
 */
export const RULES_LEFT_OUT: readonly string[] = [
  "B023", // A function in a loop that sees the loop's variable is called within that turn.
  "PERF401", "PERF402", // A loop that appends is what the author wrote.
  "PIE810", // Two `startswith` are two conditions of the author.
  "PLR0124", "PLR0133", "SIM208", "SIM222", "SIM223", // Comparisons and conditions with constants.
  "TRY203", // A handler that raises again.
];
