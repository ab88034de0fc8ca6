import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";

/** A broker in a process of its own, on loopback, that can be killed and started again over the same files. */
export interface BrokerProcess {
  readonly port: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it takes connections. */
  start(): Promise<void>;
}

const START_MS = 60_000;
const TRY_MS = 50;

/** Starts a program. `args` may hold its port. */
export async function startBroker(program: string, args: readonly string[], port: number, env: Readonly<Record<string, string>> = {}): Promise<BrokerProcess> {
  let child: ChildProcess;
  const broker: BrokerProcess = {
    port,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    },
    async start() {
      let said = "";
      child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin`, ...env } });
      for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
      let fault: Error | null = null;
      child.once("error", (error) => (fault = error));
      const until = Date.now() + START_MS;
      while (!(await answers(port))) {
        if (fault !== null || child.exitCode !== null || Date.now() > until) throw new Error(`${program} did not start: ${String(fault ?? said)}`);
        await new Promise((resolve) => void setTimeout(resolve, TRY_MS));
      }
    },
  };
  await broker.start();
  return broker;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
