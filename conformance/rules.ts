/**
 * How each numbered rule of docs/language.md is held to. A new rule takes the next number of its section, wherever it stands
 * there, and gets one of these:
 *
 * - a case that runs, interpreted and by Node, and cites it: an entry of `subset/` under its number, or a scenario of `cases/` with it
 *   in `rules`. This is what a rule about running needs;
 * - a row of a table of refusals, which is compiled: nothing else to do. An example cites rules in its fence: ```ts body refused UNLEARNT 7.6;
 * - for a rule about checking alone: such an example, and its number in `CHECKED`;
 * - for a rule about what is around a run: the test that shows it, in `BESIDE`.
 */
export const CHECKED: readonly string[] = ["2.1", "2.2", "2.3", "2.4", "7.6", "7.8", "7.9", "7.10", "7.11", "7.12", "8.1", "8.9", "8.16", "10.8", "10.16", "11.4", "12.9"];

/** Rules about commands, editors and the checker as a whole, and the test that is the case of each. */
export const BESIDE: Readonly<Record<string, { readonly file: string; readonly test: string }>> = {};

/** Rules that have no case yet. This list only shrinks. */
export const UNCITED: readonly string[] = [
  "1.1", "1.3", "1.4",
  "6.1", "6.2", "6.3", "6.4", "6.5",
  "7.1", "7.3", "7.5", "7.7",
  "8.4", "8.5", "8.6", "8.8",
  "9.4",
  "10.1", "10.9", "10.13", "10.14",
  "12.8", "12.10",
  "13.1", "13.4", "13.5", "13.6",
  "14.2", "14.3",
  "16.2", "16.4",
  "17.1", "17.4", "17.7", "17.9",
  "18.1", "18.2", "18.3",
  "19.1", "19.2", "19.3", "19.4", "19.5", "19.6", "19.8", "19.9", "19.10", "19.11", "19.12", "19.13", "19.14", "19.15", "19.16", "19.17",
  "20.1", "20.2", "20.3", "20.4", "20.5", "20.6", "20.7", "20.8",
  "22.1", "22.2", "22.3", "22.4", "22.5", "22.6", "22.7", "22.8", "22.9", "22.10", "22.11", "22.12", "22.13", "22.14", "22.15", "22.16", "22.17", "22.18",
  "22.19", "22.20", "22.21", "22.22", "22.23", "22.24", "22.25", "22.26", "22.27", "22.28", "22.29", "22.30", "22.31", "22.32", "22.33", "22.34", "22.35",
];
