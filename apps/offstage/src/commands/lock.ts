import { type Diagnostic, type ErrorData, OffstageError, toErrorData } from "offstage/base";
import { type Catalogue, catalogueOf, EMPTY_LOCK, type Lock, printLock, withOnlyServers, withServer } from "offstage/tools";
import { type Command, Option } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine, inProject } from "../command-line.ts";
import { DiagnosticsError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { type LockAnswer, lockAnswerData, lockAnswerText } from "../output/lock-answer.ts";
import { acceptanceOf, acceptChanges, heldBackBy, newWarnings, refuseUnknownNames } from "../project/accept-changes.ts";
import { createProjectCompiler, type ProjectCompiler } from "../project/compile.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { diffLocks, type LockChange, notPinnedYet } from "../project/lock-diff.ts";
import { loadLock, saveLock } from "../project/lock-files.ts";
import { pinServer } from "../project/pin-server.ts";
import type { LoadedProfile } from "../project/project-types.ts";
import { serverSource } from "../project/server-source.ts";
import { withServers } from "../project/start-servers.ts";
import { unsettledProfiles } from "../project/unsettled-profiles.ts";
import { whoIsAffected } from "../project/who-is-affected.ts";
import { writeTypes } from "../project/write-types.ts";
import { escapeControls } from "../terminal.ts";

interface LockOptions {
  readonly check?: boolean;
  readonly accept: readonly string[];
}

/** `--accept` without a name: whatever differs. */
const ALL = "*";

/** `offstage lock`: pins what the servers offer now. `--check` only compares; `--accept` takes over only what it names. In an exported package only `--accept` pins. */
export function register(command: Command, io: CommandIo): void {
  command
    .option("--check", "write nothing; end with 3 when the servers differ from offstage.lock")
    .addOption(new Option("--accept [name]", "take over only this server's changes, or this server.tool's; may be given several times; without a name, all").preset(ALL).default([]).argParser((name: string, before: readonly string[]) => [...before, name]))
    .action(io.action((options: LockOptions) => lock(options, io)));
}

/** What a server said, or why it said nothing. */
type Listed = Reached | { readonly server: string; readonly error: ErrorData };

interface Reached {
  readonly server: string;
  readonly source: string;
  readonly catalogue: Catalogue;
}

async function lock(options: LockOptions, io: CommandIo): Promise<ExitCode> {
  // A package lies on a machine, where nobody reviews what became of a file: there a person has to say it.
  const shows = options.check === true || (io.ownCode !== undefined && options.accept.length === 0);
  const named = options.accept.includes(ALL) ? [] : options.accept;
  if (options.check === true && options.accept.length > 0) throw new OffstageError("USAGE", "--check accepts nothing.", { hint: "Leave out --check, or --accept." });
  const project = openProject(io);
  const compiler = createProjectCompiler(project);
  const before = loadLock(project);
  const listed = await listServers(project, io);
  const kept = withOnlyServers(before, new Set(project.servers.map((server) => server.name)));
  const offered = (profiles: readonly LoadedProfile[]): Lock => listed.reduce((made, one) => ("catalogue" in one ? withServer(made, one.server, pinServer(one.catalogue, one.source, profiles.find(({ server }) => server === one.server) ?? null, project.settings)) : made), kept);

  // Profiles are chosen by package and checked against the tools: a first lock without them comes before the one with their classes.
  const plain = offered([]);
  const warnings = newWarnings(before, plain);
  const acceptance = acceptanceOf(named, heldBackBy(warnings, before));
  const fitted = await fitProfiles(compiler, before, acceptChanges(before, plain, acceptance));
  const after = offered(fitted.profiles);
  const changes = diffLocks(before, after);
  refuseUnknownNames(named, changes);
  const next = shows ? after : acceptChanges(before, after, acceptance);
  io.terminal.progress("checking the workflows …");
  const unfit = fitted.faults.length > 0;
  const { affected, broken, unread } = await whoIsAffected({ folder: project.folder, compiler, before, after, profiles: unfit ? fitted.profiles : null }, changes);
  if (!shows && !unfit) await save(project, compiler, before, next);
  const failed = listed.filter((one) => "error" in one);
  const answer: LockAnswer = { changes, affected, acceptance, named, warnings, notPinned: notPinnedYet(before, after), unsettled: unsettledProfiles(project.folder, next), broken, unread, profileFaults: fitted.faults, lock: next, failed, check: shows };
  io.answer(lockAnswerData(answer), lockAnswerText(answer, io), "prose");
  for (const { server, error } of failed) io.terminal.note(`${server}: ${escapeControls(error.message, "mark")} Its part of offstage.lock stays as it was.${error.hint === undefined ? "" : `\n  hint: ${escapeControls(inProject(io, error.hint), "mark")}`}`);
  return exitOf(answer, { check: options.check === true, named }, io);
}

/** The profiles that fit the tools as they are now; where they do not, those that fitted before, and why. */
async function fitProfiles(compiler: ProjectCompiler, before: Lock, now: Lock): Promise<{ readonly profiles: readonly LoadedProfile[]; readonly faults: readonly Diagnostic[] }> {
  try {
    return { profiles: (await compiler.types({ lock: now })).profiles, faults: [] };
  } catch (error) {
    if (!(error instanceof DiagnosticsError) || before.servers.size === 0) throw error;
    return { profiles: (await compiler.types({ lock: before })).profiles, faults: error.diagnostics };
  }
}

function exitOf({ changes, acceptance, failed, profileFaults, check: shows }: LockAnswer, { check, named }: { readonly check: boolean; readonly named: readonly string[] }, io: CommandIo): ExitCode {
  // What differs wants a person, whoever else is away.
  if (check && changes.length > 0) return EXIT.changes;
  if (failed.length > 0) return EXIT.failed;
  if (!shows && profileFaults.length > 0) return EXIT.usage;
  if (shows && !check && changes.length > 0) noteAccept(io, changes);
  if (shows) return EXIT.fine;
  const held = named.length > 0 ? [] : changes.filter(({ server, tool }) => !acceptance.accepts(server, tool)).map(({ server, tool }) => `${server}.${tool ?? ""}`);
  if (held.length === 0) return EXIT.fine;
  io.terminal.note(`${io.terminal.paintNote("cyan", "hint:")} Read what the warnings show. What is meant well is accepted by name: ${escapeControls(commandLine(io, "lock", ...held.flatMap((name) => ["--accept", name])))}`);
  return EXIT.changes;
}

/** What pins what a package was shown. */
function noteAccept(io: CommandIo, changes: readonly LockChange[]): void {
  const [one] = changes.flatMap(({ server, tool }) => (tool === null ? [] : [`${server}.${tool}`]));
  io.terminal.note(escapeControls(`To pin what the servers offer now: ${commandLine(io, "lock", "--accept")}${one === undefined ? "" : `, or one by its name: ${commandLine(io, "lock", "--accept", one)}`}`));
}

async function save(project: Project, compiler: ProjectCompiler, before: Lock, next: Lock): Promise<void> {
  if (before === EMPTY_LOCK || printLock(before) !== printLock(next)) saveLock(project, next);
  await writeTypes(project.folder, await compiler.types({ lock: next }));
}

async function listServers(project: Project, io: CommandIo): Promise<readonly Listed[]> {
  const names = project.servers.map((server) => server.name);
  if (names.length > 0) io.terminal.progress(`asking ${names.join(", ")} …`);
  return Promise.all(names.map((name) => listServer(name, project, io)));
}

async function listServer(server: string, project: Project, io: CommandIo): Promise<Listed> {
  try {
    return await withServers(project, [server], io, async (pool) => {
      const { catalogue, faults } = catalogueOf(await pool.catalogue(server));
      for (const fault of faults) io.terminal.note(escapeControls(fault.message));
      return { server, source: project.redactor.redact(serverSource(project.server(server).config, io.env["PATH"] ?? "")), catalogue };
    });
  } catch (error) {
    const data = toErrorData(error);
    if (data.code === "BUG" || io.signal.aborted) throw error;
    return { server, error: data };
  }
}
