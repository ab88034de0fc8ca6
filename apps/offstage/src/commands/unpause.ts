import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { changePaused } from "./pause.ts";

/** `offstage unpause [what…]`: writes of these may begin again. What was held of events goes on; else it is made by the next run, or by `apply`. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[what...]", "`all`, workflows or servers; without any, what is paused is listed")
    .action(io.action((what: readonly string[]) => changePaused(io, "unpause", what)));
}
