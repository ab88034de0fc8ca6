/**
 * Canaries in every place where a project holds a secret, over servers, senders of webhooks and queues, and a model that know them all and tell them in every spelling, wherever they may
 * say anything; then everything that comes out is searched: what each command prints, what `serve` says and answers, traces, what servers and models are given, and every byte on the disk or
 * in PostgreSQL. `--only broken` is the proof that it would notice: the same with a redactor that replaces nothing, where each exit through which words of servers go out has to be caught.
 *
 * Needs Redis, and PostgreSQL for `postgres`, which it installs on Debian as root. `npm run test:secrets [-- --only sqlite|postgres|broken --all]`; `sqlite`, then `broken`, when nothing is said.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findPostgres, startPostgres } from "../../packages/runtime/src/testing/postgres.ts";
import { installOnDebian } from "../../scripts/house/debian.ts";
import { type Canary, type Find, findCanaries } from "./canary.ts";
import { type Output, runCommands, runCrash, runExports, runServe } from "./exits.ts";
import { createWorld, type World } from "./world.ts";

const { values } = parseArgs({ options: { only: { type: "string" }, all: { type: "boolean", default: false } } });
const BREAKING = fileURLToPath(new URL("break-redactor.mjs", import.meta.url));
// The commands of this process are to be without it too.
if (values.only === "broken" && !process.execArgv.includes(BREAKING)) process.exit(spawnSync(process.execPath, ["--import", BREAKING, ...process.execArgv, ...process.argv.slice(1)], { stdio: "inherit" }).status ?? 1);
const startedAt = performance.now();
const say = (line: string): void => void process.stdout.write(`${String(Math.round((performance.now() - startedAt) / 1000)).padStart(4)} s  ${line}\n`);
installOnDebian([...(findPostgres() === null ? ["postgresql"] : []), ...(["/usr/bin", "/usr/local/bin", "/usr/sbin"].some((folder) => existsSync(join(folder, "redis-server"))) ? [] : ["redis-server"])]);

interface Leak extends Find {
  readonly exit: string;
}

/** Everything that a world gives out. */
async function outputsOf(world: World): Promise<readonly Output[]> {
  const outputs: Output[] = [];
  const collect = (output: Output): void => void outputs.push(output);
  await runCommands(world, collect);
  await runExports(world, collect);
  say(`${outputs.length} outputs of commands`);
  for (const log of ["text", "json"] as const) await runServe(world, log, collect);
  await runCrash(world, collect);
  say(`${outputs.length} outputs with those of serve`);
  for (const [server, bytes] of Object.entries(world.given())) collect({ exit: `what ${server} was given`, bytes, server });
  collect({ exit: "why messages were put aside", bytes: Buffer.from(await world.aside()) });
  collect({ exit: "traces", bytes: world.traces.raw() });
  return outputs;
}

function leaksOf(outputs: readonly Output[], canaries: readonly Canary[]): readonly Leak[] {
  return outputs.flatMap(({ exit, bytes, server }) => findCanaries(bytes, canaries.filter((canary) => server === undefined || canary.server !== server)).map((find) => ({ exit, ...find })));
}

/** Tells what was found, one line for each exit, and gives how many exits let something out. */
function tell(leaks: readonly Leak[]): number {
  const exits = new Map<string, Leak[]>();
  for (const leak of leaks) exits.set(leak.exit, [...(exits.get(leak.exit) ?? []), leak]);
  for (const [exit, found] of exits) {
    process.stdout.write(`LEAK  ${exit}: ${found.length} finds\n`);
    for (const { source, as, around } of values.all ? found : found.slice(0, 3)) process.stdout.write(`        ${source}, as ${as}: ${around}\n`);
  }
  return exits.size;
}

function onDisk(world: World): readonly Output[] {
  return Object.entries(world.files()).map(([path, bytes]) => ({ exit: path.replace(/[0-9a-f]{16,}/g, "…"), bytes }));
}

/** An undisturbed course over one store: nothing may be found. */
async function overSqlite(env: Readonly<Record<string, string>> = {}): Promise<{ readonly outputs: readonly Output[]; readonly leaks: readonly Leak[]; readonly sources: number }> {
  const world = await createWorld(null, env);
  try {
    const outputs = [...(await outputsOf(world))];
    await world.run(["backup", "backup.db"]);
    outputs.push(...onDisk(world));
    return { outputs, leaks: leaksOf(outputs, world.canaries()), sources: world.canaries().length };
  } finally {
    await world.close();
  }
}

async function overPostgres(): Promise<{ readonly outputs: readonly Output[]; readonly leaks: readonly Leak[]; readonly sources: number }> {
  const server = await startPostgres();
  const { host } = new URL(server.url);
  const world = await createWorld((password) => `postgresql://canary:${password}@${host}/postgres`, {});
  try {
    server.query(`CREATE ROLE canary LOGIN SUPERUSER PASSWORD '${world.secret("the password of PostgreSQL").replaceAll("'", "''")}'`);
    const outputs = [...(await outputsOf(world))];
    const dump = execFileSync(join(findPostgres() ?? "", "pg_dump"), ["--dbname", server.url, "--inserts"], { maxBuffer: 1 << 29 });
    outputs.push({ exit: "a dump of PostgreSQL", bytes: dump }, ...onDisk(world));
    return { outputs, leaks: leaksOf(outputs, world.canaries()), sources: world.canaries().length };
  } finally {
    await world.close();
    await server.stop();
  }
}

/** Through these go words of servers: with a redactor that replaces nothing, canaries have to be found in each. */
const TALKATIVE = [
  "offstage tools: stdout", "offstage call hostile.tell --json: stdout", "offstage call hostile.fail --yes: stderr", "offstage read hostile told://all --json: stdout", "offstage prompt hostile told: stdout",
  "offstage plan tell --json: stdout", "offstage run fails: stdout", "offstage show --json: stdout", "offstage approve --json: stdout", "offstage runs --json: stdout",
  "offstage serve --log text: stderr", "offstage serve --log json: stderr", "offstage serve --log json: GET /approvals", "offstage serve --log json: GET /approve/{link}", "offstage serve --log json: server-sent events", "a crash: stderr",
  ".offstage/store.db", ".offstage/logs/servers.log", ".offstage/types/servers.d.ts", "offstage.lock", "export/beats-typescript/offstage.lock", "export/beats-compose/app/offstage.lock", "backup.db", "what own was given", "what model was given",
];

let passed = 0;
let failed = 0;
const note = (name: string, holds: boolean, figures: string): void => {
  if (holds) passed += 1;
  else failed += 1;
  say(`${holds ? "ok   " : "FAULT"} ${name}: ${figures}`);
};
for (const [name, run] of [["sqlite", overSqlite], ["postgres", overPostgres]] as const) {
  if ((values.only ?? "sqlite") !== name) continue;
  const { outputs, leaks, sources } = await run();
  const exits = tell(leaks);
  note(`nothing is found (${name})`, exits === 0, `${sources} canaries, ${new Set(outputs.map(({ exit }) => exit)).size} exits, ${Math.round(outputs.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1024)} KiB, ${leaks.length} finds`);
}
if (values.only === "broken") {
  const { outputs, leaks } = await overSqlite({ NODE_OPTIONS: `--import ${BREAKING}` });
  const lit = new Set(leaks.map(({ exit }) => exit));
  const all = new Set(outputs.map(({ exit }) => exit));
  if (values.all) for (const exit of all) if (!lit.has(exit)) process.stdout.write(`dark  ${exit}\n`);
  const unseen = TALKATIVE.filter((exit) => !lit.has(exit));
  for (const exit of unseen) process.stdout.write(`DARK  ${exit}: ${all.has(exit) ? "nothing is found in it, although nothing is redacted" : "it did not come about"}\n`);
  note("with a redactor that replaces nothing, canaries are found", unseen.length === 0, `in ${lit.size} of ${all.size} exits`);
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
if (values.only === undefined) process.exitCode ||= spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1), "--only", "broken"], { stdio: "inherit" }).status ?? 1;
