import type { ServerConfig } from "offstage/mcp";
import { type RunTracer, startTracer } from "offstage/telemetry";
import type { CommandIo } from "./command-io.ts";
import { serviceName, traceSettings } from "./config/telemetry-environment.ts";
import { escapeControls } from "./terminal.ts";
import { cliVersion } from "./version.ts";

/** The traces of this process's runs, where the environment says to whom they are sent; null: nothing is traced, and nothing is loaded for it. */
export async function openTracing({ env, terminal }: Pick<CommandIo, "env" | "terminal">, lives: "command" | "serve"): Promise<RunTracer | null> {
  const settings = traceSettings(env, lives);
  if (settings === null) return null;
  if (settings.lacks !== null) {
    terminal.note(`Runs are not traced: ${escapeControls(settings.lacks)}.`);
    return null;
  }
  const { attributes, ratio, timeoutMs } = settings;
  return startTracer({ resource: { name: serviceName(env), version: cliVersion(), attributes }, ratio, timeoutMs, onTrouble: (message) => terminal.note(escapeControls(message)) });
}

/** Where a server is, as its spans tell. */
export function addressOf(config: ServerConfig): ReturnType<Parameters<RunTracer["sessions"]>[1]> {
  if (config.kind === "stdio") return { transport: "pipe" };
  const { hostname, port, protocol } = new URL(config.url);
  return { transport: "tcp", host: hostname, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}
