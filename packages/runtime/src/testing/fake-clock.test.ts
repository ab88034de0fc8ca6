import { describe, expect, test } from "vitest";
import { createFakeClock } from "./fake-clock.ts";

describe("createFakeClock", () => {
  test("wakes sleepers in order, each at its own instant, those that begin meanwhile too", async () => {
    const clock = createFakeClock(0);
    const woken: string[] = [];
    const nap = async (name: string, ...naps: number[]): Promise<void> => {
      for (const ms of naps) {
        await clock.sleep(ms);
        woken.push(`${name}@${clock.now()}`);
      }
    };
    const all = [nap("a", 30), nap("b", 10, 10), nap("c", 100)];
    await clock.advance(50);
    expect(woken).toEqual(["b@10", "b@20", "a@30"]);
    expect([clock.now(), clock.sleepers]).toEqual([50, 1]);
    await clock.advance(50);
    await Promise.all(all);
    expect(woken.at(-1)).toBe("c@100");
  });

  test("an aborted sleep ends at once", async () => {
    const clock = createFakeClock(5);
    const stop = new AbortController();
    const slept = clock.sleep(1_000, stop.signal);
    stop.abort();
    await slept;
    await clock.sleep(1_000, stop.signal);
    expect([clock.now(), clock.sleepers]).toEqual([5, 0]);
  });
});
