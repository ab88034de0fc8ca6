import { OffstageError } from "offstage/base";
import { draftFile } from "offstage/studio";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { saysYes } from "../says-yes.ts";
import { adoptDraft, adoptionOf } from "../studio/adopt-draft.ts";
import { draftedTexts } from "../studio/draft-shelf.ts";

/** `offstage adopt <draft>`: shows what a chat drafted, and puts it into the project. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<draft>", "workflows/<name>.ts, or profiles/<server>.ts")
    .option("--yes", "do not ask")
    .action(io.action((name: string, { yes }: { readonly yes?: true }) => adopt({ ...io, texts: draftedTexts }, name, yes === true)));
}

async function adopt(io: CommandIo, name: string, yes: boolean): Promise<ExitCode> {
  const file = draftFile(name);
  if (file === null) throw new OffstageError("USAGE", `"${name}" names no draft.`, { hint: "Write workflows/<name>.ts, or profiles/<server>.ts." });
  const { revision, text } = await adoptionOf(io, file);
  if (!yes && !(await confirmed(io, name, text))) {
    io.answer({ file: file.file, adopted: false }, "It stays a draft.");
    return EXIT.changes;
  }
  return adoptDraft(io, file, revision);
}

function confirmed(io: CommandIo, name: string, text: string): Promise<boolean> {
  if (!io.json) io.terminal.print(text);
  return saysYes(io, "Adopt this?", { nobody: "There is nobody to ask whether to adopt this.", hint: `A person has to give it at a terminal: ${commandLine(io, "adopt", name)}` });
}
