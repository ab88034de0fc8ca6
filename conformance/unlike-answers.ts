import type { Data } from "offstage/base";
import { expect } from "vitest";
import type { ConformanceCase } from "./case.ts";
import { small } from "./small-workflow.ts";
import type { Item, World } from "./world/world.ts";

/** Titles that are no texts, by the ids of their items; one is missing. */
const TITLES: readonly { readonly [name: string]: Data }[] = [
  { id: "null", title: null }, { id: "missing" }, { id: "small", title: 1e-7 }, { id: "object", title: { a: 1 } }, { id: "true", title: true }, { id: "list", title: ["a"] }, { id: "text", title: "plain" },
];

function answer(world: World, items: readonly Data[]): void {
  world.items = items as unknown as Item[];
}

function sent(world: World): readonly unknown[] {
  return world.calls.filter(({ tool }) => tool === "send").map(({ args }) => args["text"]);
}

/** Each expression over `serial`, which types call a number, and `goods`, which they call a list of texts; "caught": a TYPE_ERROR. */
function answersOf(id: string, promise: string, serial: string, goods: Data, expected: Readonly<Record<string, unknown>>): ConformanceCase {
  const ways = Object.keys(expected).map((expression) => `if (how === ${JSON.stringify(expression)}) return ${expression};`);
  return {
    id, rules: ["7.7", "18.1"], promise,
    workflow: small(`
      const { serial, goods } = await shop.stock({});
      const use = (how: string): unknown => {
        ${ways.join("\n        ")}
        return null;
      };
      return await each(${JSON.stringify(Object.keys(expected))}, { key: (how) => how }, async (how) => {
        try { return use(how); } catch (error) { return (error as StepError).code === "TYPE_ERROR" ? "caught" : "other"; }
      });`),
    async play({ world, run }) {
      world.shop.serial = serial;
      world.shop.goods = goods as readonly string[];
      const { output } = await run();
      expect(Object.fromEntries(Object.keys(expected).map((expression, index) => [expression, (output as readonly unknown[])[index]]))).toEqual(expected);
    },
  };
}

/**
 * Answers of another kind than was learnt: what runs looks at the value, whatever its type says (7.7). Code that Node executes converts
 * (20.6), so these are for hosts that interpret, and for Python.
 */
export const UNLIKE_CASES: readonly ConformanceCase[] = [
  {
    id: "unlike-text", rules: ["7.7", "18.1"], promise: "A template takes texts, numbers and booleans as JavaScript spells them, and refuses all else, one item after the other",
    workflow: small("const items = await repo.list_items({}); await each(items, { key: (item) => item.id, onError: \"continue\" }, async (item) => { await once(`tell:${item.id}`, () => chat.send({ text: `About: ${item.title}` })); });"),
    async play({ world, run }) {
      answer(world, TITLES);
      const { failures } = await run();
      expect(sent(world)).toEqual(["About: 1e-7", "About: true", "About: plain"]);
      expect(failures.map(({ error }) => error.code)).toEqual(["TYPE_ERROR", "TYPE_ERROR", "TYPE_ERROR", "TYPE_ERROR"]);
    },
  },
  {
    id: "unlike-alone", rules: ["7.7", "18.1"], promise: "A template that is one value alone is its text, and never the value",
    workflow: small("const items = await repo.list_items({}); await each(items, { key: (item) => item.id, onError: \"continue\" }, async (item) => { await once(`tell:${item.id}`, () => chat.send({ text: `${item.title}` })); });"),
    async play({ world, run }) {
      answer(world, TITLES);
      const { failures } = await run();
      expect(sent(world)).toEqual(["1e-7", "true", "plain"]);
      expect(failures).toHaveLength(4);
    },
  },
  {
    id: "unlike-identity", rules: ["7.7", "18.1"], promise: "What is no text, number or boolean is no part of a lasting identity",
    workflow: small("const items = await repo.list_items({}); await each(items, { key: (item) => item.id, onError: \"continue\" }, async (item) => { await once(`k:${item.title}`, () => chat.send({ text: item.id })); });"),
    async play({ world, run }) {
      answer(world, [...TITLES, { id: "null-2", title: null }]);
      const { failures } = await run();
      expect(sent(world)).toEqual(["small", "true", "text"]);
      expect(failures.map(({ error }) => error.code)).toEqual(["TYPE_ERROR", "TYPE_ERROR", "TYPE_ERROR", "TYPE_ERROR", "TYPE_ERROR"]);
    },
  },
  {
    id: "unlike-item", rules: ["7.7", "18.1"], promise: "A text where an object was has no members, and neither has a list",
    workflow: small("const items = await repo.list_items({}); return items.map((item) => [item.title === \"a\", item.title === undefined]);"),
    async play({ world, run }) {
      answer(world, ["a text", 7, ["list"], { id: "an object", title: "a" }]);
      expect((await run()).output).toEqual([[false, true], [false, true], [false, true], [true, false]]);
    },
  },
  answersOf("unlike-boolean", "A boolean is no number: it equals none, is below none, and nothing is reckoned with it", "true", ["apple", true], {
    "serial === 1": false, "serial !== 1": true, "[serial].some((one) => one === 1)": false, "[1].includes(serial)": false, "serial === goods.length - 1": false, "new Map([[1, \"a\"]]).has(serial)": false,
    "serial > 0": "caught", "serial < 2": "caught", "serial + 1": "caught", "serial - 1": "caught", "-serial": "caught", "[serial, 1].toSorted((a, b) => a - b)": "caught", "Math.max(serial, 2)": "caught", "`${serial}`": "true",
    "goods[1] === \"true\"": false, "goods.join()": "apple,true", "goods.map((one) => one.toUpperCase())": "caught", "goods.some((one) => one.startsWith(\"t\"))": "caught",
  }),
  answersOf("unlike-zero", "A number decides nothing by itself, and no empty list is false", "0", 0, {
    "goods ? 1 : 2": "caught", "!goods": "caught", "serial === 0": true, "goods.length === 0": false, "[...goods]": "caught", "goods.map((one) => one)": "caught", "goods.includes(\"a\")": "caught",
  }),
  answersOf("unlike-list", "A list where texts were is compared by itself, is true when it is empty, and is no text", "[]", [["a"], []], {
    "goods[0] === goods[1]": false, "goods[0] === goods[0]": true, "goods[1] ? 1 : 2": 1, "(goods[0] ?? \"\") + \"b\"": "caught", "`${goods[0] ?? \"\"}`": "caught", "\"abc\".startsWith(goods[0]!)": "caught", "serial === 0": false, "(goods[0] ?? \"\").length": 1, "/a/.test(goods[0]!)": "caught",
  }),
  answersOf("unlike-object", "An object where a list was is not gone through, and has the length that it says", "\"7\"", { length: 2, a: 1 }, {
    "goods.length": 2, "goods.length > 1": true, "goods.map((one) => one)": "caught", "goods.filter((one) => one === \"a\")": "caught", "[...goods]": "caught", "goods[0]": "caught", "[\"a\"][serial - 7]": "caught", "serial === 7": false, "serial + 1": "caught", "-serial": "caught", "- -serial": "caught", "+serial": "caught", "1 - -serial": "caught", "[-serial, 1][1]": "caught", "serial + serial": "77",
  }),
  answersOf("unlike-index", "A place in a list is a number, and nothing else has places", "true", ["a", "b"], {
    "goods[serial]": "caught", "goods[1]": "b", "goods[-1]": null, "goods[0.5]": null, "(goods)[ /* [ */ 0]": "a", "goods[goods[0] === \"a\" ? 1 : 0]": "b",
  }),
  answersOf("unlike-letters", "A text where a list was is no list, though its letters can be gone through", "1", "ab", {
    "goods[1]": "b", "goods[serial]": "b",    "[...goods]": ["a", "b"], "goods.map((one) => one)": "caught", "goods.length": 2, "goods.filter((one) => one === \"a\")": "caught", "goods.slice(1)": "b", "goods.includes(\"a\")": true, "goods.join()": "caught",
  }),
];
