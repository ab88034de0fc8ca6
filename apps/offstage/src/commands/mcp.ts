import { randomBytes } from "node:crypto";
import { serveStudioOverStdio } from "offstage/studio";
import type { Command } from "commander";
import { clientConfig, CONFIG_CLIENTS } from "../clients/client-config.ts";
import type { CommandIo } from "../command-io.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openProject } from "../project/load-project.ts";
import { openSession } from "../studio/open-session.ts";
import { cliVersion } from "../version.ts";
import { escapeControls } from "../terminal.ts";

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
  const { folder } = openProject(io);
  const config = clientConfig(client, { node: process.execPath, script: process.argv[1] ?? "", folder });
  io.answer({ client, ...config }, config.text);
  io.terminal.note(config.where);
  return Promise.resolve(EXIT.fine);
}
