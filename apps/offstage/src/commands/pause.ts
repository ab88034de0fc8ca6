import { liftPauses } from "offstage/host";
import { changePauses, pausedNames } from "offstage/state";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { withStore } from "../compose-store.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { counted } from "../output/counted.ts";
import { pauseName } from "../pause-name.ts";
import { openProject } from "../project/load-project.ts";
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
  const { paused, woken } = await withStore(project, (store) => store.transact({ durable: true }, async (tx) => {
    const now = await pausedNames(tx);
    if (what.length === 0) return { paused: now, woken: [] };
    const names = what.map((one) => pauseName(one, { workflows: project.texts.workflows(), servers: project.servers.map(({ name }) => name), paused: now }));
    return how === "pause" ? { paused: await changePauses(tx, { add: names }), woken: [] } : liftPauses(tx, names.includes("*") ? now : names);
  }));
  if (woken.length > 0) io.terminal.note(`${counted(woken.length, "run")} ${woken.length === 1 ? "goes" : "go"} on with what was held of events, where \`offstage serve\` runs; else by: ${commandLine(io, "resume")}`);
  io.answer({ paused, ...(woken.length > 0 ? { woken } : {}) }, paused.length === 0 ? "Nothing is paused." : `Paused: ${paused.map((name) => (name === "*" ? "everything" : escapeControls(name))).join(", ")}. Writes of these are held; those that are under way settle.`);
  return EXIT.fine;
}
