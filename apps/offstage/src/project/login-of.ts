import { OffstageError } from "offstage/base";
import { DEFAULT_LOGIN, type HttpServerConfig, type LoginAuth } from "offstage/mcp";
import type { Project } from "./load-project.ts";

/** A server that people log in to. */
export interface LoginServer {
  readonly name: string;
  readonly url: string;
  readonly auth: LoginAuth;
  /** Where the browser is sent back to: a port of this machine, or 0 for any. */
  readonly port: number;
}

/** The server of that name, as far as people log in to it. Errors: those of `Project.server`, and `USAGE` where nobody does. */
export function loginServer(project: Project, name: string): LoginServer {
  const { config } = project.server(name);
  if (config.kind !== "http") throw new OffstageError("USAGE", `Nobody logs in to ${name}: Offstage starts it, and its secrets are in its environment.`);
  const auth = loginAuthOf(config);
  if (auth === null) throw new OffstageError("USAGE", `Nobody logs in to ${name}: it gets its tokens by itself.`, { hint: `Its \`auth\` in offstage.yaml, or its Authorization header in mcp.json, says how.` });
  const settings = project.settings.auth.get(name);
  return { name, url: config.url, auth, port: settings?.kind === "login" ? (settings.port ?? 0) : 0 };
}

/** How a server is logged in to; null for one that gets its tokens otherwise. */
export function loginAuthOf(config: HttpServerConfig): LoginAuth | null {
  if (config.auth !== undefined) return config.auth.kind === "login" ? config.auth : null;
  return Object.keys(config.headers).some((header) => header.toLowerCase() === "authorization") ? null : DEFAULT_LOGIN;
}
