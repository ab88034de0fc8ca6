import { type Data, type ErrorData, toErrorData } from "offstage/base";
import { type Catalogue, catalogueOf, hintsReadOnly, type Lock, withOnlyServers, withServer } from "offstage/tools";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { createProjectCompiler, type ProjectCompiler, type ProjectTypes, workflowNames } from "../project/compile.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { diffLocks, type LockChange } from "../project/lock-diff.ts";
import { loadLock, saveLock } from "../project/lock-files.ts";
import { pinServer } from "../project/pin-server.ts";
import { serverSource } from "../project/server-source.ts";
import { withServers } from "../project/start-servers.ts";
import { writeTypes } from "../project/write-types.ts";
import { escapeControls } from "../terminal.ts";

interface LockOptions {
  readonly check?: boolean;
}

/** `offstage lock`: pins what the servers offer now. `--check` only compares. */
export function register(command: Command, io: CommandIo): void {
  command
    .option("--check", "write nothing; end with 3 when the servers differ from offstage.lock")
    .action(io.action((options: LockOptions) => lock(options, io)));
}

/** What a server said, or why it said nothing. */
type Listed = { readonly server: string; readonly source: string; readonly catalogue: Catalogue } | { readonly server: string; readonly error: ErrorData };

async function lock(options: LockOptions, io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const compiler = createProjectCompiler(project);
  const before = loadLock(project);
  const listed = await listServers(project, io);
  const reached = listed.filter((one) => "catalogue" in one);
  const failed = listed.filter((one) => "error" in one);
  const kept = withOnlyServers(before, new Set(project.servers.map((server) => server.name)));
  // Profiles are chosen by package and checked against the tools: a first lock without them comes before the one with their classes.
  const draft = reached.reduce((made, { server, source, catalogue }) => withServer(made, server, pinServer(catalogue, source, null, project.settings)), kept);
  const { profiles } = await compiler.types({ lock: draft });
  const after = reached.reduce((made, { server, source, catalogue }) => withServer(made, server, pinServer(catalogue, source, profiles.find((profile) => profile.server === server) ?? null, project.settings)), kept);
  const changes = diffLocks(before, after);
  const types = await compiler.types({ lock: after });
  const broken = await brokenWorkflows(project, compiler, types);
  if (options.check !== true) {
    if (changes.length > 0 || before.servers.size === 0) saveLock(project, after);
    await writeTypes(project.folder, types);
  }
  io.answer({ changes: changes.map((change): Data => ({ ...change })), broken, failed: failed.map((one): Data => ({ server: one.server, error: { ...one.error } })), written: options.check !== true }, answerText({ changes, broken, after, failed: failed.length, check: options.check === true }, io));
  for (const { server, error } of failed) io.terminal.note(`${server}: ${escapeControls(error.message, "mark")} Its part of offstage.lock stays as it was.${error.hint === undefined ? "" : `\n  hint: ${escapeControls(error.hint, "mark")}`}`);
  if (failed.length > 0) return EXIT.failed;
  return options.check === true && changes.length > 0 ? EXIT.changes : EXIT.fine;
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

/** The workflows that do not check against these types: what a changed server breaks. */
async function brokenWorkflows(project: Project, compiler: ProjectCompiler, types: ProjectTypes): Promise<readonly string[]> {
  const checked = [];
  for (const name of workflowNames(project.folder)) checked.push(await compiler.check(name, types));
  return checked.filter((one) => one.program === null).map((one) => one.name);
}

interface LockAnswer {
  readonly changes: readonly LockChange[];
  readonly broken: readonly string[];
  readonly after: Lock;
  /** How many servers could not be reached. */
  readonly failed: number;
  readonly check: boolean;
}

function answerText({ changes, broken, after, failed, check }: LockAnswer, io: CommandIo): string {
  if (after.servers.size + failed + changes.length === 0) return "mcp.json has no servers yet: there is nothing to lock.";
  const tools = [...after.servers.values()].reduce((sum, server) => sum + server.tools.size, 0);
  const total = `${after.servers.size} server${after.servers.size === 1 ? "" : "s"}, ${tools} tool${tools === 1 ? "" : "s"}`;
  const head = changes.length === 0 ? `No changes: ${total}` : check ? `offstage.lock differs from the servers (${changes.length} change${changes.length === 1 ? "" : "s"})` : `Locked ${total}`;
  const tail = broken.length === 0 ? [] : [io.terminal.paint("yellow", `These workflows do not check: ${broken.join(", ")} (${commandLine(io, "check")} tells why)`)];
  return [...changes.map((change) => changeLines(change, io)), failed === 0 ? `${head}.` : `${head}; ${failed} could not be reached:`, ...(check ? [] : unclassed(after)), ...tail].join("\n");
}

/** Servers of which nobody says anything: people wonder why each of their reads wants an approval. */
function unclassed(lock: Lock): readonly string[] {
  return [...lock.servers].filter(([, { tools }]) => tools.size > 0 && [...tools.values()].every(({ classes }) => classes.every(({ from }) => from === "default"))).map(([server, { tools }]) => {
    const hinted = [...tools.values()].filter(({ definition }) => hintsReadOnly(definition)).length;
    return `${server}: nobody says which of its ${tools.size} tools only read, so all count as writes${hinted === 0 ? "" : ` (it calls ${hinted} of them read-only itself)`}; see policy.classes and trustHints in docs/guides/config.md.`;
  });
}

const SIGNS = { added: ["+", "green"], removed: ["-", "red"], changed: ["~", "yellow"] } as const;

function changeLines(change: LockChange, io: CommandIo): string {
  const [sign, color] = SIGNS[change.kind];
  const what = escapeControls(change.tool === null ? change.server : `${change.server}.${change.tool}`);
  return [io.terminal.paint(color, `${sign} ${what}`), ...change.details.map((line) => `    ${escapeControls(line)}`)].join("\n");
}
