import type { Command } from "commander";
import { formatDuration, OffstageError } from "offstage/base";
import { type Interaction, type LoginSummary, logInTo, openLoopback } from "offstage/mcp";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { makeTokenKey } from "../config/token-key.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openBrowser } from "../open-browser.ts";
import { loginFacts } from "../output/login-text.ts";
import { pasteRedirect } from "../paste-redirect.ts";
import { openProject } from "../project/load-project.ts";
import { loginServer, type LoginServer } from "../project/login-of.ts";
import { tokenFiles } from "../project/token-files.ts";
import { escapeControls } from "../terminal.ts";

interface LoginOptions {
  readonly paste?: boolean;
  readonly open?: boolean;
  readonly scope?: string;
}

/** A person looks for their second factor. */
const LOGIN_WITHIN_MS = 10 * 60_000;

/** `offstage login server`: one login by a person, after which the server is spoken to without one. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<server>", "a server of mcp.json with a url")
    .option("--paste", "for a machine without a browser: log in elsewhere, and paste the address here")
    .option("--open", "open the page in this machine's browser")
    .option("--scope <scopes>", "ask for exactly these scopes, separated by spaces")
    .action(io.action((name: string, options: LoginOptions) => login(name, options, io)));
}

async function login(name: string, options: LoginOptions, io: CommandIo): Promise<ExitCode> {
  if (options.paste === true && options.open === true) throw new OffstageError("USAGE", "--paste is for another machine's browser, --open for this one's.", { hint: "Give one of the two." });
  const project = openProject(io);
  const server = loginServer(project, name);
  makeTokenKey(project.tokenKey);
  const kept = await logInTo(
    { server: name, url: server.url, auth: server.auth, scope: options.scope ?? null, signal: io.signal },
    { clock: io.clock, redactor: io.redactor, tokens: tokenFiles(project, io.clock), inheritedEnv: io.env },
    () => interactionOf(server, options, io),
  );
  io.answer({ server: name, ...loginFacts(kept) }, loginText(name, kept, io), "prose");
  return EXIT.fine;
}

async function interactionOf(server: LoginServer, options: LoginOptions, io: CommandIo): Promise<Interaction> {
  if (options.paste === true) return pasteRedirect({ input: process.stdin, terminal: io.terminal, signal: io.signal, clock: io.clock, timeoutMs: LOGIN_WITHIN_MS, port: server.port });
  return openLoopback({
    port: server.port, clock: io.clock, signal: io.signal, timeoutMs: LOGIN_WITHIN_MS,
    async show(url) {
      const opened = options.open === true && (await openBrowser(url));
      io.terminal.note(`${opened ? "A browser was opened. If you do not see it, open this" : "Open this in a browser of this machine"} (${commandLine(io, "login", server.name, "--paste")} for another machine's):\n\n${url.href}\n`);
      io.terminal.progress(`waiting up to ${formatDuration(LOGIN_WITHIN_MS)} for the login …`);
    },
  });
}

function loginText(name: string, kept: LoginSummary, io: CommandIo): string {
  const until = kept.expiresAt === null ? "" : ` until ${new Date(kept.expiresAt).toISOString()}`;
  const how = kept.renews ? "It is renewed by itself." : `It works${until} and cannot be renewed: its authorization server gave no refresh token. A person has to log in again.`;
  return escapeControls(`Logged in to ${name} at ${kept.issuer}${kept.scope === null ? "" : ` (${kept.scope})`}. ${how}\n\`${commandLine(io, "doctor")}\` says what will expire and when.`, "keep");
}
