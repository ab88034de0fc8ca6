import { expect, test } from "vitest";
import { cutValue } from "./cut-value.ts";

test("of a list the first item is shown whole, two more by what lies on top, and how many there are", () => {
  const item = (id: number) => ({ id, user: { name: "a", groups: ["x", "y", "z", "w"] } });
  expect(cutValue({ items: [1, 2, 3, 4, 5].map(item), total: 5 })).toEqual({ items: [{ id: 1, user: { name: "a", groups: ["x", "y", "z", "… 1 more"] } }, { id: 2 }, { id: 3 }, "… 2 more"], total: 5 });
  expect([cutValue([]), cutValue(null), cutValue([[1, 2], [3]])]).toEqual([[], null, [[1, 2], [3]]]);
});

test("a long text is shown by its beginning", () => {
  expect(cutValue({ text: "x".repeat(1_000) })).toEqual({ text: `${"x".repeat(239)}…` });
});
