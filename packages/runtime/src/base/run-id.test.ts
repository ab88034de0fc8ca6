import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newRunId, timeOfRunId } from "./index.ts";

const bytes = fc.uint8Array({ minLength: 5, maxLength: 5 });
const instant = fc.nat({ max: 32 ** 9 - 1 });

describe("newRunId", () => {
  test("is short, lower-case and readable", () => {
    fc.assert(fc.property(instant, bytes, (now, random) => { expect(newRunId(now, () => random)).toMatch(/^[0-9a-hjkmnp-tv-z]{9}-[0-9a-hjkmnp-tv-z]{8}$/); }));
    expect(newRunId(1_793_610_000_000, () => new Uint8Array([0, 0, 0, 0, 1]))).toBe("1m6dqs9m0-00000001");
  });

  test("sorts by time, whatever the randomness", () => {
    fc.assert(fc.property(instant, instant, bytes, bytes, (a, b, x, y) => a === b || newRunId(a, () => x) < newRunId(b, () => y) === a < b));
    expect(newRunId(1, () => new Uint8Array(5).fill(255)) < newRunId(2, () => new Uint8Array(5))).toBe(true);
  });

  test("differs whenever the randomness differs", () => {
    fc.assert(fc.property(bytes, bytes, (x, y) => { expect(newRunId(1, () => x) === newRunId(1, () => y)).toBe(x.every((byte, index) => byte === y[index])); }));
  });

  test("tells when it was made; what is no id tells nothing", () => {
    fc.assert(fc.property(instant, bytes, (now, random) => { expect(timeOfRunId(newRunId(now, () => random))).toBe(now); }));
    for (const other of ["", "nothing", "1m6dqs9m0", "1m6dqs9m0-0000000l", "1m6dqs9m0-000000011"]) expect(timeOfRunId(other)).toBeNull();
  });

  test("refuses too little randomness", () => {
    expect(() => newRunId(1, () => new Uint8Array(4))).toThrow("5 random bytes");
  });
});
