import { type Data, OffstageError } from "offstage/base";
import { catalogueOf, hashTool, type Lock, type LockedTool, type RawTool, textField } from "offstage/tools";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { type KnownTool, toolText } from "../output/tool-text.ts";
import { classText } from "../project/class-text.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { loadLearnt, loadLock } from "../project/lock-files.ts";
import { type FoundTool, searchTools } from "../project/search-tools.ts";
import { withServers } from "../project/start-servers.ts";
import { escapeControls, tableText } from "../terminal.ts";

interface ToolsOptions {
  readonly live?: boolean;
}

/** `offstage tools [words]`: searches what is locked, or, with nothing locked yet, what the servers offer now. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[words...]", "words that have to be in the name or the description; server.tool shows that tool whole")
    .option("--live", "ask the servers, instead of offstage.lock")
    .action(io.action((words: readonly string[], options: ToolsOptions) => tools(words, options, io)));
}

async function tools(words: readonly string[], options: ToolsOptions, io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const exact = options.live === true || words.length !== 1 ? null : findTool(project, words[0] ?? "");
  if (exact !== null) {
    io.answer(toolData(exact), toolText(exact));
    return EXIT.fine;
  }
  const locked = options.live === true ? [] : lockedTools(loadLock(project));
  const found = searchTools(locked.length > 0 ? locked : await liveTools(project, io), words);
  if (found.length === 0) {
    io.answer([], `No tool has ${words.map((word) => `"${escapeControls(word)}"`).join(" and ")}.`);
    return EXIT.failed;
  }
  const rows = found.map(({ server, tool, effect, description }) => [io.terminal.paint("bold", escapeControls(`${server}.${tool}`)), effect, firstLine(description, io.terminal.width - 50)]);
  io.answer(found.map((tool): Data => ({ ...tool })), tableText(rows, io.terminal.width));
  return EXIT.fine;
}

/** The locked tool of exactly this name; null when there is none, then it is searched for. */
function findTool(project: Project, name: string): KnownTool | null {
  for (const [server, { tools: pinned }] of loadLock(project).servers) {
    const tool = name.startsWith(`${server}.`) ? name.slice(server.length + 1) : "";
    const locked = pinned.get(tool);
    if (locked !== undefined) return { server, tool, locked, learnt: [...(loadLearnt(project).servers.get(server)?.get(tool)?.values() ?? [])] };
  }
  return null;
}

function toolData({ server, tool, locked, learnt }: KnownTool): Data {
  return { server, tool, description: describe(locked.definition), effect: classText(locked), definition: locked.definition, learnt: learnt.length } as Data;
}

function lockedTools(lock: Lock): readonly FoundTool[] {
  return [...lock.servers].flatMap(([server, { tools: pinned }]) => [...pinned].map(([tool, locked]) => ({ server, tool, description: describe(locked.definition), effect: classText(locked) })));
}

async function liveTools(project: Project, io: CommandIo): Promise<readonly FoundTool[]> {
  const names = project.servers.map((server) => server.name);
  if (names.length === 0) throw new OffstageError("USAGE", "mcp.json has no servers yet.", { hint: "Add one under mcpServers." });
  io.terminal.progress(`connecting to ${names.join(", ")} …`);
  return withServers(project, names, io, async (pool) => {
    const catalogues = await Promise.all(names.map((name) => pool.catalogue(name)));
    const lock = loadLock(project);
    return catalogues.flatMap((listing) => [...catalogueOf(listing).catalogue.tools].map(([tool, definition]) => ({ server: listing.server, tool, description: describe(definition), effect: liveText(lock.servers.get(listing.server)?.tools.get(tool), definition) })));
  });
}

function liveText(locked: LockedTool | undefined, definition: RawTool): string {
  if (locked === undefined) return "not locked";
  return locked.hash === hashTool(definition) ? classText(locked) : `${classText(locked)}, changed since it was locked`;
}

function describe(tool: RawTool): string {
  return textField(tool, "description") ?? "";
}

function firstLine(text: string, width: number): string {
  const line = escapeControls(text.trim().split(/\n|(?<=\.)\s/)[0] ?? "");
  return line.length <= Math.max(width, 30) ? line : `${line.slice(0, Math.max(width, 30) - 1)}…`;
}
