import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askLane, type AskedLane, type Lane, type LaneAsker, type LaneAsking, type LaneLimit, type LaneProcess } from "./lane.ts";

const HOUR_MS = 3_600_000;

function processOf(pid: number, host = "here", started: string | null = String(pid)): LaneProcess {
  return { host, boot: "boot", pid, started };
}

/** A lane, a clock, and processes that ask. */
function world() {
  let lane: Lane | null = null;
  const dead = new Set<number>();
  const held = new Map<number, number>();
  const at = { now: 1_000_000 };
  const ask = (who: number, limits: readonly LaneLimit[], asking: Partial<LaneAsking> = {}, process = processOf(who)): AskedLane["answer"] => {
    const asker: LaneAsker = { id: `queue-${who}`, process, limits, alive: ({ pid }) => !dead.has(pid) };
    // As a store keeps it.
    const asked = askLane(JSON.parse(JSON.stringify(lane)) as Lane | null, asker, { held: held.get(who) ?? 0, wants: "turn", ...asking }, at.now);
    if (asked.isNews) lane = asked.lane;
    if (asked.answer.kind === "start") held.set(who, (held.get(who) ?? 0) + 1);
    return asked.answer;
  };
  const free = (who: number, limits: readonly LaneLimit[]): void => {
    held.set(who, (held.get(who) ?? 0) - 1);
    ask(who, limits, { wants: "nothing" });
  };
  return { at, dead, held, ask, free, lane: () => lane };
}

function startOf(answer: AskedLane["answer"]): number {
  if (answer.kind !== "start") throw new Error(`expected a start, got ${answer.kind}`);
  return answer.at;
}

const perSecond = (rate: number, name = "rate"): readonly LaneLimit[] => [{ name, perSecond: rate }];
const concurrent = (count: number): readonly LaneLimit[] => [{ name: "slots", concurrent: count }];

describe("starts", () => {
  test("in no stretch of a second more than the rate begin, whoever asks when, and whoever needs his not any more", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 60, max: 300 })), fc.array(fc.record({ who: fc.integer({ min: 1, max: 3 }), gap: fc.integer({ min: 0, max: 400 }), back: fc.boolean() }), { maxLength: 120 }), (rate, asked) => {
        const { at, ask } = world();
        const starts: number[] = [];
        for (const { who, gap, back } of asked) {
          at.now += gap;
          const start = startOf(ask(who, perSecond(rate)));
          if (back && start > at.now) ask(who, perSecond(rate), { wants: "nothing", moved: { from: start, to: null } });
          else starts.push(start);
        }
        starts.sort((a, b) => a - b);
        starts.forEach((start, index) => expect((starts[index + rate] ?? Infinity) - start).toBeGreaterThanOrEqual(1_000));
      }),
      { numRuns: 200 },
    );
  });

  test("no time is lost either: n calls take no longer than the rate makes them", () => {
    const { ask } = world();
    const starts = Array.from({ length: 100 }, (_, index) => startOf(ask(index % 3, perSecond(10))));
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBe(9_000);
  });

  test("those who ask are served in the order in which they ask", () => {
    const { ask } = world();
    const starts = [1, 2, 1, 3, 2, 1].map((who) => startOf(ask(who, perSecond(1))));
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  test("a clock that jumps back stalls nobody for as long, and gives nobody more", () => {
    const { at, ask } = world();
    for (let call = 0; call < 4; call++) ask(1, perSecond(2));
    at.now -= HOUR_MS;
    const answer = ask(2, perSecond(2));
    expect(answer).toMatchObject({ kind: "start", inMs: 2_000 });
  });

  test("a clock that jumps forward lets no more begin at once than the rate does", () => {
    const { at, ask } = world();
    for (let call = 0; call < 3; call++) ask(1, perSecond(3));
    at.now += HOUR_MS;
    const answers = Array.from({ length: 6 }, () => ask(2, perSecond(3)));
    expect(answers.filter((answer) => answer.kind === "start" && answer.inMs === 0)).toHaveLength(3);
  });

  test("a start that came about late counts from then, but never from what has not been yet", () => {
    const { at, ask } = world();
    const first = startOf(ask(1, perSecond(1)));
    at.now += 700;
    expect(startOf(ask(1, perSecond(1), { moved: { from: first, to: first + 600 } }))).toBe(first + 1_600);
    const { at: other, ask: askOther } = world();
    const begun = startOf(askOther(1, perSecond(1)));
    other.now += 10;
    expect(startOf(askOther(1, perSecond(1), { moved: { from: begun, to: begun + HOUR_MS } }))).toBe(other.now + 1_000);
  });

  test("two limits both hold, and a slow one keeps nobody waiting who is not under it", () => {
    const { ask } = world();
    const wide = { name: "all", perSecond: 5 };
    const slow: readonly LaneLimit[] = [{ name: "search", perSecond: 0.01 }, wide];
    const [first, second] = [startOf(ask(1, slow)), startOf(ask(1, slow))];
    expect(second - first).toBe(100_000);
    const others = Array.from({ length: 5 }, () => startOf(ask(2, [wide])));
    expect(others.map((start) => start - first)).toEqual([0, 0, 0, 0, 1_000]);
  });

  test("after a server asked for a pause nobody begins before, and none is longer than a minute", () => {
    const { at, ask } = world();
    ask(1, [], { wants: "nothing", holdBackMs: 4_000 });
    expect(ask(2, perSecond(5))).toMatchObject({ inMs: 4_000 });
    ask(1, [], { wants: "nothing", holdBackMs: 100 });
    expect(ask(3, [])).toMatchObject({ inMs: 4_000 });
    at.now += 1_000;
    ask(1, [], { wants: "nothing", holdBackMs: 24 * HOUR_MS });
    expect(ask(3, [])).toMatchObject({ inMs: 60_000 });
  });
});

describe("slots", () => {
  test("no more are held than there are, and whoever keeps asking gets one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(fc.record({ who: fc.integer({ min: 1, max: 4 }), frees: fc.boolean(), gap: fc.integer({ min: 0, max: 100 }) }), { maxLength: 80 }), (count, steps) => {
        const { at, ask, free, held } = world();
        const all = (): number => [...held.values()].reduce((sum, one) => sum + one, 0);
        for (const { who, frees, gap } of steps) {
          at.now += gap;
          if (frees && (held.get(who) ?? 0) > 0) free(who, concurrent(count));
          else ask(who, concurrent(count));
          expect(all()).toBeLessThanOrEqual(count);
        }
        // From now on everybody asks, and frees what he got: each has his turn within as many rounds as there are processes.
        for (const who of held.keys()) while ((held.get(who) ?? 0) > 0) free(who, concurrent(count));
        const served = new Set<number>();
        for (let round = 0; round < 4; round++) {
          for (const who of [1, 2, 3, 4]) {
            at.now += 10;
            if (ask(who, concurrent(count)).kind !== "start") continue;
            served.add(who);
            free(who, concurrent(count));
          }
        }
        expect(served.size).toBe(4);
      }),
      { numRuns: 200 },
    );
  });

  test("who has waited longer comes first, however often another one asks", () => {
    const { at, ask, free } = world();
    ask(1, concurrent(1));
    at.now += 10;
    expect(ask(2, concurrent(1)).kind).toBe("busy");
    free(1, concurrent(1));
    expect(ask(1, concurrent(1)).kind).toBe("busy");
    expect(ask(2, concurrent(1)).kind).toBe("start");
  });

  test("who waits and does not ask any more keeps nobody waiting for long, and one that left not at all", () => {
    const { at, ask, free } = world();
    ask(1, concurrent(1));
    ask(2, concurrent(1));
    free(1, concurrent(1));
    ask(1, concurrent(1));
    at.now += 2_000;
    expect(ask(1, concurrent(1)).kind).toBe("start");
    ask(3, concurrent(1));
    ask(3, concurrent(1), { wants: "nothing" });
    free(1, concurrent(1));
    expect(ask(4, concurrent(1)).kind).toBe("start");
  });

  test("those of a process of this machine that was killed are free at once", () => {
    const { ask, dead } = world();
    for (let call = 0; call < 3; call++) ask(1, concurrent(3));
    expect(ask(2, concurrent(3)).kind).toBe("busy");
    dead.add(1);
    expect(ask(2, concurrent(3)).kind).toBe("start");
  });

  test("those of another machine are free when it has not been heard of for a while, and not while it is", () => {
    const { at, ask } = world();
    const away = processOf(1, "away");
    ask(1, concurrent(1), {}, away);
    for (let renewal = 0; renewal < 10; renewal++) {
      at.now += 5_000;
      ask(1, concurrent(1), { wants: "nothing" }, away);
    }
    at.now += 14_999;
    expect(ask(2, concurrent(1)).kind).toBe("busy");
    at.now += 1;
    expect(ask(2, concurrent(1)).kind).toBe("start");
  });

  test("a clock that jumps forward frees nothing of a process that lives on this machine; a pid that says nothing does not count as living", () => {
    const { at, ask } = world();
    ask(1, concurrent(2));
    ask(2, concurrent(2), {}, processOf(2, "here", null));
    at.now += HOUR_MS;
    expect([ask(3, concurrent(2)).kind, ask(3, concurrent(2)).kind]).toEqual(["start", "busy"]);
  });

  test("what is told without wanting a turn keeps the place in line", () => {
    const { at, ask, free } = world();
    ask(1, concurrent(1));
    ask(2, concurrent(1));
    at.now += 100;
    ask(3, concurrent(1));
    ask(2, concurrent(1), { wants: "place" });
    free(1, concurrent(1));
    expect(ask(3, concurrent(1)).kind).toBe("busy");
    expect(ask(2, concurrent(1)).kind).toBe("start");
  });
});
