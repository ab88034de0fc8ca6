import { expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { HOLDER_EXPIRES_MS, type Lane, type LaneLimit, type LaneProcess } from "./lane.ts";
import type { Lanes } from "./lanes.ts";
import { createRateLimiter, type RateLimiter } from "./rate-limiter.ts";
import type { Turn } from "./turn-queue.ts";

/** Processes that share lanes, on one clock; those that were killed say nothing any more, and are known to be gone only where `host` is the same. */
function sharing(clock: FakeClock) {
  const lanes = new Map<string, Lane>();
  const killed = new Set<number>();
  let asked = 0;
  let queues = 0;
  const start = (pid: number, host = "here"): RateLimiter => {
    const me: LaneProcess = { host, boot: "boot", pid, started: String(pid) };
    const kept: Lanes = {
      me, newId: () => `p${pid} ${(queues += 1)}`,
      alive: (process) => !killed.has(process.pid),
      shared: { pauseMs: () => 30, lingerMs: 10, renewMs: 5_000 },
      async change(credential, decide) {
        asked += 1;
        await clock.sleep(1);
        if (killed.has(pid)) return new Promise(() => undefined);
        const made = decide(lanes.get(credential) ?? null, clock.now());
        if (made.isNews) lanes.set(credential, JSON.parse(JSON.stringify(made.lane)) as Lane);
        return made;
      },
    };
    return createRateLimiter(clock, kept);
  };
  return { start, kill: (pid: number) => killed.add(pid), lanes, asked: () => asked };
}

const RATE: readonly LaneLimit[] = [{ name: "rate", perSecond: 4 }];
const SLOTS: readonly LaneLimit[] = [{ name: "slots", concurrent: 2 }];

function released(turn: Turn): Turn {
  if (turn.kind === "granted") turn.release();
  return turn;
}

test("processes with one credential keep a rate together, share it alike, and one with another credential has its own", async () => {
  const clock = createFakeClock();
  const { start } = sharing(clock);
  const starts: { readonly who: string; readonly at: number }[] = [];
  const use = (limiter: RateLimiter, who: string, credential: string): void => {
    for (let call = 0; call < 40; call++) void limiter.turn(credential, RATE).then((turn) => (starts.push({ who, at: clock.now() }), released(turn)));
  };
  use(start(1), "one", "token");
  use(start(2), "other", "token");
  use(start(3), "third", "another");
  await clock.advance(10_500);
  const together = starts.filter(({ who }) => who !== "third");
  together.forEach(({ at }, index) => expect((together[index + 4]?.at ?? Infinity) - at).toBeGreaterThanOrEqual(1_000));
  expect([together.length, starts.filter(({ who }) => who === "third").length]).toEqual([44, 40]);
  expect(Math.abs(together.filter(({ who }) => who === "one").length - 22)).toBeLessThanOrEqual(2);
});

test("they share slots, and one that keeps them busy does not keep the other from its turn", async () => {
  const clock = createFakeClock();
  const { start } = sharing(clock);
  const [busy, other] = [start(1), start(2)];
  let under = 0;
  let most = 0;
  const call = async (limiter: RateLimiter): Promise<void> => {
    const turn = await limiter.turn("token", SLOTS);
    most = Math.max(most, ++under);
    await clock.sleep(50);
    under -= 1;
    released(turn);
  };
  for (let count = 0; count < 200; count++) void call(busy);
  await clock.advance(1_000);
  let done = 0;
  for (let count = 0; count < 5; count++) void call(other).then(() => (done += 1));
  await clock.advance(1_000);
  expect([most, done]).toEqual([2, 5]);
});

test("a process that is killed with all slots in its hands keeps nobody on its machine waiting, and others until it expires", async () => {
  const clock = createFakeClock();
  const { start, kill } = sharing(clock);
  const holder = start(1);
  await Promise.all([clock.advance(10), holder.turn("token", SLOTS), holder.turn("token", SLOTS)]);
  kill(1);
  let here: Turn | undefined;
  void start(2).turn("token", SLOTS).then((turn) => (here = released(turn)));
  await clock.advance(100);
  expect(here?.kind).toBe("granted");
  const remote = start(3, "away");
  await Promise.all([clock.advance(10), remote.turn("token", SLOTS), remote.turn("token", SLOTS)]);
  kill(3);
  let later: Turn | undefined;
  void start(4).turn("token", SLOTS).then((turn) => (later = released(turn)));
  await clock.advance(HOLDER_EXPIRES_MS - 1_000);
  expect(later).toBeUndefined();
  await clock.advance(2_000);
  expect(later?.kind).toBe("granted");
});

test("a call that lasts longer than that keeps its slot, and nothing is left when it is over", async () => {
  const clock = createFakeClock();
  const { start, lanes } = sharing(clock);
  const one: readonly LaneLimit[] = [{ name: "slots", concurrent: 1 }];
  const long = start(1, "away").turn("token", one);
  await clock.advance(10);
  let next: Turn | undefined;
  void start(2).turn("token", one).then((turn) => (next = turn));
  await clock.advance(5 * HOLDER_EXPIRES_MS);
  expect(next).toBeUndefined();
  released(await long);
  await clock.advance(100);
  expect(next?.kind).toBe("granted");
  if (next !== undefined) released(next);
  await clock.advance(100);
  expect(lanes.get("token")?.uses).toEqual([]);
  expect(clock.sleepers).toBe(0);
});

test("who is cancelled while it waits leaves its place and the start that was kept for it", async () => {
  const clock = createFakeClock();
  const { start } = sharing(clock);
  const slow: readonly LaneLimit[] = [{ name: "slow", perSecond: 0.01 }];
  const [one, other] = [start(1), start(2)];
  const granted = one.turn("token", slow);
  await clock.advance(10);
  released(await granted);
  const caller = new AbortController();
  const waiting = one.turn("token", slow, { signal: caller.signal });
  await clock.advance(10);
  caller.abort();
  expect(await waiting).toEqual({ kind: "aborted" });
  await clock.advance(10);
  let turn: Turn | undefined;
  void other.turn("token", slow).then((given) => (turn = given));
  await clock.advance(99_990);
  expect(turn?.kind).toBe("granted");
});

test("a pause that a server asks one process for is kept by the others, and by calls that have no limit", async () => {
  const clock = createFakeClock();
  const { start, asked } = sharing(clock);
  const one = start(1);
  const turn = await one.turn("token", []);
  expect(asked()).toBe(0);
  if (turn.kind === "granted") turn.release(3_000);
  await clock.advance(10);
  const times: number[] = [];
  const since = clock.now();
  void start(2).turn("token", RATE).then(() => times.push(clock.now() - since));
  void one.turn("token", []).then(() => times.push(clock.now() - since));
  await clock.advance(2_900);
  expect(times).toEqual([]);
  await clock.advance(200);
  expect(times).toHaveLength(2);
  // It is over: nothing is asked any more.
  const before = asked();
  await one.turn("token", []);
  expect(asked()).toBe(before);
});

test("calls that follow each other at once ask once each", async () => {
  const clock = createFakeClock();
  const { start, asked } = sharing(clock);
  const one = start(1);
  for (let call = 0; call < 10; call++) {
    const turn = one.turn("token", SLOTS);
    await clock.advance(1);
    released(await turn);
  }
  expect(asked()).toBe(10);
});
