import { setTimeout as sleep } from "node:timers/promises";
import type { Cli, CliCommand, CliEnd } from "./cli.ts";
import type { Emulators } from "./emulators.ts";
import type { Narrator } from "./narrator.ts";
import type { DemoProject } from "./project.ts";
import { takeTally, tallyFaults } from "./tally.ts";
import type { Tally } from "./tally.ts";

/** Something in the demo is not as it must be; the message is for people. Nothing in the demo throws it for a Ctrl-C. */
export class DemoFault extends Error {
  override readonly name = "DemoFault";
}

/** What every act works with. */
export interface Story {
  readonly emulators: Emulators;
  readonly project: DemoProject;
  /** The project's folder as one would type it. */
  readonly folder: string;
  readonly cli: Cli;
  readonly narrator: Narrator;
  /** Aborted by Ctrl-C: no act goes on after it. */
  readonly signal: AbortSignal;
}

/** Shows a command and starts it. */
export function startOffstage(story: Story, args: readonly string[]): CliCommand {
  story.signal.throwIfAborted();
  const all = [...args, "--project", story.folder];
  story.narrator.command(all);
  return story.cli.start(all);
}

/** Shows a command, runs it to its end and gives its exit code. Throws DemoFault when that is none of `expected`. */
export async function runOffstage(story: Story, args: readonly string[], expected: readonly number[] = [0]): Promise<number> {
  const end = await startOffstage(story, args).ended;
  story.signal.throwIfAborted();
  if (end.code === null || !expected.includes(end.code)) throw new DemoFault(`offstage ${args.join(" ")} ended with ${describeEnd(end)}; expected was ${expected.join(" or ")}.`);
  return end.code;
}

/** An exit code or a signal, in words. */
export function describeEnd({ code, signal }: CliEnd): string {
  return signal === null ? `exit code ${code}` : signal;
}

/** Waits until the search index has caught up with every write so far. */
export async function waitForIndex(story: Story): Promise<void> {
  const ms = story.emulators.jira.lagMs();
  story.narrator.say(`\n(${ms / 1000} s pass: Jira's search catches up.)`);
  await sleep(ms, undefined, { signal: story.signal });
}

/** Counts tickets against pull requests behind Offstage's back. Throws DemoFault with everything that is wrong. */
export async function assertTally(story: Story, options: { readonly complete: boolean }): Promise<Tally> {
  const tally = await takeTally(story.emulators);
  const faults = tallyFaults(tally, options);
  if (faults.length > 0) throw new DemoFault(`The count is wrong:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  return tally;
}
