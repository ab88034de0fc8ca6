import { explore } from "./explore.ts";
import type { Ending } from "./record-driver.ts";
import { createWorld, type World, type WorldOptions } from "./record-world.ts";
import { FATES } from "./tracker.ts";

const TIMEOUT = 100;
/** How long the tracker's search lags, and when it proves something; ms. */
export const LAG = 40;
/** A model that goes through fewer ways than this does not do what it says. */
export const WAYS = 1_000;
/** Beyond every deadline and lag. */
export const LONG = 1_000;

/**
 * What "every way" means: one store, two processes (the same identity, the same desired arguments), each stopping before every
 * transaction, search, read, send and answer; of crashes, switches, jumps of the clock and strange fates of a send, at most
 * three together (two in the smaller models), and at most as many of each as given here. What needs most ways of all has three in
 * record.model.long.test.ts.
 */
export const BOUNDS = { crashes: 1, switches: 2, jumps: 1, jumpsMs: [LAG, TIMEOUT + 1, TIMEOUT + LAG + 1], surprises: 3 };
export const FEWER = { ...BOUNDS, surprises: 2 };
export const CREATE: WorldOptions = { bounds: BOUNDS, lagMs: LAG, provesAfterMs: LAG, timeoutMs: TIMEOUT, idempotent: false, fates: FATES, strange: 1 };

/** What is true at the end of every way: ended, said, or dead; never two targets. */
export function assertSaid(world: World, endings: readonly (Ending | "lease-lost" | null)[]): void {
  world.assertOnce();
  if (world.tracker.tickets.length > 1) throw new Error(`${world.tracker.tickets.length} tickets for one identity`);
  for (const ending of endings) {
    if (ending === null || ending === "lease-lost" || ending.kind === "done" || ending.kind === "held") continue;
    if (ending.kind === "released" || ending.error.message === "") throw new Error(`an end that says nothing: ${JSON.stringify(ending)}`);
  }
}

/** A later run, when every deadline and lag is over and nothing strange happens, ends with one bound target. */
export async function assertHeals(world: World): Promise<void> {
  world.stage.wait(LONG);
  const ending = await world.calmly();
  if (ending.kind !== "done") throw new Error(`it did not heal: ${JSON.stringify(ending)}`);
  const live = world.tracker.tickets.filter((ticket) => !ticket.deleted);
  if (live.length !== 1 || live[0]?.id !== (ending.kept as { id: string }).id) throw new Error(`${live.length} tickets, bound to ${JSON.stringify(ending.kept)}`);
  world.assertOnce();
}

/** How many ways there are for so many processes that ensure the same; throws at the first that does not end as it has to. */
export async function waysToEnsure(processes: number, options: WorldOptions): Promise<number> {
  const { ways } = await explore(async (choices) => {
    const world = createWorld(choices, options);
    const runs = Array.from({ length: processes }, () => world.process());
    await world.stage.play();
    assertSaid(world, runs.map(({ ending }) => ending));
    await assertHeals(world);
  });
  return ways;
}

/** What a model of one process that dies three times is made of, when the clock may jump so often. */
export const dying = (jumps: number): WorldOptions => ({ ...CREATE, bounds: { crashes: 3, switches: 0, jumps, jumpsMs: [TIMEOUT + LAG + 1], surprises: 3 } });
