import type { Data, Diagnostic } from "offstage/base";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { diagnosticText, faultCount } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { type CheckedWorkflow, createProjectCompiler, workflowNames } from "../project/compile.ts";
import { openProject } from "../project/load-project.ts";
import { writeTypes } from "../project/write-types.ts";

/** `offstage check [workflow]`: all faults at once, of one workflow or of all. */
export function register(command: Command, io: CommandIo): void {
  command.argument("[workflow]", "only this one").action(io.action((name: string | undefined) => check(name, io)));
}

async function check(name: string | undefined, io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const compiler = createProjectCompiler(project);
  const types = await compiler.types();
  const checked: CheckedWorkflow[] = [];
  for (const one of name === undefined ? workflowNames(project.folder) : [name]) {
    io.terminal.progress(`checking ${one} …`);
    checked.push(await compiler.check(one, types));
  }
  await writeTypes(project.folder, types);
  const diagnostics = checked.flatMap((one) => one.diagnostics);
  io.answer(checked.map(workflowData), checked.length === 0 ? "There are no workflows yet: write one into workflows/." : [...diagnostics.map((one) => diagnosticText(one, { paintNote: (color, text) => io.terminal.paint(color, text) })), ...checked.map(summaryLine)].join("\n"));
  return checked.some((one) => one.program === null) ? EXIT.usage : EXIT.fine;
}

function summaryLine({ name, program, diagnostics }: CheckedWorkflow): string {
  if (program === null) return `${name}: ${faultCount(diagnostics)}`;
  const tools = program.tools.map(({ server, tool }) => `${server}.${tool}`).join(", ");
  return `${name}: checks${diagnostics.length === 0 ? "" : ` (${faultCount(diagnostics)})`}; uses ${tools === "" ? "no tools" : tools}`;
}

function workflowData({ name, file, program, diagnostics }: CheckedWorkflow): Data {
  return { name, file, ok: program !== null, tools: (program?.tools ?? []).map((use) => ({ ...use })), diagnostics: diagnostics.map(diagnosticData) };
}

function diagnosticData(diagnostic: Diagnostic): Data {
  return { ...diagnostic } as unknown as Data;
}
