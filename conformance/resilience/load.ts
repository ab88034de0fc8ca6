import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { createRedactor } from "offstage/base";
import { createServerPool, type ServerConfig } from "offstage/mcp";
import type { LedgerEntry } from "offstage/model";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";
import { type BenchHost, compileForBench, openBenchHost } from "../../scripts/bench/bench-host.ts";
import type { Random } from "../kill/random.ts";

/** Writes of one batch; many of them, and as many reads, are under way at once. */
const BATCH = 60;
/** That may pass, besides one for each kill, before the kills are done. */
const BATCHES = 50;
const PARALLEL = 12;
const RUNS_OF_A_BATCH = 25;
/** After a new process made its first write: then it is in the middle of the load. Ms. */
const KILL_WITHIN_MS = 100;
/** Between two runs of a batch, so that a server that is being left alone is not asked in vain. Ms. */
const BETWEEN_RUNS_MS = 150;

const SOURCE = `
import { each, once, range, workflow } from "offstage";
import { shop } from "#servers";
export default workflow({ name: "load", description: "", on: [], inputs: { from: 0 }, limits: { writes: 100000, calls: 1000000 } }, async ({ inputs }) => {
  await each(range(${BATCH}), { key: (i) => String(i), parallel: ${PARALLEL}, onError: "continue" }, async (i) => {
    const name = \`w\${inputs.from + i}\`;
    await shop.add({ a: i, b: 1 });
    await once(name, () => shop.echo({ text: name }));
    await shop.add({ a: i, b: 2 });
  });
});`;

/** What happened under the load. */
export interface LoadResult {
  readonly kills: number;
  readonly runs: number;
  readonly ledger: readonly LedgerEntry[];
  /** How often each write stands in the server's own file. */
  readonly made: ReadonlyMap<string, number>;
  readonly ms: number;
}

/** What {@link runUnderKills} works with. */
export interface LoadOptions {
  readonly dir: string;
  readonly config: ServerConfig;
  /** Where the server keeps its writes; its process id is beside it. */
  readonly file: string;
  readonly kills: number;
  readonly random: Random;
  readonly timeoutMs: number;
  readonly say: (line: string) => void;
}

/**
 * Keeps the whole write path under load (engine, ledger, calls, pool) while the server is killed with SIGKILL again and again; each batch is run until
 * nothing of it is left that could be tried again.
 */
export async function runUnderKills(options: LoadOptions): Promise<LoadResult> {
  const begun = performance.now();
  const pool = createServerPool({ servers: [options.config], clock: realClock, redactor: createRedactor(), inheritedEnv: process.env, onStderr: () => undefined, clientVersion: "0.0.0", connectTimeoutMs: 10_000, patience: { afterInputClosedMs: 50, afterTermMs: 50 } });
  const { profile, programs: [program] } = await compileForBench([SOURCE]);
  if (program === undefined) throw new Error("the program did not compile");
  const host = await openBenchHost(`${options.file}.db`, () => pool.session("shop"), profile, options.timeoutMs);
  const killer = startKiller(options);
  let runs = 0;
  try {
    for (let from = 0; killer.count() < options.kills; from += BATCH) {
      if (from > BATCH * (BATCHES + options.kills)) throw new Error(`only ${killer.count()} of ${options.kills} kills could be made: does the server in ${options.file}.pid run?`);
      for (let run = 0; run < RUNS_OF_A_BATCH && (run === 0 || (await isOpen(host, from))); run++, runs++) {
        if (run > 0) await wait(BETWEEN_RUNS_MS);
        await host.runAnyhow(program, { from });
      }
    }
    return { kills: killer.count(), runs, ledger: await host.effects(), made: writesOf(options.file), ms: performance.now() - begun };
  } finally {
    killer.stop();
    await host.close();
    await pool.close();
  }
}

/** Whether a write of the batch is still to be made: neither done nor in doubt. */
async function isOpen(host: BenchHost, from: number): Promise<boolean> {
  const settled = new Set((await host.effects()).filter(({ status }) => status !== "failed").map((entry) => nameOf(entry)));
  return Array.from({ length: BATCH }, (_, i) => `w${from + i}`).some((name) => !settled.has(name));
}

/** What the write is called, in the ledger and in the server's file. */
export function nameOf({ identity }: LedgerEntry): string {
  return "key" in identity ? identity.key : "";
}

/** How often each write stands in a file of the server. */
export function writesOf(file: string): ReadonlyMap<string, number> {
  const made = new Map<string, number>();
  for (const name of textOf(file).split("\n")) if (name !== "") made.set(name, (made.get(name) ?? 0) + 1);
  return made;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Kills each process of the server that it sees, until it has killed enough. */
function startKiller({ file, kills, random, say }: LoadOptions): { count(): number; stop(): void } {
  let count = 0;
  let stopped = false;
  const work = async (): Promise<void> => {
    let last = "";
    let made = -1;
    while (!stopped && count < kills) {
      const pid = textOf(`${file}.pid`);
      const size = textOf(file).length;
      if (pid === last || pid === "" || size === made) {
        await wait(5);
        continue;
      }
      await wait(random.between(0, KILL_WITHIN_MS));
      last = pid;
      made = textOf(file).length;
      try {
        process.kill(Number(pid), "SIGKILL");
        if (++count % 25 === 0) say(`${count} kills`);
      } catch {
        // It had ended by itself.
      }
    }
  };
  void work();
  return { count: () => count, stop: () => void (stopped = true) };
}
