import { expect, test } from "vitest";
import { mapPath, parseDataPath } from "./data-path.ts";

test.each(["", "a..b", "a.", "**", "a.**", ".a"])("%j is no path", (text) => {
  expect(parseDataPath(text)).toBeNull();
});

test.each(["a", "[]", "[][].a", "a[].b", "**.a", "a.**.b", "items[][]"])("%j is a path", (text) => {
  expect(parseDataPath(text)).not.toBeNull();
});

test("what lies at a path is changed, and nothing else", () => {
  const data = { items: [{ id: 1, deep: { id: 2 } }, { other: 3 }, 4], id: 5 };
  const at = (text: string) => mapPath(data, parseDataPath(text) ?? [], () => "x");
  expect(at("items[].id")).toEqual({ ...data, items: [{ id: "x", deep: { id: 2 } }, { other: 3 }, 4] });
  expect(at("**.id")).toEqual({ items: [{ id: "x", deep: { id: "x" } }, { other: 3 }, 4], id: "x" });
  expect(at("id.deep")).toEqual(data);
});
