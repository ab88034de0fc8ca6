import { fileURLToPath } from "node:url";
import { createRedactor, type Redactor } from "../base/index.ts";
import { createServerPool, type ServerConfig, type ServerPool, type ServerPoolOptions } from "../mcp/index.ts";
import { realClock } from "./real-clock.ts";
import { serverProgram } from "./test-servers.ts";

/** The path of a server that tests start. */
function serverFile(name: string): string {
  return fileURLToPath(new URL(`servers/${name}`, import.meta.url));
}

/** The config of the small real server in `servers/workshop.ts`. */
export function workshopServer(name = "workshop", env: { readonly [name: string]: string } = {}): ServerConfig {
  return { name, kind: "stdio", command: process.execPath, args: serverProgram("workshop"), env };
}

/** The same, speaking the modern era. */
export function modernWorkshopServer(): ServerConfig {
  return { name: "workshop", kind: "stdio", command: process.execPath, args: serverProgram("workshop", "modern"), env: {} };
}

/** The config of a server of `servers/broken.ts`, named for its fault. */
export function brokenServer(mode: string, ...more: readonly string[]): ServerConfig {
  // Locked as legacy: most of them are silent when they are asked anything that they do not know.
  return { name: mode, kind: "stdio", command: process.execPath, args: [serverFile("broken.ts"), mode, ...more], env: {}, era: "legacy" };
}

/** The config of `servers/asking.ts`, which asks back. */
export function askingServer(): ServerConfig {
  return { name: "asking", kind: "stdio", command: process.execPath, args: serverProgram("asking"), env: {} };
}

/** The config of `servers/changing.ts`, which tells of changes. */
export function changingServer(): ServerConfig {
  return { name: "changing", kind: "stdio", command: process.execPath, args: serverProgram("changing"), env: {} };
}

/**
 * The workshop as a wrapper starts it: a shell that stays in between, ignores SIGTERM, and has started another process that
 * holds no pipe of ours. Its pid is told on stderr as `sleeper PID`.
 */
export function stubbornServer(): ServerConfig {
  const script = 'trap "" TERM; sleep 600 <&- >&- 2>&- & echo "sleeper $!" >&2; "$0" "$1"; exit $?';
  return { name: "stubborn", kind: "stdio", command: "sh", args: ["-c", script, process.execPath, serverFile("workshop.ts")], env: {} };
}

/** A pool over real processes, what they wrote, and a way to wait for a line of it. */
export interface WatchedPool {
  readonly pool: ServerPool;
  readonly redactor: Redactor;
  readonly lines: readonly string[];
  /** Resolves with the first line, past or future, that contains `text`. */
  line(text: string): Promise<string>;
}

/** Makes a {@link WatchedPool}. Close its pool in the end. */
export function createWatchedPool(servers: readonly ServerConfig[], overrides: Partial<ServerPoolOptions> = {}): WatchedPool {
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  const redactor = createRedactor();
  redactor.register("swordfish-1234", "TOKEN");
  const pool = createServerPool({
    servers,
    clock: realClock,
    redactor,
    inheritedEnv: process.env,
    clientVersion: "0.0.0",
    connectTimeoutMs: 25_000,
    patience: { afterInputClosedMs: 200, afterTermMs: 200 },
    onStderr(server, line) {
      lines.push(`${server}: ${line}`);
      for (const wake of waiting) wake(line);
    },
    ...overrides,
  });
  const line = (text: string): Promise<string> => {
    const seen = lines.find((one) => one.includes(text));
    if (seen !== undefined) return Promise.resolve(seen);
    return new Promise((resolve) => {
      const wake = (said: string): void => {
        if (!said.includes(text)) return;
        waiting.delete(wake);
        resolve(said);
      };
      waiting.add(wake);
    });
  };
  return { pool, redactor, lines, line };
}
