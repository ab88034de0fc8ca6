import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import { RULES_FILE } from "./deployed.ts";
import type { Served } from "./served.ts";

/** A real Prometheus that gathers from a process that serves, every second, and evaluates the rules that we give away. */
export interface Prometheus {
  /** The answer of its HTTP API, `data` alone. Throws with its words. */
  ask(path: string, parameters?: Readonly<Record<string, string>>): Promise<unknown>;
  stop(): Promise<void>;
}

/** Scrapes that make a rate. */
const SCRAPES = 5;

/** Starts one on loopback, and waits until it has gathered a few times. */
export async function startPrometheus({ url, token }: Served): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), "offstage-prometheus-"));
  const port = await freePort();
  const file = join(folder, "prometheus.yml");
  writeFileSync(join(folder, "token"), token);
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({
    global: { scrape_interval: "1s", evaluation_interval: "1s" }, rule_files: [RULES_FILE],
    scrape_configs: [{ job_name: "offstage", authorization: { credentials_file: join(folder, "token") }, static_configs: [{ targets: [new URL(url).host] }] }],
  }));
  const child = spawn("prometheus", [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, "data")}`, `--web.listen-address=127.0.0.1:${port}`, "--log.level=warn"], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ask = async (path: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> => {
    const answer = (await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`)).json()) as { readonly status: string; readonly data?: unknown; readonly error?: string };
    if (answer.status !== "success") throw new Error(`Prometheus: ${answer.error ?? ""}`);
    return answer.data;
  };
  const stop = async (): Promise<void> => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : Promise.resolve();
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 150; tries++) {
    if (child.exitCode !== null) break;
    const scraped = await ask("query", { query: `count_over_time(offstage_build_info[1m]) >= ${SCRAPES}` }).catch(() => null);
    if (((scraped as { readonly result: readonly unknown[] } | null)?.result.length ?? 0) > 0) return { ask, stop };
    await sleep(200);
  }
  await stop();
  throw new Error(`Prometheus gathered nothing:\n${said}`);
}
