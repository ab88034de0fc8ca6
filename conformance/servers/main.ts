/**
 * Installs the MCP servers that people use and takes each through what Offstage does with one: lock, types, calls, a run. None
 * needs an account; what one says that would, is looked at too.
 *
 * `npm run test:servers`; `-- --only git,github` tries these, `-- --write` writes the table into docs/servers.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmulators } from "../../demo/emulators.ts";
import { endMarked } from "../../demo/leftovers.ts";
import { SEED_PULLS } from "../../demo/seed/pulls.ts";
import { installServers } from "./install.ts";
import { withPostgres } from "./postgres.ts";
import { proveGuide } from "./prove-guide.ts";
import { PROOFS } from "./proofs.ts";
import type { RealServer } from "./real-server.ts";
import { SLACK_CHANNEL, SLACK_TOKEN, startSlackService } from "./slack-service.ts";
import { startServices } from "./services.ts";
import { REAL_SERVERS } from "./servers.ts";
import { differences, foundLine, serversTable, withTable } from "./servers-table.ts";
import { type Found, tryServer } from "./try-server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DOCUMENT = join(ROOT, "docs/servers.md");
/** Kept between runs; git does not see it. */
const INSTALLED = join(ROOT, ".tools/servers");
/** At a time: they wait for processes more than they compute. */
const LANES = 3;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function tryAll(servers: readonly RealServer[], postgres: string): Promise<readonly Found[]> {
  const folder = mkdtempSync(join(tmpdir(), "offstage-real-world-"));
  const emulators = await startEmulators({ dir: folder, pulls: SEED_PULLS.slice(0, 4) });
  const services = await startServices(emulators.github);
  const slack = await startSlackService();
  const around = { services: services.url, github: emulators.github, jira: emulators.jira, postgres, slack: { url: slack.url, token: SLACK_TOKEN, channel: SLACK_CHANNEL } };
  const found = new Map<RealServer, Found>();
  const waiting = [...servers];
  try {
    await Promise.all(Array.from({ length: LANES }, async () => {
      for (let server = waiting.shift(); server !== undefined; server = waiting.shift()) {
        const one = await tryServer(server, around, INSTALLED);
        found.set(server, one);
        say(`${String(found.size).padStart(2)}/${servers.length} ${foundLine(one)}`);
      }
    }));
  } finally {
    services.close();
    await slack.close();
    await emulators.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return servers.flatMap((server) => found.get(server) ?? []);
}

/** Shipped profiles against what their servers really answer; gives back which hold. */
async function proveAll(wanted: (server: string) => boolean): Promise<readonly boolean[]> {
  const held: boolean[] = [];
  for (const { profile, server, prove } of PROOFS.filter((one) => wanted(one.server))) {
    const mark = `proof-${server}-${process.pid}`;
    const faults = await prove(INSTALLED, mark).catch((error: Error) => [error.message]);
    const left = await endMarked(mark);
    held.push(faults.length + left === 0);
    say(`${held.at(-1) === true ? "ok  " : "BAD "} profile ${profile} on ${server}${[...faults, ...(left > 0 ? [`left ${left} processes running`] : [])].map((fault) => `\n     ${fault}`).join("")}`);
  }
  return held;
}

/** The guide to one's own servers, taken at its word. */
async function tryGuide(): Promise<boolean> {
  const faults = await proveGuide(INSTALLED);
  say(`${faults.length === 0 ? "ok  " : "BAD "} docs/guides/your-own-servers.md${faults.map((fault) => `\n     ${fault}`).join("")}`);
  return faults.length === 0;
}

async function main(args: readonly string[]): Promise<number> {
  const only = args.includes("--only") ? (args[args.indexOf("--only") + 1] ?? "").split(",") : null;
  const servers = REAL_SERVERS.filter(({ name }) => only === null || only.includes(name));
  await installServers(REAL_SERVERS, INSTALLED, say);
  const found = await withPostgres({}, ({ url }) => tryAll(servers, url));
  writeFileSync(join(INSTALLED, "found.json"), `${JSON.stringify(found, null, 1)}\n`);
  const table = serversTable(found);
  say(`\n${table}\n`);
  const document = readFileSync(DOCUMENT, "utf8");
  const unlike = only === null && !args.includes("--write") ? differences(document, table) : [];
  if (args.includes("--write")) writeFileSync(DOCUMENT, withTable(document, table));
  for (const line of unlike) say(`docs/servers.md: ${line}`);
  const proven = [...(await proveAll((server) => only === null || only.includes(server)))];
  if (only === null || only.includes("guide")) proven.push(await tryGuide());
  const bad = proven.filter((holds) => !holds).length + found.filter(({ faults }) => faults.length > 0).length + (unlike.length > 0 ? 1 : 0);
  say(`${found.length + proven.length + 1 - bad} passed, ${bad} failed`);
  return bad === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
