import { expect, test } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createReadCache } from "./read-cache.ts";

const result = (ttlMs?: number) => ({ contents: [{ uri: "x://a", text: "A" }], id: new UnsafeInteger("9007199254740993"), ...(ttlMs === undefined ? {} : { ttlMs }) });

test("a resource is kept, as it came, for as long as its server said, at most a day", async () => {
  const clock = createFakeClock();
  const cache = createReadCache(clock);
  const [a, long] = [result(1_000), result(1e12)];
  cache.put("x://a", a, cache.ask());
  cache.put("x://long", long, cache.ask());
  await clock.advance(999);
  expect(cache.get("x://a")).toBe(a);
  await clock.advance(1);
  expect(cache.get("x://a")).toBeUndefined();
  await clock.advance(86_400_000);
  expect(cache.get("x://long")).toBeUndefined();
});

test("nothing is kept that its server does not say holds, or that is very large", () => {
  const cache = createReadCache(createFakeClock());
  for (const [uri, one] of [["x://none", result()], ["x://0", result(0)], ["x://list", []], ["x://null", null], ["x://large", { ...result(1_000), text: "x".repeat(1_100_000) }]] as const) {
    cache.put(uri, one, cache.ask());
    expect(cache.get(uri)).toBeUndefined();
  }
});

test("what changed while it was read is not kept", () => {
  const cache = createReadCache(createFakeClock());
  const ticket = cache.ask();
  cache.forget("x://a");
  cache.put("x://a", result(1_000), ticket);
  expect(cache.get("x://a")).toBeUndefined();
});

test("only the newest are kept", () => {
  const cache = createReadCache(createFakeClock());
  for (let n = 0; n < 70; n++) cache.put(`x://${n}`, result(1_000), cache.ask());
  expect([cache.get("x://5"), cache.get("x://69")]).toEqual([undefined, result(1_000)]);
});
