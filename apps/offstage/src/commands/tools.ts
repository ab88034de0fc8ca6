import { type Data, OffstageError } from "offstage/base";
import { type Catalogue, catalogueOf, type FoundTool, hashTool, type Lock, namedTypes, type ProfileTypeInfo, type RawTool, searchTools, textField, toolSummary, toolWarnings } from "offstage/tools";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { DiagnosticsError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { foundToolsText, shownSignature, shownSummary, type ShownTool } from "../output/found-tools-text.ts";
import { nowhereText, noSuchToolText } from "../output/missing-tools-text.ts";
import { type KnownTool, toolText, typesText } from "../output/tool-text.ts";
import { classText } from "../project/class-text.ts";
import { createProjectCompiler } from "../project/compile.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { loadLearnt, loadLock } from "../project/lock-files.ts";
import { withServers } from "../project/start-servers.ts";
import { escapeControls, tableText } from "../terminal.ts";

/** Who has not found it among these says it in other words. */
const MOST_FOUND = 10;

interface ToolsOptions {
  readonly live?: boolean;
}

/** `offstage tools [words]`: searches what is locked, or, with nothing locked yet, what the servers offer now. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[words...]", "what it should be about: the ten that fit best, of all servers; a server lists its tools; server.tool shows that tool whole")
    .option("--live", "ask the servers, instead of offstage.lock")
    .action(io.action((words: readonly string[], options: ToolsOptions) => tools(words, options, io)));
}

/** Searches, or shows one. */
export async function tools(words: readonly string[], options: ToolsOptions, io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const exact = options.live === true || words.length !== 1 ? null : await findTool(project, words[0] ?? "");
  if (exact !== null) {
    io.answer(toolData(exact), toolText(exact), "prose");
    return EXIT.fine;
  }
  const lock = loadLock(project);
  const offered = options.live === true || lock.servers.size === 0 ? await liveTools(project, io) : lockedTools(lock);
  const whole = words.length === 0 ? offered : words.length === 1 ? offered.filter(({ server }) => server === words[0]) : [];
  const found = whole.length > 0 ? byName(whole) : searchTools(offered, words.join(" "), MOST_FOUND);
  const looked = { offered, unlocked: project.servers.map(({ name }) => name).filter((name) => offered.every(({ server }) => server !== name)), lock: commandLine(io, "lock") };
  const none = noSuchToolText(words, looked);
  const nowhere = whole.length > 0 ? "" : nowhereText(words, looked);
  if (found.length === 0 || none !== null) {
    io.answer([], none ?? (nowhere === "" ? `No tool has ${words.map((word) => `"${escapeControls(word)}"`).join(" or ")}.` : nowhere));
    return EXIT.failed;
  }
  const learnt = loadLearnt(project);
  const shown = found.map(({ server, tool, definition, alsoOf }) => ({
    server, tool, definition, effect: effectText(lock, server, tool, definition), also: alsoOf.map((other) => ({ server: other, effect: effectText(lock, other, tool, offered.find((one) => one.server === other)?.tools.get(tool) ?? definition) })),
    learnt: [...(learnt.servers.get(server)?.get(tool)?.values() ?? [])][0],
  }));
  const data = shown.map((one): Data => ({ server: one.server, tool: one.tool, effect: one.effect, also: one.also, signature: shownSignature(one), summary: toolSummary(one.definition), description: textField(one.definition, "description") ?? "" }));
  io.answer(data, whole.length > 0 ? tableText(shown.map((one) => tableRow(one, io)), io.terminal.width) : [foundToolsText(shown, io.terminal), nowhere].join("\n").trimEnd(), "prose");
  return EXIT.fine;
}

function tableRow({ server, tool, effect, definition }: Omit<ShownTool, "learnt" | "also"> & { readonly tool: string }, { terminal }: CommandIo): readonly string[] {
  return [terminal.paint("bold", escapeControls(`${server}.${tool}`)), effect, shownSummary(definition, Math.max(terminal.width - 50, 30))];
}

/** The locked tool of exactly this name; null when there is none, then it is searched for. */
async function findTool(project: Project, name: string): Promise<KnownTool | null> {
  const lock = loadLock(project);
  for (const [server, { tools: pinned }] of lock.servers) {
    const tool = name.startsWith(`${server}.`) ? name.slice(server.length + 1) : "";
    const locked = pinned.get(tool);
    if (locked === undefined) continue;
    const learnt = loadLearnt(project);
    return { server, tool, locked, learnt: [...(learnt.servers.get(server)?.get(tool)?.values() ?? [])], types: namedTypes({ server, tool }, { lock, learnt, profile: await profileOf(project, server) }) };
  }
  return null;
}

/** What the types owe to its profile; nothing where profiles have faults, which `check` tells. */
async function profileOf(project: Project, server: string): Promise<ProfileTypeInfo | undefined> {
  const types = await createProjectCompiler(project).types().catch((error: unknown) => {
    if (error instanceof DiagnosticsError) return null;
    throw error;
  });
  return types?.profiles.find((profile) => profile.server === server)?.types;
}

function toolData({ server, tool, locked, learnt, types }: KnownTool): Data {
  return { server, tool, description: describe(locked.definition), effect: classText(locked), definition: locked.definition, learnt: learnt.length, type: typesText(types), warnings: toolWarnings(server, tool, locked.definition).map((warning): Data => ({ ...warning })) } as Data;
}

type Offered = Pick<Catalogue, "server" | "tools">;

function lockedTools(lock: Lock): readonly Offered[] {
  return [...lock.servers].map(([server, { tools: pinned }]) => ({ server, tools: new Map([...pinned].map(([tool, { definition }]) => [tool, definition])) }));
}

async function liveTools(project: Project, io: CommandIo): Promise<readonly Offered[]> {
  const names = project.servers.map((server) => server.name);
  if (names.length === 0) throw new OffstageError("USAGE", "mcp.json has no servers yet.", { hint: "Add one under mcpServers." });
  io.terminal.progress(`connecting to ${names.join(", ")} …`);
  return withServers(project, names, io, async (pool) => (await Promise.all(names.map((name) => pool.catalogue(name)))).map((listing) => catalogueOf(listing).catalogue));
}

function byName(offered: readonly Offered[]): readonly Omit<FoundTool, "score">[] {
  const all = offered.flatMap(({ server, tools: its }) => [...its].map(([tool, definition]) => ({ server, tool, definition, alsoOf: [] })));
  return all.toSorted((a, b) => (`${a.server}.${a.tool}` < `${b.server}.${b.tool}` ? -1 : 1));
}

function effectText(lock: Lock, server: string, tool: string, definition: RawTool): string {
  const locked = lock.servers.get(server)?.tools.get(tool);
  if (locked === undefined) return "not locked";
  return locked.hash === hashTool(definition) ? classText(locked) : `${classText(locked)}, changed since it was locked`;
}

function describe(tool: RawTool): string {
  return textField(tool, "description") ?? "";
}
