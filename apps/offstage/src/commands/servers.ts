import { type Data, type ErrorData, OffstageError, toErrorData } from "offstage/base";
import type { Catalogue } from "offstage/mcp";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { ofOthers } from "../config/project-folder.ts";
import { inItsProject } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { sandboxData, type SandboxFacts, sandboxFacts, sandboxText } from "../output/sandbox-text.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { profileHosts } from "../project/profile-hosts.ts";
import { withServers } from "../project/start-servers.ts";
import { escapeControls, tableText } from "../terminal.ts";

/** `offstage servers`: connects to every server, side by side; one that fails does not hide the others. */
export function register(command: Command, io: CommandIo): void {
  command.argument("[names...]", "only these").action(io.action((names: readonly string[]) => servers(names, io)));
}

type Line = { readonly name: string; readonly sandbox: SandboxFacts | null } & ({ readonly catalogue: Catalogue } | { readonly error: ErrorData });

async function servers(names: readonly string[], io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const asked = names.length > 0 ? names : project.servers.map((server) => server.name);
  if (asked.length === 0) throw new OffstageError("USAGE", "mcp.json has no servers yet.", { hint: ofOthers(project.folder) ?? "Add one under mcpServers: { \"github\": { \"command\": \"…\" } }" });
  io.terminal.progress(`connecting to ${asked.join(", ")} …`);
  const lines = await Promise.all(asked.map((name) => look(name, project, io)));
  const sandboxes = lines.flatMap(({ name, sandbox }) => (sandbox === null ? [] : [`${name} runs ${escapeControls(sandboxText(sandbox))}.`]));
  io.answer(lines.map(lineData), [tableText([["SERVER", "IS", "PROTOCOL", "TOOLS"], ...lines.map(lineCells)], io.terminal.width), ...sandboxes].join("\n"), "prose");
  for (const line of lines) if ("error" in line) io.terminal.note(`${line.name}: ${escapeControls(line.error.message, "mark")}${line.error.hint === undefined ? "" : `\n  hint: ${escapeControls(line.error.hint, "mark")}`}`);
  return lines.some((line) => "error" in line) ? EXIT.failed : EXIT.fine;
}

/** A pool of its own for each: a missing secret of one is that one's line. */
async function look(name: string, project: Project, io: CommandIo): Promise<Line> {
  let sandbox: SandboxFacts | null = null;
  try {
    sandbox = sandboxFacts(project.server(name).config, (await profileHosts(project, [name], io.env)).get(name) ?? []);
    return await withServers(project, [name], io, async (pool) => ({ name, sandbox, catalogue: await pool.catalogue(name) }));
  } catch (error) {
    const data = toErrorData(error);
    if (data.code === "BUG" || io.signal.aborted) throw error;
    return { name, sandbox, error: inItsProject(data, io) };
  }
}

function lineData(line: Line): Data {
  if ("error" in line) return { name: line.name, ok: false, sandbox: sandboxData(line.sandbox), error: { ...line.error } };
  const { catalogue } = line;
  return { name: line.name, ok: true, serverInfo: catalogue.serverInfo, era: catalogue.era, protocolVersion: catalogue.protocolVersion, tools: catalogue.tools.length, sandbox: sandboxData(line.sandbox) };
}

function lineCells(line: Line): readonly string[] {
  if ("error" in line) return [line.name, line.error.code, "-", "-"];
  const { name, version } = line.catalogue.serverInfo;
  return [line.name, escapeControls(`${textOf(name)} ${textOf(version)}`.trim()), line.catalogue.protocolVersion, String(line.catalogue.tools.length)];
}

function textOf(value: Data | undefined): string {
  return typeof value === "string" ? value : "";
}
