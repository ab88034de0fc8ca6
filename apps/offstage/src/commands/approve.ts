import type { Command } from "commander";
import { answerRequests } from "../answer-requests.ts";
import type { CommandIo } from "../command-io.ts";

interface ApproveOptions {
  readonly by?: string;
  readonly why?: string;
  readonly later?: boolean;
}

/** `offstage approve`: lists what waits for a person; with requests, permits exactly these writes and continues their runs. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[request...]", "ids of requests (or their beginning), or `all`; without any the open ones are listed")
    .option("--by <name>", "who permits it")
    .option("--why <text>", "what that person says to it; it is kept")
    .option("--later", "only record the grant; the next run uses it")
    .action(io.action((requests: readonly string[], options: ApproveOptions) => answerRequests(io, { ...options, answer: "approve", requests })));
}
