/**
 * The protocol's own conformance suite against our sessions, for both revisions that we speak: every scored scenario has to pass. Those that a
 * revision runs without scoring may fail only where `unscored.ts` says why, and an entry there that passes is a failure: the list can
 * only shrink.
 *
 * `npm run test:conformance`. The suite is installed into `.tools/`, because only this needs it.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { giveTurns, type Turns } from "./turns.ts";
import { UNSCORED } from "./unscored.ts";

const SUITE = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const REVISIONS = ["2025-11-25", "2026-07-28"] as const;
const CLIENTS_AT_ONCE = 4;
/** From the start of a client, its wait for a turn included. */
const CLIENT_TIMEOUT_MS = 400_000;

const tools = fileURLToPath(new URL("../../.tools/conformance", import.meta.url));

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function installSuite(): string {
  const stamp = join(tools, "installed");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== SUITE) {
    say(`installing ${SUITE} …`);
    rmSync(tools, { recursive: true, force: true });
    mkdirSync(tools, { recursive: true });
    writeFileSync(join(tools, "package.json"), '{ "private": true }\n');
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", tools, SUITE], { stdio: "inherit", cwd: tools });
    writeFileSync(stamp, SUITE);
  }
  return join(tools, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
}

/** One scenario of a run, and the checks of it that failed. */
interface Played {
  readonly scenario: string;
  readonly checks: number;
  readonly failed: readonly string[];
}

async function play(suite: string, revision: string, turns: Turns): Promise<{ readonly scored: boolean; readonly played: readonly Played[] }> {
  const out = join(tools, "results", revision);
  rmSync(out, { recursive: true, force: true });
  const client = [process.execPath, "--disable-warning=ExperimentalWarning", "--conditions=offstage-src", fileURLToPath(new URL("client.ts", import.meta.url))].join(" ");
  const log: string[] = [];
  const code = await new Promise<number>((resolve) => {
    const child = spawn(process.execPath, [suite, "client", "--command", client, "--requirements", revision, "--timeout", String(CLIENT_TIMEOUT_MS), "-o", out], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...turns.env } });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => log.push(part.toString()));
    child.on("close", (status) => resolve(status ?? 1));
  });
  const played = readResults(out);
  if (code !== 0 || played.length === 0) say(log.join("").split("\n").filter((line) => /✗|error/i.test(line)).slice(0, 40).join("\n"));
  return { scored: code === 0 && played.length > 0, played };
}

/** Every scenario left a folder with its checks: `auth/basic-cimd-2026-11-26T03-16-00-884Z`. */
function readResults(out: string): readonly Played[] {
  const files = existsSync(out) ? readdirSync(out, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("checks.json")) : [];
  return files.toSorted().map((path) => {
    const checks = JSON.parse(readFileSync(join(out, path), "utf8")) as readonly { readonly id: string; readonly status: string }[];
    const scenario = path.replace(/\/checks\.json$/, "").replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, "");
    return { scenario, checks: checks.filter(({ status }) => status !== "INFO").length, failed: checks.filter(({ status }) => status === "FAILURE" || status === "WARNING").map(({ id }) => id) };
  });
}

const suite = installSuite();
const turns = await giveTurns(CLIENTS_AT_ONCE);
const faults: string[] = [];
for (const revision of REVISIONS) {
  const { scored, played } = await play(suite, revision, turns);
  const passed = played.filter(({ failed }) => failed.length === 0);
  say(`${revision}: ${passed.length} of ${played.length} scenarios passed, ${played.reduce((sum, one) => sum + one.checks, 0)} checks`);
  if (!scored) faults.push(`${revision}: a scored scenario failed`);
  for (const { scenario, failed } of played) {
    const why = UNSCORED[scenario];
    if (failed.length > 0 && why === undefined) faults.push(`${revision}: ${scenario} failed: ${[...new Set(failed)].join(", ")}`);
    if (failed.length === 0 && why !== undefined) faults.push(`${revision}: ${scenario} passes: take it out of unscored.ts`);
    if (failed.length > 0 && why !== undefined) say(`  not scored, fails: ${scenario} (${why})`);
  }
}
turns.close();
for (const fault of faults) say(fault);
say(faults.length === 0 ? "All scored scenarios passed." : `${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;
