/**
 * The protocol's own conformance suite against our sessions, for both revisions that we speak: every scored scenario has to pass. Those that a
 * revision runs without scoring may fail only where `unscored.ts` says why, and an entry there that passes is a failure: the list can
 * only shrink. Against the studio the same, with the list of `beyond-studio.ts`.
 *
 * `npm run test:conformance`. The suite is installed into `.tools/`, because only this needs it.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createDeskProject } from "../../apps/offstage/src/testing/desk-project.ts";
import { BEYOND_STUDIO, CHECKS_BEYOND_STUDIO } from "./beyond-studio.ts";
import { serveStudio } from "./server.ts";
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
  const client = [process.execPath, "--disable-warning=ExperimentalWarning", "--conditions=offstage-src", fileURLToPath(new URL("client.ts", import.meta.url))].join(" ");
  const { code, played, log } = await runSuite(suite, ["client", "--command", client, "--requirements", revision, "--timeout", String(CLIENT_TIMEOUT_MS)], join("client", revision), turns.env);
  if (code !== 0 || played.length === 0) say(log.split("\n").filter((line) => /✗|error/i.test(line)).slice(0, 40).join("\n"));
  return { scored: code === 0 && played.length > 0, played };
}

/** Runs the suite, and reads what it left of each scenario. */
async function runSuite(suite: string, words: readonly string[], results: string, env: Readonly<Record<string, string>> = {}): Promise<{ readonly code: number; readonly played: readonly Played[]; readonly log: string }> {
  const out = join(tools, "results", results);
  rmSync(out, { recursive: true, force: true });
  const log: string[] = [];
  const code = await new Promise<number>((resolve) => {
    const child = spawn(process.execPath, [suite, ...words, "-o", out], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => log.push(part.toString()));
    child.on("close", (status) => resolve(status ?? 1));
  });
  return { code, played: readResults(out), log: log.join("") };
}

/** Every scenario of servers against the studio of a project: what is wrong. */
async function playStudio(suite: string): Promise<readonly string[]> {
  const desk = await createDeskProject();
  const studio = await serveStudio(desk.folder);
  const wrong: string[] = [];
  try {
    for (const revision of REVISIONS) {
      const { played } = await runSuite(suite, ["server", "--url", studio.url, "--requirements", revision], join("server", revision));
      const named = played.map(({ scenario, failed }) => ({ scenario: scenario.replace(/^server-/, ""), failed: failed.filter((check) => !Object.hasOwn(CHECKS_BEYOND_STUDIO, check)) }));
      const passed = named.filter(({ failed }) => failed.length === 0);
      say(`studio, ${revision}: ${passed.length} of ${named.length} scenarios passed`);
      if (!passed.some(({ scenario }) => scenario === "tools-list")) wrong.push(`studio, ${revision}: not even its tools were listed`);
      wrong.push(...named.flatMap(({ scenario, failed }) => judged(`studio, ${revision}: ${scenario}`, failed, BEYOND_STUDIO[scenario], "beyond-studio.ts")));
    }
  } finally {
    await studio.close();
    desk.remove();
  }
  return wrong;
}

function judged(what: string, failed: readonly string[], why: string | undefined, list: string): readonly string[] {
  if (failed.length > 0 && why === undefined) return [`${what} failed: ${[...new Set(failed)].join(", ")}`];
  return failed.length === 0 && why !== undefined ? [`${what} passes: take it out of ${list}`] : [];
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
    faults.push(...judged(`${revision}: ${scenario}`, failed, why, "unscored.ts"));
    if (failed.length > 0 && why !== undefined) say(`  not scored, fails: ${scenario} (${why})`);
  }
}
turns.close();
faults.push(...(await playStudio(suite)));
for (const fault of faults) say(fault);
say(faults.length === 0 ? "All scored scenarios passed." : `${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;
