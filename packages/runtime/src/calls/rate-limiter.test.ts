import fc from "fast-check";
import { expect, test } from "vitest";
import type { Clock } from "../base/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createOwnLanes } from "./lanes.ts";
import { createRateLimiter, type RateLimit } from "./rate-limiter.ts";
import type { Turn, TurnOptions } from "./turn-queue.ts";

/** A limiter of one process, for calls under one limit. */
function limiterOn(clock: Clock): { turn(credential: string, limit: RateLimit, options?: TurnOptions): Promise<Turn> } {
  const limiter = createRateLimiter(clock, createOwnLanes(clock));
  return { turn: (credential, limit, options) => limiter.turn(credential, [{ name: "limit", ...limit }], options) };
}

function granted(turn: Turn): () => void {
  if (turn.kind !== "granted") throw new Error(`expected a turn, got ${turn.kind}`);
  return turn.release;
}

test("without a limit nobody waits", async () => {
  const limiter = limiterOn(createFakeClock());
  const turns = await Promise.all(Array.from({ length: 100 }, () => limiter.turn("s", {})));
  expect(turns.every((turn) => turn.kind === "granted")).toBe(true);
});

test("so many begin at once and in no stretch of a second more than the rate allows, whatever calls come when", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 25 }), async (perSecond, gaps) => {
      const clock = createFakeClock();
      const limiter = limiterOn(clock);
      const starts: number[] = [];
      for (const gap of gaps) {
        await clock.advance(gap);
        void limiter.turn("s", { perSecond }).then((turn) => {
          starts.push(clock.now());
          granted(turn)();
        });
      }
      await clock.advance(60_000);
      expect(starts).toHaveLength(gaps.length);
      starts.forEach((start, index) => expect((starts[index + perSecond] ?? Number.POSITIVE_INFINITY) - start).toBeGreaterThanOrEqual(1_000));
    }),
    { numRuns: 50 },
  );
});

test("a rate below one spaces calls out", async () => {
  const clock = createFakeClock();
  const limiter = limiterOn(clock);
  granted(await limiter.turn("s", { perSecond: 0.5 }))();
  let second: Turn | undefined;
  void limiter.turn("s", { perSecond: 0.5 }).then((turn) => (second = turn));
  await clock.advance(1_999);
  expect(second).toBeUndefined();
  await clock.advance(1);
  expect(second?.kind).toBe("granted");
});

test("no more than `concurrent` are under way, in the order they came", async () => {
  const clock = createFakeClock();
  const limiter = limiterOn(clock);
  const limit: RateLimit = { concurrent: 2 };
  const order: number[] = [];
  const turns = Array.from({ length: 5 }, (_, index) => limiter.turn("s", limit).then((turn) => (order.push(index), granted(turn))));
  await clock.advance(0);
  expect(order).toEqual([0, 1]);
  (await turns[1])?.();
  (await turns[1])?.();
  await clock.advance(0);
  expect(order).toEqual([0, 1, 2]);
  (await turns[0])?.();
  (await turns[2])?.();
  await clock.advance(0);
  expect(order).toEqual([0, 1, 2, 3, 4]);
});

test("a call that its server asks to wait frees its slot: who waits for that begins when the pause is over", async () => {
  const clock = createFakeClock();
  const limiter = limiterOn(clock);
  const first = await limiter.turn("s", { concurrent: 1 });
  let second: Turn | undefined;
  void limiter.turn("s", { concurrent: 1 }).then((turn) => (second = turn));
  await clock.advance(1);
  if (first.kind === "granted") first.release(5_000);
  await clock.advance(4_999);
  expect(second).toBeUndefined();
  await clock.advance(1);
  expect(second?.kind).toBe("granted");
});

test("another server has a queue of its own", async () => {
  const limiter = limiterOn(createFakeClock());
  await limiter.turn("one", { concurrent: 1 });
  expect((await limiter.turn("two", { concurrent: 1 })).kind).toBe("granted");
});

test("a deadline that passes in the queue ends the wait, and the next one moves up", async () => {
  const clock = createFakeClock();
  const limiter = limiterOn(clock);
  const limit: RateLimit = { concurrent: 1 };
  const release = granted(await limiter.turn("s", limit));
  const late = limiter.turn("s", limit, { deadlineAt: clock.now() + 100 });
  const patient = limiter.turn("s", limit);
  await clock.advance(100);
  expect(await late).toEqual({ kind: "deadline" });
  release();
  expect((await patient).kind).toBe("granted");
  expect(clock.sleepers).toBe(0);
});

test("a cancelled call leaves the queue", async () => {
  const limiter = limiterOn(createFakeClock());
  const limit: RateLimit = { concurrent: 1 };
  const release = granted(await limiter.turn("s", limit));
  const caller = new AbortController();
  const waiting = limiter.turn("s", limit, { signal: caller.signal });
  caller.abort();
  expect(await waiting).toEqual({ kind: "aborted" });
  expect(await limiter.turn("s", limit, { signal: caller.signal })).toEqual({ kind: "aborted" });
  release();
  expect((await limiter.turn("s", limit)).kind).toBe("granted");
});
