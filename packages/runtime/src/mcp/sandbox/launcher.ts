/**
 * The process that starts one server in a sandbox and lives as long as it does: the proxies of the sandbox are here, so that what a
 * server sends through them is no load of ours, and its end takes the server with it. Started by `start-sandboxed.ts`.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, realpathSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { insideCommand, outsideEnv } from "./inside-command.ts";
import { notForEverybody } from "./not-for-everybody.ts";
import { shownEntries } from "./shown-entries.ts";
import { LAUNCH_DESCRIPTOR, type LaunchAnswer, type LaunchRequest } from "./launch-messages.ts";

const channel = new Socket({ fd: LAUNCH_DESCRIPTOR, readable: true, writable: true });

function answer(message: LaunchAnswer): void {
  channel.write(`${JSON.stringify(message)}\n`);
}

/** Nothing was started: the reason goes to whoever asked, and this process with it. */
function refuse(why: string): void {
  channel.end(`${JSON.stringify({ ok: false, why } satisfies LaunchAnswer)}\n`, () => process.exit(1));
}

/** What the sandbox needs besides a server: ended and waited for, since what nobody waits for looks alive. */
interface Helpers {
  end(): Promise<void>;
}

async function launch(request: LaunchRequest): Promise<void> {
  process.on("exit", () => rmSync(request.scratch, { recursive: true, force: true }));
  const { sandbox } = request;
  const missing = sandbox.write.find((path) => !existsSync(path));
  if (missing !== undefined) return refuse(`${missing}, which it may write, does not exist. Make it first.`);
  const moved = sandbox.write.find((path) => realpathSync(path) !== path);
  if (moved !== undefined) return refuse(`${moved}, which it may write, is, or is behind, a link to ${realpathSync(moved)}.`);
  const { SandboxManager } = await import("@anthropic-ai/sandbox-runtime");
  const { errors } = await SandboxManager.checkDependenciesAsync();
  if (errors.length > 0) return refuse(`${errors.join("; ")}.`);
  // Seatbelt goes by names, which need not be there.
  const places = (paths: readonly string[], absent = false): readonly string[] => [...new Set(paths.flatMap((path) => (existsSync(path) ? [realpathSync(path)] : absent ? [path] : [])))];
  const literally = (paths: readonly string[]): { path: string; literal: true }[] => paths.map((path) => ({ path, literal: true }));
  const hidden = new Set([...sandbox.hidden, ...places(sandbox.hidden), ...sandbox.guarded.flatMap((folder) => notForEverybody(folder, sandbox.writable))]);
  const entrywise = [...sandbox.entrywise, ...places(sandbox.guarded).filter((folder) => [...hidden].some((path) => path.startsWith(`${folder}/`)))];
  const readable = places(sandbox.readable).filter((path) => !hidden.has(path) && !entrywise.includes(path));
  const shown = entrywise.map((folder) => shownEntries(folder, hidden, new Set(readable)));
  const vendor = join(dirname(fileURLToPath(import.meta.resolve("@anthropic-ai/sandbox-runtime"))), "..", "vendor");
  await SandboxManager.initialize({
    network: { allowedDomains: [...sandbox.hosts], deniedDomains: [] },
    // What may be written is hidden first: that is what lifts it over a readable folder around it.
    filesystem: { denyRead: literally(places([...hidden, ...entrywise, ...sandbox.write], process.platform === "darwin")), allowRead: literally([...readable, ...shown.flatMap(({ paths }) => paths), ...places([vendor, request.scratch])]), allowWrite: literally(places(sandbox.write)), denyWrite: [] },
  });
  const { argv } = await SandboxManager.wrapWithSandboxArgv(insideCommand(request, process.platform, shown), undefined, undefined, undefined, undefined, { commandId: randomBytes(16).toString("base64url") });
  start(argv, request, {
    async end() {
      SandboxManager.cleanupAfterCommand();
      await SandboxManager.reset();
    },
  });
}

function start([command = "", ...args]: readonly string[], request: LaunchRequest, helpers: Helpers): void {
  const child = spawn(command, args, { cwd: request.cwd, env: { ...outsideEnv(request.env), PATH: request.path }, stdio: ["inherit", "inherit", "inherit", "pipe"] });
  let inside = false;
  child.stdio[LAUNCH_DESCRIPTOR]?.once("data", () => {
    inside = true;
    answer({ ok: true });
  }).on("error", () => undefined);
  child.once("error", (error) => refuse(error.message));
  child.once("exit", (code) => {
    const done = (): void => {
      if (inside) process.exit(code ?? 1);
      // What it says of it is on stderr.
      refuse(`the sandbox ended with exit code ${code ?? 1} before the server could run.`);
    };
    helpers.end().then(done, done);
  });
}

/** Whoever started us is gone, and asked nothing or needs nothing any more: all of this group goes too, and the server inside with it. */
function leave(scratch: string | null): void {
  if (scratch !== null) rmSync(scratch, { recursive: true, force: true });
  process.kill(-process.pid, "SIGKILL");
}

let line = "";
let asked: LaunchRequest | null = null;
channel.setEncoding("utf8").on("data", (part: string) => {
  line += part;
  if (asked !== null || !line.endsWith("\n")) return;
  asked = JSON.parse(line) as LaunchRequest;
  launch(asked).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    refuse(code === "ERR_MODULE_NOT_FOUND" ? "the package @anthropic-ai/sandbox-runtime is not installed." : message);
  });
});
channel.on("error", () => undefined).on("close", () => leave(asked?.scratch ?? null));
