import type { Data, Diagnostic } from "offstage/base";
import { type Flow, flowOf, type Program, startedPrograms } from "offstage/program";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { inProject } from "../command-line.ts";
import { diagnosticText, faultCount, inItsProject } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { type CheckedWorkflow, createProjectCompiler, type ProjectCompiler, type ProjectTypes } from "../project/compile.ts";
import { serversOf } from "../project/compile-for-run.ts";
import { flowText } from "../output/flow-text.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { makingWarnings, otherMakings, withLockFaults } from "../project/lock-faults.ts";
import { type MendedFile, mendFile } from "../project/mend-files.ts";
import { createProjectRulebook } from "../project/project-rulebook.ts";
import { policyFaults } from "../project/policy-faults.ts";
import { unsettledFault, unsettledProfiles } from "../project/unsettled-profiles.ts";
import { writeTypes } from "../project/write-types.ts";
import { escapeControls } from "../terminal.ts";

interface CheckOptions {
  readonly fix?: boolean;
  /** Also how each workflow that checks goes, step by step. */
  readonly steps?: boolean;
}

/** `offstage check [workflow] [--fix] [--steps]`: all faults at once, of one workflow or of all. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[workflow]", "only this one")
    .option("--fix", "make the fixes that are mechanical, in workflows/ and profiles/, and check again")
    .option("--steps", "show how each workflow goes, step by step")
    .action(io.action((name: string | undefined, options: CheckOptions) => check(name, options, io)));
}

/** Checks a workflow, or all of them. */
export async function check(name: string | undefined, { fix = false, steps = false }: CheckOptions, io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const compiler = createProjectCompiler(project);
  const names = name === undefined ? project.texts.workflows() : [name];
  // Profiles are mended first: workflows are checked against what they say.
  const mended: MendedFile[] = fix && name === undefined ? await mendProfiles(compiler, project.folder) : [];
  const types = await compiler.types();
  if (fix) mended.push(...(await mendWorkflows(compiler, project.folder, names, types)));
  const compiled: CheckedWorkflow[] = [];
  for (const one of names) {
    io.terminal.progress(`checking ${one} …`);
    compiled.push(await compiler.check(one, types));
  }
  const making = otherMakings(project, types, io.env["PATH"] ?? "");
  const checked = compiled.map((one) => withLockFaults(one, types, project, making));
  await writeTypes(project.folder, types);
  // Of one workflow alone it is not known what there is in the others.
  const policy = name === undefined ? policyFaults(project, types.lock, compiled) : [];
  const concerned = new Set(name === undefined ? types.lock.servers.keys() : compiled.flatMap((one) => serversOf(one, types)));
  const unsettled = unsettledProfiles(project.folder, types.lock).filter(({ server }) => concerned.has(server));
  const beside = [...policy, ...makingWarnings(making.filter(({ server }) => concerned.has(server)), compiled, types), ...unsettled.map(unsettledFault)];
  const flows = steps ? flowsOf(project, checked, types) : new Map<string, Flow>();
  const text = [...beside.map((one) => faultText(one, io)), ...mended.map((file) => mendedText(file, io)), ...(checked.length === 0 ? ["There are no workflows yet: write one into workflows/."] : checked.flatMap((one) => [workflowText(one, io), ...flowTexts(flows.get(one.name))]))];
  io.answer([...checked.map((one) => workflowData(one, mended, flows.get(one.name))), ...besideData(beside)], text.join("\n").trimEnd(), "prose");
  return checked.some((one) => one.program === null) ? EXIT.usage : EXIT.fine;
}

/** Checks a text as `profiles/<server>.ts`. */
export async function checkProfile(io: CommandIo, server: string, source: string): Promise<ExitCode> {
  const project = openProject(io);
  const file = `profiles/${server}.ts`;
  const diagnostics = (await createProjectCompiler(project).profileChecker(server))(source);
  io.answer(diagnostics.map(diagnosticData), [...diagnostics.map((one) => faultText(one, io, source)), `${file}: ${diagnostics.length === 0 ? "checks" : faultCount(diagnostics)}`].join("\n"), "prose");
  return diagnostics.some(({ severity }) => severity === "error") ? EXIT.usage : EXIT.fine;
}

async function mendProfiles(compiler: ProjectCompiler, folder: string): Promise<MendedFile[]> {
  const mended = [];
  for (const profile of await compiler.ownProfiles()) mended.push(await mendFile(folder, profile));
  return mended.filter((file) => file !== null);
}

async function mendWorkflows(compiler: ProjectCompiler, folder: string, names: readonly string[], types: ProjectTypes): Promise<readonly MendedFile[]> {
  const checkText = await compiler.checker(types);
  const mended = [];
  for (const name of names) {
    const { file, source, diagnostics } = await compiler.check(name, types);
    if (diagnostics.some((diagnostic) => diagnostic.fix !== undefined)) mended.push(await mendFile(folder, { file, source, check: (text) => checkText(name, text).diagnostics }));
  }
  return mended.filter((file) => file !== null);
}

/** What was changed: the places are those before, the lines show both. */
function mendedText({ file, applied, changes }: MendedFile, { terminal }: CommandIo): string {
  const made = applied.map(({ line, column, code, fix }) => `${file}:${line}:${column} ${terminal.paint("green", `fixed ${code}`)} ${escapeControls(fix?.title ?? "")}`);
  return [...made, ...changes.map((line) => `  ${terminal.paint(/^\d+ -/.test(line) ? "red" : "green", escapeControls(line))}`)].join("\n");
}

/** The faults of one workflow, and one line about it. */
function workflowText(checked: CheckedWorkflow, io: CommandIo): string {
  return [...checked.diagnostics.map((one) => faultText(one, io, one.file === checked.file ? checked.source : undefined)), summaryLine(checked, io)].join("\n");
}

/** What a fault quotes of a text is shown as it is; its hint is ours, and names commands. */
function faultText(diagnostic: Diagnostic, io: CommandIo, source?: string): string {
  return diagnosticText(inItsProject(diagnostic, io), { width: io.terminal.width, paintNote: io.terminal.paint }, source);
}

/** What is said of other files, each in the shape of a workflow's answer, for whoever goes through all. */
function besideData(diagnostics: readonly Diagnostic[]): readonly Data[] {
  return [...new Set(diagnostics.map(({ file }) => file))].map((file) => ({ name: file, file, ok: true, tools: [], diagnostics: diagnostics.filter((one) => one.file === file).map(diagnosticData) }));
}

function summaryLine({ name, program, diagnostics }: CheckedWorkflow, io: CommandIo): string {
  const fixable = diagnostics.filter(({ fix }) => fix !== undefined).length;
  const faults = `${faultCount(diagnostics)}${fixable === 0 ? "" : `, ${fixable} of them mended by ${inProject(io, "`offstage check --fix`")}`}`;
  if (program === null) return `${name}: ${faults}`;
  const tools = program.tools.map(({ server, tool }) => `${server}.${tool}`).join(", ");
  return `${name}: checks${diagnostics.length === 0 ? "" : ` (${faults})`}; uses ${tools === "" ? "no tools" : tools}${startsText(program)}`;
}

/** What its runs may begin, beside what they do themselves. */
function startsText(program: Program): string {
  const started = startedPrograms(program).map(({ name }) => name);
  return started.length === 0 ? "" : `; starts ${started.join(", ")}`;
}

/** How those go that check, by their names. */
function flowsOf(project: Project, checked: readonly CheckedWorkflow[], types: ProjectTypes): ReadonlyMap<string, Flow> {
  const { mayWrite } = createProjectRulebook(project.settings, types);
  return new Map(checked.flatMap(({ name, program }) => (program === null ? [] : [[name, flowOf(program, mayWrite)] as const])));
}

function flowTexts(flow: Flow | undefined): readonly string[] {
  return flow === undefined ? [] : [flowText(flow), ""];
}

function workflowData({ name, file, program, diagnostics }: CheckedWorkflow, mended: readonly MendedFile[], flow: Flow | undefined): Data {
  const fixed = mended.filter((one) => one.file === file || one.file.startsWith("profiles/")).map(({ file: where, applied }) => ({ file: where, applied: applied.map(diagnosticData) }));
  return { name, file, ok: program !== null, tools: (program?.tools ?? []).map((use) => ({ ...use })), diagnostics: diagnostics.map(diagnosticData), ...(fixed.length === 0 ? {} : { fixed }), ...(flow === undefined ? {} : { flow: flow as unknown as Data }) };
}

function diagnosticData(diagnostic: Diagnostic): Data {
  return { ...diagnostic } as unknown as Data;
}
