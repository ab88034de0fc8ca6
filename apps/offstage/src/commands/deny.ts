import type { Command } from "commander";
import { answerRequests } from "../answer-requests.ts";
import type { CommandIo } from "../command-io.ts";

interface DenyOptions {
  readonly by?: string;
  readonly why?: string;
}

/** `offstage deny`: refuses writes that wait for a person. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[request...]", "ids of requests (or their beginning), or `all`; without any the open ones are listed")
    .option("--by <name>", "who refuses it")
    .option("--why <text>", "what that person says to it; it is kept")
    .action(io.action((requests: readonly string[], options: DenyOptions) => answerRequests(io, { ...options, answer: "deny", requests })));
}
