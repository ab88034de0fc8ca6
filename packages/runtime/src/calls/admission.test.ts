import { expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { admit } from "./admission.ts";

test("what is admitted is frozen all the way down", () => {
  const value = admit<Data>({ list: [{ a: 1 }] }, "s.t") as { list: [{ a: number }] };
  expect(() => (value.list[0].a = 2)).toThrow(TypeError);
});

test.each<[string, Data]>([
  ["a long text", "x".repeat(2_000)],
  ["many numbers", Array.from({ length: 500 }, (_, index) => index)],
  ["long names", { ["n".repeat(2_000)]: 1 }],
])("%s beyond the limit is refused", (_name, value) => {
  expect(() => admit(value, "s.t", 1_000)).toThrow(expect.objectContaining({ code: "LIMIT_SIZE", message: expect.stringContaining("s.t") as string }));
  expect(() => admit(value, "s.t", 10_000)).not.toThrow();
});

test("256 levels are admitted, 257 are not", () => {
  const nested = (levels: number): Data => (levels === 0 ? 1 : [nested(levels - 1)]);
  expect(() => admit(nested(256), "s.t")).not.toThrow();
  expect(() => admit(nested(257), "s.t")).toThrow(expect.objectContaining({ code: "LIMIT_DEPTH" }));
});
