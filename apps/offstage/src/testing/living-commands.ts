import { type CommandProcess, startCommand } from "./command-process.ts";

/** One command in one process after another, or in some side by side: they are killed in the middle of what they do. */
export interface LivingCommands {
  start(): CommandProcess;
  end(one: CommandProcess, signal: NodeJS.Signals): CommandProcess["ended"];
  /** Kills it, and starts another one in its place. */
  replace(one: CommandProcess): Promise<CommandProcess>;
  /** Kills those that a test which failed left behind. */
  killAll(): Promise<void>;
}

/** `env` is what the command sees besides PATH. */
export function createLivingCommands(folder: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}): LivingCommands {
  const living = new Set<CommandProcess>();
  const commands: LivingCommands = {
    start() {
      const made = startCommand(folder, argv, null, env);
      living.add(made);
      return made;
    },
    end(one, signal) {
      living.delete(one);
      one.child.kill(signal);
      return one.ended;
    },
    async replace(one) {
      await commands.end(one, "SIGKILL");
      return commands.start();
    },
    async killAll() {
      for (const one of living) await commands.end(one, "SIGKILL");
    },
  };
  return commands;
}
