import { randomBytes } from "node:crypto";
import { serveStudioOverStdio } from "offstage/studio";
import type { Command } from "commander";
import { clientConfig, CONFIG_CLIENTS } from "../clients/client-config.ts";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { SERVERS_FILE } from "../config/server-entry.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { needsOf } from "../export/needs-of.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { loadLock } from "../project/lock-files.ts";
import { openSession } from "../studio/open-session.ts";
import { cliVersion } from "../version.ts";
import { escapeControls } from "../terminal.ts";

/** Variables that a process has in every client. */
const EVERYWHERE: ReadonlySet<string> = new Set(["PATH", "HOME", "USER", "LANG"]);

/** `offstage mcp`: the project's studio, for the chat client that starts it. */
export function register(command: Command, io: CommandIo): void {
  command
    .option("--print-config <client>", `print what this client's configuration needs, and serve nothing: ${CONFIG_CLIENTS.join(", ")}`)
    .action(io.action(({ printConfig }: { readonly printConfig?: string }) => (printConfig === undefined ? serve(io) : printed(io, printConfig))));
}

async function serve(io: CommandIo): Promise<ExitCode> {
  // Before a client waits for what cannot come.
  const { folder } = openProject(io);
  const inProject = { ...io, projectFolder: folder };
  const { session, desk } = openSession(inProject);
  const failed = (error: Error): void => io.terminal.note(escapeControls(error.message, "mark"));
  try {
    await serveStudioOverStdio({ session, version: cliVersion(), key: randomBytes(32) }, { stdin: process.stdin, stdout: process.stdout, failed }, io.signal);
  } finally {
    await desk.settled();
  }
  return EXIT.fine;
}

function printed(io: CommandIo, client: string): Promise<ExitCode> {
  const project = openProject(io);
  const config = clientConfig(client, { node: process.execPath, script: process.argv[1] ?? "", folder: project.folder, path: io.env["PATH"] ?? "" });
  io.answer({ client, ...config }, config.text);
  for (const line of [config.where, ...neededLines(project), ...firstLines(io, project)]) io.terminal.note(escapeControls(line));
  return Promise.resolve(EXIT.fine);
}

/** Clients hand on what their configuration names, and little else. */
function neededLines({ servers, settings }: Project): readonly string[] {
  const { variables, secrets } = needsOf({ texts: [{ text: JSON.stringify(servers), place: SERVERS_FILE }], inputs: settings.inputs, declared: [], isSecret: () => true });
  const names = [...variables.filter(({ fallback }) => fallback === null), ...secrets].map(({ name }) => name).filter((name) => !EVERYWHERE.has(name));
  return names.length === 0 ? [] : [`Its servers also need: ${[...new Set(names)].join(", ")}; put ${names.length === 1 ? "it" : "them"} beside PATH.`];
}

/** What a chat finds nothing without. */
function firstLines(io: CommandIo, project: Project): readonly string[] {
  if (project.servers.length === 0) return [`First name its servers in ${SERVERS_FILE}, and give: ${commandLine(io, "lock")}`];
  return loadLock(project).servers.size === 0 ? [`First give: ${commandLine(io, "lock")}`] : [];
}
