import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { cpuMs } from "../../scripts/bench/process-costs.ts";
import { readContents } from "./account.ts";
import { leaderOf, until } from "./kills.ts";
import type { Disturbed, Scene } from "./scene.ts";
import type { WallClock } from "./wall-clock.ts";

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];
const BETWEEN_MS = 2_500;
/** Timers are due so much later than they should be at a busy machine, and what was called is answered. Ms. */
const IDLE_MS = 4_000;
/** Of that time a process may be busy that has nothing to do; a loop that does not rest is so all of it. */
const IDLE_SHARE = 0.5;

/** The clock of both processes is put forward and back, and stands beyond all of its times in the end, so that what waits for one is due. */
export async function jumpAgainAndAgain({ servings, random, traffic }: Scene, clock: WallClock): Promise<Disturbed> {
  const jumps = [HOUR, -2 * HOUR, DAY, -DAY - HOUR, 30, -30, 16, 3 * DAY, -2 * DAY, -5, HOUR * random.between(1, 20), -HOUR * random.between(1, 20)];
  let [at, latest] = [0, 0];
  for (const jump of jumps) {
    await wait(BETWEEN_MS);
    clock.jump(jump);
    at += jump;
    latest = Math.max(latest, at);
  }
  await wait(BETWEEN_MS);
  clock.jump(latest - at + HOUR);
  await traffic.stopSending();
  await wait(IDLE_MS);
  const busy = servings.map((one) => cpuMs(one.pid()));
  await wait(IDLE_MS);
  const shares = servings.map((one, index) => (cpuMs(one.pid()) - (busy[index] ?? 0)) / IDLE_MS);
  return { times: jumps.length + 1, notes: [`busy while there was nothing to do: ${shares.map((share) => `${Math.round(share * 100)} %`).join(", ")}`], faults: shares.filter((share) => share > IDLE_SHARE).map((share) => `a process that has nothing to do is busy for ${Math.round(share * 100)} % of its time`) };
}

/** A transaction that goes on is over within that time. Ms. */
const LOCKED_MS = 3_000;

/** Who leads is frozen for longer than its lease holds, another one takes over, and then the first one wakes. */
export async function freezeAgainAndAgain({ shop, servings, random }: Scene, clock: WallClock, freezes: number): Promise<Disturbed> {
  const faults: string[] = [];
  let inTransaction = 0;
  for (let freeze = 1; freeze <= freezes; freeze++) {
    await until(() => servings.every((one) => one.phase() !== "starting"));
    await wait(random.between(200, 1_500));
    const frozen = leaderOf(servings);
    const other = servings[0] === frozen ? servings[1] : servings[0];
    process.kill(frozen.pid(), "SIGSTOP");
    if (shop.storeFile !== null && !(await canWrite(shop.storeFile))) {
      process.kill(frozen.pid(), "SIGCONT");
      inTransaction += 1;
      freeze -= 1;
      continue;
    }
    // Its lease is over.
    clock.jump(MINUTE);
    if (!(await until(() => other.phase().startsWith("leading")))) faults.push(`freeze ${freeze}: nobody took over`);
    await wait(random.between(0, 1_500));
    process.kill(frozen.pid(), "SIGCONT");
    if (!(await until(() => frozen.phase() === "following"))) faults.push(`freeze ${freeze}: who woke did not see that another one leads`);
  }
  return { times: freezes, notes: [`frozen in the middle of a transaction, which keeps everybody from the file, and woken at once: ${inTransaction}`], faults };
}

/** Whether nobody holds the file for long. */
async function canWrite(file: string): Promise<boolean> {
  const database = new Database(file, { timeout: 0 });
  try {
    return await until(() => {
      try {
        database.exec("BEGIN IMMEDIATE; ROLLBACK");
        return true;
      } catch {
        return false;
      }
    }, LOCKED_MS);
  } finally {
    database.close();
  }
}

/** The server over HTTP is gone for an hour by the clock, while deliveries, times and answers go on. */
export async function takeServerAwayForAnHour({ shop, traffic }: Scene, clock: WallClock): Promise<Disturbed> {
  const STEPS = 12;
  await wait(BETWEEN_MS);
  const before = traffic.accepted.size;
  await shop.closeServer();
  for (let step = 0; step < STEPS; step++) {
    await wait(BETWEEN_MS);
    clock.jump((60 / STEPS) * MINUTE);
  }
  const during = traffic.accepted.size - before;
  await shop.openServer();
  await traffic.stopSending();
  const store = await shop.openStore();
  try {
    // Those that wait longest are tried an hour later.
    for (let step = 0; step < 2 * STEPS; step++) {
      await wait(BETWEEN_MS);
      const { runs } = await readContents(store);
      if (!runs.some(({ status }) => status === "parked")) break;
      clock.jump((120 / STEPS) * MINUTE);
    }
    const { runs } = await readContents(store);
    return { times: 1, notes: [`${during} events came meanwhile; ${runs.filter(({ status }) => status === "failed").length} runs failed and were continued`], faults: [] };
  } finally {
    await store.close();
  }
}
