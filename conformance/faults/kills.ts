import { setTimeout as wait } from "node:timers/promises";
import { type Phase, PHASES, type Serving } from "./servers-of-shop.ts";
import type { Disturbed, Scene } from "./scene.ts";

/** Of the kills that are to hit a process which is still starting. */
const IN_START = 0.2;
const START_MS = 700;
/** After a process came to lead or to follow. Ms. */
const LATER_MS = 700;
/** No kill is made after that time, which a busy machine may need for a few: how many there were is told. */
const BUDGET_MS = 4 * 60_000;
/** Who has not come that far is killed all the same. Ms. */
const PATIENCE_MS = 60_000;

/** Kills one of two processes at a random moment, so many times, mostly who leads; tells in which phases. */
export async function killAgainAndAgain({ servings, random }: Scene, kills: number, struck: () => void): Promise<Disturbed> {
  const hits = new Map<Phase, number>();
  let last: Serving = servings[0];
  const end = performance.now() + BUDGET_MS;
  let made = 0;
  for (; made < kills && performance.now() < end; made++) {
    const inStart = random.chance(IN_START);
    // Who was killed last is starting now.
    const one = inStart ? last : random.chance(0.75) ? leaderOf(servings) : random.pick(servings.map((each) => [1, each] as const));
    if (!inStart) await until(() => one.phase() !== "starting");
    await wait(random.between(0, inStart ? START_MS : LATER_MS));
    const phase = await one.kill();
    hits.set(phase, (hits.get(phase) ?? 0) + 1);
    last = one;
    struck();
  }
  return { times: made, notes: [PHASES.map((phase) => `${phase}: ${hits.get(phase) ?? 0}`).join("; "), ...(made < kills ? [`only ${made} of ${kills} kills were made in ${BUDGET_MS / 60_000} minutes`] : [])], faults: [] };
}

/** Who leads; one of them when nobody does. */
export function leaderOf(servings: readonly [Serving, Serving]): Serving {
  return servings.find((one) => one.phase().startsWith("leading")) ?? servings[0];
}

/** Waits until something holds, for a minute at most; tells whether it does. */
export async function until(holds: () => boolean, patienceMs = PATIENCE_MS): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (!holds() && performance.now() < end) await wait(10);
  return holds();
}
