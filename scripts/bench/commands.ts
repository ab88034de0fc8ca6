import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Figure, median, ms, timeMs } from "./figures.ts";

const ROUNDS = 15;
const MAX_START_RATIO = 1.3;
const BIN = fileURLToPath(new URL("../../apps/offstage/bin/offstage.js", import.meta.url));

/** Starting the command line, against starting Node. */
export async function benchStart(): Promise<readonly Figure[]> {
  const version: number[] = [];
  const node: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const base = await timeMs(() => runNode(["-e", "0"]));
    const ours = await timeMs(() => runNode([BIN, "--version"]));
    if (round < 0) continue;
    version.push(ours);
    node.push(base);
  }
  const ratio = median(version.map((value, round) => value / (node[round] ?? Number.NaN)));
  return [{ what: "offstage --version", ours: ms(median(version)), baseline: `${ms(median(node))} node -e 0`, value: ratio, bound: MAX_START_RATIO, unit: "×" }];
}

/** Milliseconds of `offstage check` as a first command: nothing cached, the compiler loaded. */
export async function coldCheckMs(project: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    rmSync(join(project, ".offstage/cache"), { recursive: true, force: true });
    times.push(await timeMs(() => runNode([BIN, "check", "--project", project])));
  }
  return median(times);
}

/** Runs Node to its end; throws, with what it said, when it failed. */
export function runNode(args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
}
