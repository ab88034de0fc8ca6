import { expect, test } from "vitest";
import { cutValue } from "./cut-value.ts";

test("of a list the first item is shown whole, two more by what lies on top, and how many there are", () => {
  const item = (id: number) => ({ id, user: { name: "a", groups: ["x", "y", "z", "w"] }, tags: ["a", "b"], none: [], nothing: null });
  const more = { user: "{…}", tags: "[… 2]", none: [], nothing: null };
  expect(cutValue({ items: [1, 2, 3, 4, 5].map(item), total: 5 })).toEqual({ items: [{ ...item(1), user: { name: "a", groups: ["x", "y", "z", "… 1 more"] } }, { id: 2, ...more }, { id: 3, ...more }, "… 2 more"], total: 5 });
  expect([cutValue([]), cutValue(null), cutValue([[1, 2], [3]])]).toEqual([[], null, [[1, 2], [3]]]);
});

test("a long text is shown by its beginning, with how long it is", () => {
  const text = "x".repeat(28_000);
  expect(cutValue({ text, size: 1 })).toEqual({ text: `${"x".repeat(240)}… (240 of 28000 characters)`, size: 1 });
  expect(cutValue([{ a: text }])).toEqual([{ a: `${"x".repeat(240)}… (240 of 28000 characters)` }]);
  expect(cutValue({ text: "x".repeat(240), size: 1 })).toEqual({ text: "x".repeat(240), size: 1 });
});

test("of a text that is all of a result more is shown", () => {
  const shown = `${"x".repeat(2_000)}… (2000 of 28000 characters)`;
  expect([cutValue("x".repeat(28_000)), cutValue({ content: "x".repeat(28_000) })]).toEqual([shown, { content: shown }]);
});
