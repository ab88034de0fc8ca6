import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { escapeControls } from "../terminal.ts";

/** Says which tools were not as they were locked: reads of them go on, and what they answer may be of another form. `matters`, before "that tool", says for what. */
export function noteChangedTools(io: CommandIo, tools: readonly string[], matters: string): void {
  if (tools.length === 0) return;
  const [are, than] = tools.length === 1 ? ["is not the tool", "that tool"] : ["are not the tools", "those tools"];
  io.terminal.note(`${io.terminal.paintNote("yellow", "changed:")} ${tools.map((tool) => escapeControls(tool)).join(", ")} ${are} that offstage.lock has; ${matters} ${than}. See ${commandLine(io, "lock", "--check")}.`);
}
