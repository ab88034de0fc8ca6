import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { endMarked } from "../../demo/leftovers.ts";
import { MARK_VARIABLE } from "../../demo/project.ts";

/** How a process of the command line ended, by itself or killed. */
export interface CommandEnd {
  readonly args: readonly string[];
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ms: number;
  /** Its one JSON document; cut off or empty when it was killed. */
  readonly output: string;
  readonly notes: string;
  /** How long after its start it said that it drives a run; null when it did not. */
  readonly begunAfterMs: number | null;
  /** It did not end by itself for very long and was killed for that. */
  readonly hung: boolean;
}

/** A process of the command line that runs. */
export interface Command {
  readonly pid: number;
  readonly ended: Promise<CommandEnd>;
  readonly isRunning: () => boolean;
  /** SIGKILL: to its whole process group, or to the process alone. */
  readonly kill: (what: "group" | "process") => void;
}

/** Starts the real command line of Offstage, each command in a process group of its own. */
export interface Commands {
  readonly start: (args: readonly string[]) => Command;
  /** Kills what runs, and everything that was started for it. */
  readonly stop: () => Promise<void>;
}

/** What the processes share. */
export interface CommandsOptions {
  readonly projectDir: string;
  readonly mark: string;
  /** Gets everything that the commands say. */
  readonly logFile: string;
}

const BIN = fileURLToPath(new URL("../../apps/offstage/bin/offstage.js", import.meta.url));
const HANG_MS = 90_000;

/** Every command gets `--json` and the project. */
export function createCommands({ projectDir, mark, logFile }: CommandsOptions): Commands {
  const running = new Set<ChildProcess>();
  return {
    start: (args) => {
      const child = spawn(process.execPath, [BIN, ...args, "--json", "--project", projectDir], { detached: true, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, [MARK_VARIABLE]: mark } });
      running.add(child);
      const ended = endOf(child, args).then((end) => {
        running.delete(child);
        appendFileSync(logFile, `\n$ ${args.join(" ")}  (${end.pid}, ${end.ms} ms, ${end.signal ?? end.code})\n${end.notes}${end.output}`);
        return end;
      });
      return { pid: child.pid ?? 0, ended, isRunning: () => isRunning(child), kill: (what) => kill(child, what) };
    },
    stop: async () => {
      for (const child of running) kill(child, "group");
      await endMarked(mark);
    },
  };
}

async function endOf(child: ChildProcess, args: readonly string[]): Promise<CommandEnd> {
  const startedAt = performance.now();
  let output = "";
  let notes = "";
  let begunAfterMs: number | null = null;
  let hung = false;
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => {
    notes += chunk.toString();
    if (begunAfterMs === null && /^(?:running|continuing) /m.test(notes)) begunAfterMs = Math.round(performance.now() - startedAt);
  });
  const hanging = setTimeout(() => {
    hung = true;
    kill(child, "group");
  }, HANG_MS);
  try {
    // Not `exit`: what it said last is part of the story.
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return { args, pid: child.pid ?? 0, code, signal, ms: Math.round(performance.now() - startedAt), output, notes, begunAfterMs, hung };
  } finally {
    clearTimeout(hanging);
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function kill(child: ChildProcess, what: "group" | "process"): void {
  if (child.pid === undefined || !isRunning(child)) return;
  try {
    process.kill(what === "group" ? -child.pid : child.pid, "SIGKILL");
  } catch {
    // It ended in this moment.
  }
}
