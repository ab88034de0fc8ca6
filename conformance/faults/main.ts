/**
 * Faults that a real `offstage serve` has to survive, two processes over one store, with deliveries, schedules, approvals and real servers meanwhile. After each fault all that was
 * accepted is counted, in the store and in the servers' own files: no event lost, no write twice, no run stuck.
 *
 * `npm run test:faults [-- --seed N --only kills,…]`; FAULTS_MINUTES=480 repeats all of it for a night.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { sendAll } from "../../apps/offstage/src/testing/send-all.ts";
import { createRandom, type Random } from "../kill/random.ts";
import { type Fault, FAULTS } from "./faults.ts";
import type { Outcome } from "./scene.ts";
import { tableOf } from "./table.ts";

const { values } = parseArgs({ options: { seed: { type: "string", default: String(randomInt(1_000_000)) }, only: { type: "string", default: "" } } });
/** As many as there are cores on a small machine: most of the time they wait for processes that start. */
const AT_ONCE = 2;
const minutes = Number(process.env["FAULTS_MINUTES"] ?? "0");
const startedAt = performance.now();
const say = (line: string): void => void process.stdout.write(`${String(Math.round((performance.now() - startedAt) / 1000)).padStart(5)} s  ${line}\n`);
const wanted = FAULTS.filter(({ name }) => values.only === "" || values.only.split(",").some((word) => name.includes(word)));

const outcomes: { readonly name: string; readonly outcome: Outcome }[] = [];
const faults: string[] = [];

async function tryOne({ name, run }: Fault, random: Random): Promise<void> {
  say(`${name} …`);
  try {
    const outcome = await run({ random, say: (line) => say(`${name}: ${line}`) });
    outcomes.push({ name, outcome });
    for (const note of outcome.notes) say(`${name}: ${note}`);
    const { lost, doubled, stuck, wrong } = outcome.account;
    for (const [what, found] of Object.entries({ lost, doubled, stuck, wrong })) for (const one of found) faults.push(`${name}: ${what}: ${one}`);
  } catch (error) {
    faults.push(`${name} could not be tried: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

say(`seed ${values.seed}`);
for (let round = 1; round === 1 || performance.now() - startedAt < minutes * 60_000; round++) {
  const all = wanted.map((fault, index) => [fault, createRandom(`${values.seed}/${round}/${index}/${fault.name}`)] as const);
  await sendAll(all, AT_ONCE, ([fault, random]) => tryOne(fault, random)).done;
}
for (const fault of faults) say(`FAULT  ${fault}`);
process.stdout.write(`\n${tableOf(outcomes).join("\n")}\n\n${outcomes.filter(({ outcome: { account } }) => [account.lost, account.doubled, account.stuck, account.wrong].every((found) => found.length === 0)).length} passed, ${faults.length} failed in ${Math.round((performance.now() - startedAt) / 1000)} s${faults.length > 0 ? `. Repeat with --seed ${values.seed}.` : ""}\n`);
process.exitCode = faults.length === 0 && outcomes.length > 0 ? 0 : 1;
