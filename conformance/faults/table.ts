import type { Outcome } from "./scene.ts";

/** The fault table: one line for each fault, all its rounds together. */
export function tableOf(outcomes: readonly { readonly name: string; readonly outcome: Outcome }[]): readonly string[] {
  const rows = [...new Set(outcomes.map(({ name }) => name))].map((name) => rowOf(name, outcomes.filter((one) => one.name === name).map(({ outcome }) => outcome)));
  const all = [["fault", "times", "events", "writes", "in doubt, and told", "lost", "doubled", "stuck", "else"], ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`);
}

function rowOf(name: string, outcomes: readonly Outcome[]): readonly string[] {
  const sum = (of: (outcome: Outcome) => number): string => String(outcomes.reduce((total, outcome) => total + of(outcome), 0));
  return [name, sum(({ times }) => times), sum(({ account }) => account.events), sum(({ account }) => account.writes), sum(({ account }) => account.inDoubt), sum(({ account }) => account.lost.length), sum(({ account }) => account.doubled.length), sum(({ account }) => account.stuck.length), sum(({ account }) => account.wrong.length)];
}
