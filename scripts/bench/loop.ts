import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchPrograms, compileForBench } from "./bench-host.ts";
import { type Figure, median, ms } from "./figures.ts";
import type { LoopTimes } from "./loop-process.ts";

const SMALL = 1_000;
const LARGE = 10_000;
const MAX_GROWTH = 1.15;
const MAX_MEMORY_MIB = 300;

const loop = (items: number): string => `
import { each, range, workflow } from "offstage";
import { shop } from "#servers";
export default workflow({ name: "loop-${items}", description: "", on: [], limits: { calls: 100000 } }, async () => {
  const sums = await each(range(${items}), { key: (i) => String(i), parallel: 4 }, async (i) => shop.add({ a: i, b: 1 }));
  return sums.length;
});`;

/** Whether a loop of ten times the items takes ten times as long, and what memory it needs, in a process that only runs. */
export async function benchLoop(): Promise<readonly Figure[]> {
  const programs = await compileForBench([loop(SMALL), loop(LARGE)]);
  const { small, large, peakMiB } = await measureApart(programs);
  const growth = median(large.map((value, round) => value / (small[round] ?? Number.NaN)));
  return [
    { what: "each over 10,000 items", ours: ms(median(large)), baseline: `${ms(median(small))} ten times 1,000`, value: growth, bound: MAX_GROWTH, unit: "×" },
    { what: "peak memory of that process", ours: `${peakMiB.toFixed(0)} MiB`, baseline: "", value: peakMiB, bound: MAX_MEMORY_MIB, unit: "MiB" },
  ];
}

async function measureApart(programs: BenchPrograms): Promise<LoopTimes> {
  const folder = mkdtempSync(join(tmpdir(), "offstage-bench-"));
  const child = fork(new URL("loop-process.ts", import.meta.url), { execArgv: process.execArgv });
  try {
    return await new Promise<LoopTimes>((resolve, reject) => {
      child.once("message", (times) => resolve(times as LoopTimes));
      child.once("exit", (code) => reject(new Error(`the process that is measured ended with ${code}`)));
      child.send({ programs, file: join(folder, "store.db"), turns: LARGE / SMALL });
    });
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
