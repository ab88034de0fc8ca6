import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";

/** A server over HTTP listens on a port of our choice. */
export interface OverHttp {
  readonly port: number;
  /** Resolves when it listens. */
  start(entry: { readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }, cwd: string): Promise<void>;
  stop(): void;
}

const START_MS = 60_000;
const POLL_MS = 100;

/** Finds a free port for a server that is started later. */
export async function startOverHttp(): Promise<OverHttp> {
  const port = await freePort();
  let child: ChildProcess | null = null;
  return {
    port,
    async start({ command, args, env }, cwd) {
      child = spawn(command, args, { cwd, env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env }, stdio: "ignore", detached: true });
      for (let waited = 0; waited < START_MS && child.exitCode === null; waited += POLL_MS) {
        if (await listens(port)) return;
        await sleep(POLL_MS);
      }
      throw new Error(`${command} ${args.join(" ")} did not listen on port ${port}`);
    },
    stop() {
      if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGTERM");
    },
  };
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
  }).then((yes) => {
    socket.destroy();
    return yes as boolean;
  });
}
