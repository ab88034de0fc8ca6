import { setTimeout as wait } from "node:timers/promises";
import type { Random } from "../kill/random.ts";
import { type Account, drawAccount, readContents, unsettled } from "./account.ts";
import { type Serving, startServing } from "./servers-of-shop.ts";
import type { Shop } from "./shop-project.ts";
import { startTraffic, type Traffic } from "./traffic.ts";

/** A shop that is served by two processes and has traffic, to be disturbed. */
export interface Scene {
  readonly shop: Shop;
  readonly servings: readonly [Serving, Serving];
  readonly traffic: Traffic;
  readonly random: Random;
}

/** What a fault came to. */
export interface Outcome {
  /** How often it happened. */
  readonly times: number;
  readonly account: Account;
  /** What else is to be told. */
  readonly notes: readonly string[];
}

/** How a scene was disturbed: how often, what is to be told of it, and what went wrong already. */
export interface Disturbed {
  readonly times: number;
  readonly notes: readonly string[];
  readonly faults: readonly string[];
}

/** What {@link playScene} needs: `disturb` does what is to be survived, and tells how often. */
export interface Play {
  readonly shop: Shop;
  readonly random: Random;
  readonly env?: Readonly<Record<string, string>>;
  readonly disturb: (scene: Scene) => Promise<Disturbed>;
}

/** How long everything may take to come to rest when nothing is disturbed any more. Ms. */
const SETTLE_MS = 120_000;
const LOOK_MS = 500;
const REVIVE_MS = 200;

/** Lets the traffic go on while it is disturbed, waits until all came to rest, ends the processes and draws the account. */
export async function playScene({ shop, random, env = {}, disturb }: Play): Promise<Outcome> {
  const servings = [startServing(shop, 0, env), startServing(shop, 1, env)] as const;
  const traffic = startTraffic(shop, random.fork("traffic"));
  const keeper = keepAlive(servings);
  try {
    const { times, notes, faults: met } = await disturb({ shop, servings, traffic, random: random.fork("disturb") });
    await traffic.stopSending();
    await settle(shop);
    await traffic.stop();
    keeper.stop();
    const faults = [...met];
    const ends = await Promise.all(servings.map((one) => one.end()));
    for (const { code, err } of ends) if (code !== 0) faults.push(`serve ended with ${code}: ${err.slice(-500)}`);
    const store = await shop.openStore();
    const contents = await readContents(store);
    await store.close();
    const account = drawAccount(shop, traffic.accepted, contents);
    const answers = [...traffic.answers].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status === 0 ? "no answer" : status}`).join(", ");
    return { times, account: { ...account, wrong: [...account.wrong, ...faults] }, notes: [...notes, `deliveries: ${answers}`, `ended by themselves and started again: ${keeper.revived()}`] };
  } finally {
    keeper.stop();
    await traffic.stop();
    for (const one of servings) one.abandon();
  }
}

/** As systemd does. */
function keepAlive(servings: readonly Serving[]): { stop(): void; revived(): number } {
  let revived = 0;
  const timer = setInterval(() => {
    for (const one of servings) if (one.revive()) revived += 1;
  }, REVIVE_MS);
  return { stop: () => clearInterval(timer), revived: () => revived };
}

/** Waits until nothing is under way; what still is when the time is over is found by the account. */
async function settle(shop: Shop): Promise<void> {
  const store = await shop.openStore();
  try {
    const until = performance.now() + SETTLE_MS;
    while (performance.now() < until && unsettled(await readContents(store)).length > 0) await wait(LOOK_MS);
  } finally {
    await store.close();
  }
}
