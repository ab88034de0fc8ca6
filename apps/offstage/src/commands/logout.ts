import type { Command } from "commander";
import { forgetLogins } from "offstage/mcp";
import type { CommandIo } from "../command-io.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openProject } from "../project/load-project.ts";
import { loginServer } from "../project/login-of.ts";
import { tokenFiles } from "../project/token-files.ts";

/** `offstage logout server`: its kept logins are forgotten here. */
export function register(command: Command, io: CommandIo): void {
  command.argument("<server>", "a server of mcp.json with a url").action(io.action((name: string) => logout(name, io)));
}

async function logout(name: string, io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const { url, auth } = loginServer(project, name);
  const { logins, ended } = await forgetLogins({ server: name, url, auth }, { clock: io.clock, redactor: io.redactor, tokens: tokenFiles(project, io.clock), inheritedEnv: io.env });
  const there = ended === logins ? "and its authorization server has ended it." : "but its authorization server did not end it: look there for connected applications.";
  io.answer({ server: name, forgotten: logins, ended }, logins === 0 ? `Nobody was logged in to ${name}.` : `The login to ${name} is forgotten here, ${there}`);
  return EXIT.fine;
}
