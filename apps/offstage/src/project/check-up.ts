import { createPrivateKey } from "node:crypto";
import { type Clock, isOffstageError, type OffstageError } from "offstage/base";
import { type HttpServerConfig, type LoginAuth, loginHelp, loginOf, type StdioServerConfig } from "offstage/mcp";
import type { Environment } from "../config/environment.ts";
import { type SandboxFacts, sandboxFacts, sandboxText } from "../output/sandbox-text.ts";
import { findProgram } from "./find-program.ts";
import type { Project } from "./load-project.ts";
import { loginAuthOf } from "./login-of.ts";
import { profileHosts } from "./profile-hosts.ts";
import { tokenExpiry } from "./token-expiry.ts";
import { tokenFiles } from "./token-files.ts";

/** What the 3 a.m. check says about one server. Nothing is started, and nobody is asked. */
export interface Finding {
  readonly server: string;
  /** Whether a run at night would fail for want of a person: now, or from an instant on. `warns`: some of its tools are others than were locked. */
  readonly state: "fine" | "warns" | "fails";
  readonly what: string;
  readonly hint: string | null;
  /** When a token ends, ms; null when there is none, or nobody knows. */
  readonly expiresAt: number | null;
  /** Whether its tokens are renewed, or made, without a person. */
  readonly renews: boolean;
  /** What it may touch; null when it runs open, or elsewhere. */
  readonly sandbox: SandboxFacts | null;
}

/** Looks at every server of the project: its secrets, its program, its tokens. */
export async function checkUp(project: Project, io: { readonly clock: Clock; readonly env: Environment }): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name } of project.servers) findings.push(await lookAt(name, project, io));
  return findings;
}

async function lookAt(name: string, project: Project, { clock, env }: { readonly clock: Clock; readonly env: Environment }): Promise<Finding> {
  try {
    const { config } = project.server(name);
    if (config.kind === "stdio") return await lookAtProgram(config, env, project);
    const auth = loginAuthOf(config);
    return await (auth === null ? lookAtToken(config, clock.now()) : lookAtLogin(config, auth, project, clock));
  } catch (error) {
    if (!isOffstageError(error) || error.code === "BUG") throw error;
    return fails(name, error);
  }
}

async function lookAtProgram(config: StdioServerConfig, env: Environment, project: Project): Promise<Finding> {
  const { name, command, cwd } = config;
  if (findProgram(command, env["PATH"] ?? "", cwd ?? project.folder) !== null) {
    const sandbox = sandboxFacts(config, (await profileHosts(project, [name], env)).get(name) ?? []);
    return { ...fine(name, `its program is there${sandbox === null ? "" : `; ${sandboxText(sandbox)}`}`), sandbox };
  }
  return { ...fine(name, `its program "${command}" is not there, or may not be executed`), state: "fails", hint: `Install it, or correct "command" of ${name} in mcp.json.` };
}

/** One that gets its tokens without anybody logging in. */
function lookAtToken(config: HttpServerConfig, now: number): Finding {
  const { name, auth, headers } = config;
  switch (auth?.kind) {
    case "client-credentials":
      return { ...fine(name, "gets its tokens by itself, with a client's secret"), renews: true };
    case "private-key-jwt":
      return isPrivateKey(auth.privateKey) ? { ...fine(name, "gets its tokens by itself, with a client's key"), renews: true } : { ...fine(name, "its private key is none that can be read"), state: "fails", hint: "Write it as PEM, without a passphrase: openssl pkcs8 -topk8 -nocrypt" };
    case "enterprise":
      return until(name, "its identity token", auth.provider.idToken(), now);
    case "bearer":
      return until(name, "its token", auth.token, now);
    default:
      return until(name, "the token of its header", Object.entries(headers).find(([header]) => header.toLowerCase() === "authorization")?.[1] ?? "", now);
  }
}

function until(name: string, what: string, token: string, now: number): Finding {
  const expiresAt = tokenExpiry(token);
  if (expiresAt === null) return fine(name, `${what} is there; when it ends it does not say`);
  const hint = "Whatever made it has to put a new one in its place before.";
  if (expiresAt <= now) return { ...fine(name, `${what} ended at ${instant(expiresAt)}`), state: "fails", hint, expiresAt };
  return { ...fine(name, `${what} ends at ${instant(expiresAt)}`), hint, expiresAt };
}

async function lookAtLogin({ name, url, auth: configured }: HttpServerConfig, auth: LoginAuth, project: Project, clock: Clock): Promise<Finding> {
  const { login, unreadable } = await loginOf(url, auth, tokenFiles(project, clock));
  const hint = loginHelp(name);
  if (login === null) {
    if (unreadable[0] !== undefined) return fails(name, unreadable[0]);
    return configured === undefined ? fine(name, "nobody has logged in, which does not matter unless it asks for it") : { ...fine(name, "nobody has logged in"), state: "fails", hint };
  }
  const { expiresAt } = login;
  const ends = expiresAt === null ? "" : expiresAt <= clock.now() ? `ended at ${instant(expiresAt)}` : `ends at ${instant(expiresAt)}`;
  if (login.refusedAt !== null) return { ...fine(name, `its authorization server refused to renew the login at ${instant(login.refusedAt)}${ends === "" ? "" : `; the last token ${ends}`}`), state: "fails", hint, expiresAt };
  if (login.renews) return { ...fine(name, `the login is renewed by itself${ends === "" ? "" : `; its token ${ends}`}`), expiresAt, renews: true };
  if (expiresAt === null) return fine(name, "logged in; when that ends nobody said");
  return { ...fine(name, `its token ${ends}, and there is no refresh token`), state: "fails", hint, expiresAt };
}

function fine(server: string, what: string): Finding {
  return { server, state: "fine", what, hint: null, expiresAt: null, renews: false, sandbox: null };
}

function fails(server: string, error: OffstageError): Finding {
  return { ...fine(server, error.message), state: "fails", hint: error.hint ?? null };
}

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false;
  }
}

function instant(ms: number): string {
  // Beyond what a date can be, a stranger's number.
  return Math.abs(ms) > 8.64e15 ? "a time that is none" : new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
