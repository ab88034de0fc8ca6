/**
 * Kills the real command line with SIGKILL, at least 50 times, while it raises tickets through the two real MCP servers; after
 * each kill the next command goes on. At the end it counts, in the services' own data: exactly one ticket and one comment for
 * each pull request.
 *
 * `npm run test:kill [-- --seed N --kills N --in-flight N]`
 */
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isOpenLeak } from "./count.ts";
import { histogramText } from "./histogram.ts";
import { runKillTest } from "./kill-test.ts";
import type { KillTestResult } from "./kill-test.ts";
import { openStage, readHoldings } from "./stage.ts";
import type { Stage } from "./stage.ts";

const { values } = parseArgs({ options: { seed: { type: "string", default: String(randomInt(1_000_000)) }, kills: { type: "string", default: "52" }, "in-flight": { type: "string", default: "20" } } });
if (!(Number(values.kills) >= 0 && Number(values["in-flight"]) >= 0)) throw new RangeError("--kills and --in-flight are numbers.");
const startedAt = performance.now();
const seconds = (): string => `${Math.round((performance.now() - startedAt) / 1000)} s`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function summarise({ emulators }: Stage, { hits, begunAfterMs, answeredByPerson, report }: KillTestResult): Promise<void> {
  const { pulls, tickets } = await readHoldings(emulators);
  const leaks = pulls.filter(isOpenLeak);
  say(`\n${hits.length} kills with SIGKILL in ${seconds()} (seed ${values.seed}). Where they hit:`);
  for (const line of histogramText(hits)) say(line);
  say(`\nPull requests about a memory leak: ${leaks.length} open, ${pulls.length - leaks.length} others, closed ones among them. Tickets: ${tickets.length}. Comments: ${pulls.reduce((sum, { comments }) => sum + comments.length, 0)}.`);
  say(`Comments in flight at a kill, which the GitHub server has no tool to look for, said to be ambiguous and answered by a person: ${answeredByPerson}. Every question about a ticket was settled without one.`);
  say(`Commands after a kill drove a run ${begunAfterMs.toSorted((one, other) => one - other)[Math.floor(begunAfterMs.length / 2)] ?? 0} ms after their start (median; at most ${Math.max(0, ...begunAfterMs)} ms).`);
  for (const fault of report.faults()) say(`FAULT  ${fault}`);
}

function interrupted(dir: string, code: number): never {
  rmSync(dir, { recursive: true, force: true });
  process.exit(code);
}

async function main(dir: string): Promise<boolean> {
  const stage = await openStage(dir);
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) process.once(signal, () => void stage.close().finally(() => interrupted(dir, code)));
  try {
    const result = await runKillTest({ stage, seed: values.seed, kills: Number(values.kills), inFlight: Number(values["in-flight"]), say: (line) => say(`${seconds().padStart(5)}  ${line}`) });
    await summarise(stage, result);
    const failed = result.report.faults().length;
    if (failed > 0) say(`\nRepeat with: npm run test:kill -- --seed ${values.seed}. The project, its store and what each command said are kept in ${dir}.`);
    say(`\n${result.report.passed()} passed, ${failed} failed`);
    return failed === 0;
  } finally {
    await stage.close();
  }
}

const dir = mkdtempSync(join(tmpdir(), "offstage-kill-"));
say(`seed ${values.seed}`);
let isClean = false;
try {
  isClean = await main(dir);
} catch (error) {
  say(`The kill test could not go on: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nSee ${dir}.\n\n0 passed, 1 failed`);
}
if (isClean) rmSync(dir, { recursive: true, force: true });
process.exitCode = isClean ? 0 : 1;
