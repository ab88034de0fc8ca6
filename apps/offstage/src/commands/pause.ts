import { OffstageError } from "offstage/base";
import { changePauses, pausedNames } from "offstage/state";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { withStore } from "../compose.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { workflowNames } from "../project/compile.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { escapeControls } from "../terminal.ts";

/** `offstage pause [what…]`: no write begins any more. Without names it only says what is paused. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[what...]", "`all`, workflows or servers (`server:jira` where both have the name); without any, what is paused is listed")
    .action(io.action((what: readonly string[]) => changePaused(io, "pause", what)));
}

/** What `pause` and `unpause` do. */
export async function changePaused(io: CommandIo, how: "pause" | "unpause", what: readonly string[]): Promise<ExitCode> {
  const project = openProject(io);
  const paused = await withStore(project, (store) => store.transact({ durable: true }, async (tx) => {
    const now = await pausedNames(tx);
    if (what.length === 0) return now;
    const names = what.map((one) => nameOf(one, project, now));
    return changePauses(tx, how === "pause" ? { add: names } : { remove: names.includes("*") ? now : names });
  }));
  io.answer({ paused }, paused.length === 0 ? "Nothing is paused." : `Paused: ${paused.map((name) => (name === "*" ? "everything" : escapeControls(name))).join(", ")}. Writes of these are held; those that are under way settle.`);
  return EXIT.fine;
}

/** What is gone from the project may still be paused, and named. Errors: `USAGE`. */
function nameOf(what: string, project: Project, paused: readonly string[]): string {
  if (what === "all") return "*";
  const known = [...workflowNames(project.folder).map((name) => `workflow:${name}`), ...project.servers.map(({ name }) => `server:${name}`), ...paused];
  const found = [...new Set(known.filter((name) => name === what || name.slice(name.indexOf(":") + 1) === what))];
  if (found.length === 1) return found[0] as string;
  if (found.length > 1) throw new OffstageError("USAGE", `${what} is a workflow and a server.`, { hint: `Say which: ${found.join(" or ")}.` });
  throw new OffstageError("USAGE", `There is no workflow and no server ${what}.`, { hint: `There are: all, ${known.join(", ")}.` });
}
