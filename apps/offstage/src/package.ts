import { relative } from "node:path";
import { shellWord } from "./command-line.ts";
import { main } from "./main.ts";

/** An exported package: its folder, and the workflow that it is. */
export interface PackagePlace {
  readonly folder: string;
  readonly workflow: string;
}

/** Commands that are about one workflow: in a package it is known which. */
const OF_ONE_WORKFLOW: ReadonlySet<string> = new Set(["plan", "run", "sweep", "drift", "check", "record", "serve"]);

/** Those in which Node executes the text. */
const NATIVE: ReadonlySet<string> = new Set(["run", "serve"]);

/**
 * The command line of an exported package: `plan`, `apply <plan>`, `run`, `serve` and all others, with their options. Resolves to what the process ends with; never rejects.
 */
export async function runPackage({ folder, workflow }: PackagePlace, argv: readonly string[]): Promise<number> {
  const [command = "--help", ...rest] = argv;
  const program = `node ${shellWord(relative(process.cwd(), process.argv[1] ?? "main.ts"))}`;
  if (command.startsWith("-") || command === "help") return main(argv.length === 0 ? [command] : argv, { program });
  const words = [command, ...(OF_ONE_WORKFLOW.has(command) ? [workflow] : []), ...rest, ...(NATIVE.has(command) ? ["--native"] : [])];
  return main(words, { cwd: folder, program, ownCode: true });
}
