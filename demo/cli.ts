import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { endMarked } from "./leftovers.ts";
import { MARK_VARIABLE } from "./project.ts";

/** How a command ended: its exit code, or the signal that ended it. */
export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A command that runs. */
export interface CliCommand {
  readonly ended: Promise<CliEnd>;
  /** SIGKILL to the whole process group: no handler runs, nothing is tidied up. */
  readonly kill: () => void;
}

/** Runs the command line of Offstage as people do, each command a process of its own. */
export interface Cli {
  /** Starts a command; its output goes where ours goes. */
  readonly start: (args: readonly string[]) => CliCommand;
  /** Ends what runs, politely first, and everything that was started for it. */
  readonly stop: () => Promise<void>;
}

const BIN = fileURLToPath(new URL("../apps/offstage/bin/offstage.js", import.meta.url));
/** How long a command may take to end in good order after Ctrl-C. */
const POLITE_MS = 5000;

/** `mark` is the one that the project's servers carry too; `bin` is the command line's entry, which tests replace; `quiet` drops answers, not errors. */
export function createCli(options: { readonly mark: string; readonly bin?: string; readonly quiet?: boolean }): Cli {
  const { mark, bin = BIN, quiet = false } = options;
  const running = new Set<{ readonly child: ChildProcess; readonly ended: Promise<CliEnd> }>();
  return {
    start: (args) => {
      const child = spawn(process.execPath, [bin, ...args], {
        // A process group of its own: Ctrl-C reaches us alone, and we pass it on.
        detached: true,
        stdio: ["ignore", quiet ? "ignore" : "inherit", "inherit"],
        env: { ...process.env, [MARK_VARIABLE]: mark },
      });
      const ended = endOf(child);
      const command = { child, ended };
      running.add(command);
      void ended.finally(() => running.delete(command)).catch(() => undefined);
      return { ended, kill: () => signalGroup(child, "SIGKILL") };
    },
    stop: async () => {
      const commands = [...running];
      for (const { child } of commands) signalGroup(child, "SIGINT");
      const all = Promise.allSettled(commands.map(({ ended }) => ended));
      await Promise.race([all, sleep(POLITE_MS, undefined, { ref: false })]);
      for (const { child } of commands) signalGroup(child, "SIGKILL");
      await all;
      await endMarked(mark);
    },
  };
}

async function endOf(child: ChildProcess): Promise<CliEnd> {
  // Rejects when it cannot be started.
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended in this moment.
  }
}
