import { type Data, OffstageError } from "offstage/base";
import { catalogueOf, type RawTool } from "offstage/tools";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { classText } from "../project/class-text.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { loadLock } from "../project/lock-files.ts";
import { type FoundTool, searchTools } from "../project/search-tools.ts";
import { withServers } from "../project/start-servers.ts";
import { escapeControls, tableText } from "../terminal.ts";

interface ToolsOptions {
  readonly live?: boolean;
}

/** `offstage tools [words]`: searches what is locked, or, with nothing locked yet, what the servers offer now. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[words...]", "words that have to be in the name or the description")
    .option("--live", "ask the servers, instead of offstage.lock")
    .action(io.action((words: readonly string[], options: ToolsOptions) => tools(words, options, io)));
}

async function tools(words: readonly string[], options: ToolsOptions, io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const locked = options.live === true ? [] : lockedTools(project);
  const found = searchTools(locked.length > 0 ? locked : await liveTools(project, io), words);
  if (found.length === 0) {
    io.answer([], `No tool has ${words.map((word) => `"${escapeControls(word)}"`).join(" and ")}.`);
    return EXIT.failed;
  }
  const rows = found.map(({ server, tool, effect, description }) => [io.terminal.paint("bold", escapeControls(`${server}.${tool}`)), effect, firstLine(description, io.terminal.width - 50)]);
  io.answer(found.map((tool): Data => ({ ...tool })), tableText(rows));
  return EXIT.fine;
}

function lockedTools(project: Project): readonly FoundTool[] {
  return [...loadLock(project).servers].flatMap(([server, { tools: pinned }]) => [...pinned].map(([tool, locked]) => ({ server, tool, description: describe(locked.definition), effect: classText(locked) })));
}

async function liveTools(project: Project, io: CommandIo): Promise<readonly FoundTool[]> {
  const names = project.servers.map((server) => server.name);
  if (names.length === 0) throw new OffstageError("USAGE", "mcp.json has no servers yet.", { hint: "Add one under mcpServers." });
  io.terminal.progress(`connecting to ${names.join(", ")} …`);
  return withServers(project, names, io, async (pool) => {
    const catalogues = await Promise.all(names.map((name) => pool.catalogue(name)));
    return catalogues.flatMap((listing) => [...catalogueOf(listing).catalogue.tools].map(([tool, definition]) => ({ server: listing.server, tool, description: describe(definition), effect: "not locked" })));
  });
}

function describe(tool: RawTool): string {
  const description = tool["description"];
  return typeof description === "string" ? description : "";
}

function firstLine(text: string, width: number): string {
  const line = escapeControls(text.trim().split(/\n|(?<=\.)\s/)[0] ?? "");
  return line.length <= Math.max(width, 30) ? line : `${line.slice(0, Math.max(width, 30) - 1)}…`;
}
