import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { OffstageError } from "../../base/index.ts";
import type { StdioServerConfig } from "../server-config.ts";
import { LAUNCH_DESCRIPTOR, type LaunchAnswer, type LaunchRequest } from "./launch-messages.ts";
import type { ServerSandbox } from "./server-sandbox.ts";

/** What the launcher gets of our environment: what a loader follows would act outside the sandbox. */
const OURS = /^(?:PATH|HOME|LANG)$/;
/** How it gets out, as our environment or the server's entry says. */
const WAY_OUT = /^(?:NODE_EXTRA_CA_CERTS|(?:https?|all|no)_proxy)$/i;
const ANSWER_LENGTH = 64 * 1024;

/** A process that was asked for, and whether it is one. */
export interface SandboxedProcess {
  /** The launcher, which leads the group; its streams are the server's. */
  readonly child: ChildProcess;
  /** Resolves when the server is about to run inside. Errors: `SANDBOX_UNAVAILABLE`. */
  readonly inside: Promise<void>;
}

/** What a start is made of besides the config. */
export interface SandboxedStart {
  /** All that the server gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Ours. */
  readonly inheritedEnv: { readonly [name: string]: string | undefined };
  /** What was said on stderr so far, for the reason. */
  readonly lastLines: () => readonly string[];
}

/** Starts a server in a sandbox. It never runs without: whatever is missing, the start fails and says so. */
export function startSandboxed(config: StdioServerConfig, sandbox: ServerSandbox, { env, inheritedEnv, lastLines }: SandboxedStart): SandboxedProcess {
  if (process.platform !== "linux" && process.platform !== "darwin") throw unavailable(config.name, `there is none for ${process.platform}.`);
  const scratch = makeScratch();
  const file = fileURLToPath(new URL(`./launcher${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file], { cwd: scratch, env: { ...matching(inheritedEnv, OURS), ...matching(inheritedEnv, WAY_OUT), ...matching(env, WAY_OUT), TMPDIR: scratch }, stdio: ["pipe", "pipe", "pipe", "pipe"], detached: true });
  child.once("close", () => removeScratch(scratch));
  const request: LaunchRequest = { command: config.command, args: config.args, cwd: config.cwd ?? process.cwd(), env, sandbox, path: inheritedEnv["PATH"] ?? "", scratch };
  return { child, inside: insideOf(child, request, config.name, lastLines) };
}

/** Those that are there. One set per process, because our own end is one event: servers are killed by then, and remove nothing. */
const scratches = new Set<string>();

function makeScratch(): string {
  if (scratches.size === 0) process.once("exit", removeAll);
  const scratch = mkdtempSync(join(tmpdir(), "offstage-sandbox-"));
  scratches.add(scratch);
  return scratch;
}

function removeScratch(scratch: string): void {
  rmSync(scratch, { recursive: true, force: true });
  scratches.delete(scratch);
  if (scratches.size === 0) process.off("exit", removeAll);
}

function removeAll(): void {
  for (const scratch of scratches) removeScratch(scratch);
}

function matching(env: { readonly [name: string]: string | undefined }, names: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value !== undefined && names.test(name) ? [[name, value] as const] : [])));
}

function insideOf(child: ChildProcess, request: LaunchRequest, name: string, lastLines: () => readonly string[]): Promise<void> {
  const channel = child.stdio[LAUNCH_DESCRIPTOR] as Duplex | null | undefined;
  return new Promise((resolve, reject) => {
    let line = "";
    const settle = (): void => {
      const answer = answerIn(line);
      if (answer?.ok === true) return resolve();
      reject(unavailable(name, `${answer?.why ?? "its launcher ended before it said how it went."}${lastLines().map((each) => ` ${each}`).join("")}`));
    };
    channel?.setEncoding("utf8").on("data", (part: string) => {
      line = (line + part).slice(0, ANSWER_LENGTH);
      if (answerIn(line)?.ok === true) resolve();
    });
    channel?.on("error", () => undefined);
    // What it said on stderr is read by then.
    child.once("close", settle);
    channel?.write(`${JSON.stringify(request)}\n`);
  });
}

function answerIn(line: string): LaunchAnswer | null {
  return line.includes("\n") ? (JSON.parse(line.slice(0, line.indexOf("\n"))) as LaunchAnswer) : null;
}

function unavailable(name: string, why: string): OffstageError {
  return new OffstageError("SANDBOX_UNAVAILABLE", `The MCP server "${name}" cannot be sandboxed here, and is not started without: ${why}`, {
    hint: "Install what is missing (Debian: apt-get install bubblewrap socat ripgrep). A server that you trust needs no `sandbox` in offstage.yaml.",
  });
}
