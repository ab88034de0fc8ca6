import { afterEach, beforeEach, expect, test } from "vitest";
import { OffstageError } from "../base/index.ts";
import { askLane, type Lane, type LaneAnswer } from "../calls/index.ts";
import type { Store } from "../state/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { createStoreLanes, type StoreLanes } from "./store-lanes.ts";

const SLOT = [{ name: "slot", concurrent: 1, perSecond: 3 }];

let store: Store;
let broken: OffstageError | null;
const told: (string | null)[] = [];
beforeEach(() => {
  told.length = 0;
  broken = null;
  const kept = createMemoryStore();
  store = { ...kept, transact: (how, body) => (broken === null ? kept.transact(how, body) : Promise.reject(broken)) };
});
afterEach(() => store.close());

const clock = createFakeClock(Date.now());

function lanesOf(pid: number, host = "here"): StoreLanes {
  const me = { host, boot: "boot", pid, started: "1" };
  return createStoreLanes({ store, me, alive: () => true, clock, random: (count) => new Uint8Array(count).fill(pid), onTrouble: (why) => told.push(why?.code ?? null) });
}

/** What the one queue of each process in these tests is called. */
const names = new Map<StoreLanes, string>();

function nameOf(lanes: StoreLanes): string {
  const name = names.get(lanes) ?? lanes.newId();
  names.set(lanes, name);
  return name;
}

/** Asks for a turn, or says that none is held any more. */
async function ask(lanes: StoreLanes, held = 0, wants: "turn" | "nothing" = "turn", looks = false): Promise<LaneAnswer["kind"]> {
  const { answer } = await lanes.change("token", (lane, now) => askLane(lane, { id: nameOf(lanes), process: lanes.me, limits: SLOT, alive: lanes.alive }, { held, wants }, now), { looks });
  return answer.kind;
}

async function kept(): Promise<Lane> {
  return (await store.transact({ durable: false, reads: true }, (tx) => tx.getLane("token"))).lane as unknown as Lane;
}

test("one slot of a store is one slot for all who open it, and who looks for it writes only what is news", async () => {
  const [one, other] = [lanesOf(1), lanesOf(2)];
  expect([await ask(one), await ask(other), await ask(other, 0, "turn", true)]).toEqual(["start", "busy", "busy"]);
  const before = await kept();
  await ask(other, 0, "turn", true);
  expect(await kept()).toEqual(before);
  await ask(one, 0, "nothing");
  expect(await ask(other, 0, "turn", true)).toBe("start");
  expect((await kept()).uses.map(({ process }) => process.pid)).toEqual([2]);
});

test("who closes holds nothing any more, and keeps what others hold", async () => {
  const [one, other] = [lanesOf(1, "away"), lanesOf(2)];
  await ask(one);
  await ask(other);
  await one.close();
  expect((await kept()).uses.map(({ process }) => process.pid)).toEqual([2]);
  expect(await ask(other)).toBe("start");
  await other.close();
  expect((await kept()).uses).toEqual([]);
});

test("a store that cannot be asked lets no call pass as it likes, and ends none: the process goes on from what it saw, says so once, and comes back", async () => {
  const one = lanesOf(1);
  await ask(one);
  await ask(one, 0, "nothing");
  broken = new OffstageError("STORE_LOCKED", "it is locked");
  const answers: LaneAnswer[] = [];
  for (let call = 0; call < 3; call++) {
    const { answer } = await one.change("token", (lane, now) => askLane(lane, { id: nameOf(one), process: one.me, limits: [{ name: "slot", perSecond: 3 }], alive: one.alive }, { held: 0, wants: "turn" }, now));
    answers.push(answer);
  }
  // One had begun before: the fourth within a second waits.
  expect(answers.map((answer) => answer.kind === "start" && answer.inMs > 0)).toEqual([false, false, true]);
  expect(told).toEqual(["STORE_LOCKED"]);
  broken = null;
  await ask(one, 0, "nothing");
  expect(told).toEqual(["STORE_LOCKED"]);
  await clock.advance(5_000);
  await ask(one, 0, "nothing");
  expect(told).toEqual(["STORE_LOCKED", null]);
});
