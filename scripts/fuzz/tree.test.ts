import { expect, test } from "vitest";
import { differenceOf } from "./same-value.ts";
import { shrink, type Tree, textOf } from "./tree.ts";
import { UnsafeInteger } from "../../packages/runtime/src/base/index.ts";

test.each([
  [0, -0], [Number.NaN, undefined], [{ a: undefined }, {}], [{ a: 1, b: 2 }, { b: 2, a: 1 }], [new Map([["a", 1], ["b", 2]]), new Map([["b", 2], ["a", 1]])], [new Set([1, 2]), new Set([2, 1])], [[1], { 0: 1 }], [null, undefined],
  [new Map(), new Set()], [new Array(1), [undefined]], [{ ["__proto__"]: 1 }, {}], [new UnsafeInteger("9007199254740993"), 1], ["\ud800", "\udc00"],
])("%o is not %o", (ours, theirs) => {
  expect(differenceOf(ours, theirs)).not.toBeNull();
});

test("what is the same is found the same", () => {
  const made = (): unknown => ({ a: [Number.NaN, -0, undefined], m: new Map([["k", new Set(["x"])]]), ...JSON.parse('{"__proto__":1}') });
  expect(differenceOf(made(), made())).toBeNull();
  expect(differenceOf(new UnsafeInteger("9007199254740993"), 9007199254740992)).toBeNull();
});

test("a failure is made as small as single steps can", async () => {
  const leaf = (type: string, text: string): Tree => ({ type, parts: [text] });
  const sum = (a: Tree, b: Tree): Tree => ({ type: "num", parts: ["(", a, " + ", b, ")"] });
  const tree = sum(sum(leaf("num", "12"), leaf("num", "bad")), sum(leaf("num", "3"), sum(leaf("num", "4"), leaf("num", "5"))));
  const small = await shrink(tree, () => ["0"], async (candidate) => textOf(candidate).includes("bad"));
  expect(textOf(small)).toBe("bad");
});
