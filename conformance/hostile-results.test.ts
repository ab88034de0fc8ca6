import { type Data, encodeValue } from "offstage/base";
import { describe, expect, test } from "vitest";
import type { ConformanceCase } from "./case.ts";
import { playEmbedded } from "./embedded-stage.ts";
import { HOSTILE_VALUES, type HostileValue, nested } from "./hostile-values.ts";
import type { World } from "./world/world.ts";

const HARMLESS = { id: "plain", title: "plain" };

function hold(world: World, { value }: HostileValue): void {
  world.items = [{ id: "hostile", title: "hostile", text: value as string }, HARMLESS];
}

/** Through call, engine, journal, ledger and output: exact where it can be, refused where it cannot, and nobody else suffers. */
function passesThrough(one: HostileValue): ConformanceCase {
  return {
    id: "hostile", rules: [], promise: one.name, workflow: "hostile.ts",
    async play(stage) {
      const { world } = stage;
      hold(world, one);
      const plan = await stage.plan();
      expect(world.messages).toEqual([]);
      const applied = await stage.apply(plan);
      check(one, world, applied.output);
      const again = await stage.run();
      check(one, world, again.output);
      expect(applied.status).toBe(one.refusal === null ? "succeeded" : "partial");
      expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
    },
  };
}

/** Killed at every point and run again: what the journal kept is what the server said. */
function survivesKills(one: HostileValue): ConformanceCase {
  return {
    id: "hostile-killed", rules: [], promise: one.name, workflow: "hostile.ts",
    async play(stage) {
      const { world } = stage;
      hold(world, one);
      // Up to the first write: what dies with a write in flight is another case's affair.
      for (let point = 2; world.messages.length === 0 && point < 100; point += 4) {
        if ((await stage.runAndDie(point)) === "ended") break;
      }
      const run = await stage.run();
      if (run.status !== "needs-attention") check(one, world, run.output);
    },
  };
}

/** More than a value may be: an end with a code, before and after a kill, and no write of the item. */
function isTooMuch(value: Data, code: string): ConformanceCase {
  return {
    id: "too-much", rules: [], promise: code, workflow: "hostile.ts",
    async play(stage) {
      const { world } = stage;
      hold(world, { name: code, value, refusal: null });
      await stage.runAndDie(5);
      const run = await stage.run();
      expect(run.status).toBe("failed");
      expect(run.error?.code).toBe(code);
      expect(world.messages).toEqual([]);
    },
  };
}

function check(one: HostileValue, world: World, output: unknown): void {
  const [hostile, plain] = output as readonly unknown[];
  expect(plain).toStrictEqual({ id: "plain" });
  const sent = world.calls.filter(({ tool }) => tool === "send").map(({ args }) => args);
  expect(sent.filter(({ text }) => text === "plain")).toHaveLength(1);
  const own = sent.filter(({ text }) => text !== "plain");
  if (one.refusal === null) {
    // As texts: an equality of objects looks at `constructor` and `length` itself.
    expect(encodeValue(hostile)).toBe(encodeValue({ id: "hostile", payload: one.value }));
    expect(encodeValue(own)).toBe(encodeValue([{ text: "hostile", payload: one.value }]));
  } else {
    expect(hostile).toBeNull();
    expect(own).toEqual([]);
  }
}

describe("hostile results are exact and safe", () => {
  test.each(HOSTILE_VALUES)("$name: planned, applied, run again", (one) => playEmbedded(passesThrough(one)));
  test.each([
    ["depth 300", nested(300, 1), "LIMIT_DEPTH"], ["depth 10,000", nested(10_000, 1), "LIMIT_DEPTH"], ["11 MiB of text", "x".repeat(11 * 1024 * 1024), "LIMIT_SIZE"],
  ] as const)("%s is refused with its code", (_, value, code) => playEmbedded(isTooMuch(value, code)));
  test.each(HOSTILE_VALUES.filter(({ name }) => !/MiB|10,000/.test(name)))("$name: killed and gone on with", (one) => playEmbedded(survivesKills(one)));
});
