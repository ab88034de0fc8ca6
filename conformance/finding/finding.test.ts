import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { createToolSearch, EMPTY_LOCK, lockServer, withServer } from "offstage/tools";
import { expect, test } from "vitest";
import { foundToolsText } from "../../apps/offstage/src/output/found-tools-text.ts";
import { toolText } from "../../apps/offstage/src/output/tool-text.ts";
import { realLists } from "../catalogues.ts";
import { HELD_OUT, type ToolRequest, TUNED } from "./requests.ts";

const lists = realLists();
const catalogues = lists.map(({ catalogue }) => catalogue);
const lock = lists.reduce((made, { catalogue, package: from }) => withServer(made, catalogue.server, lockServer(catalogue, from, () => [{ rule: null, effect: "write", from: "default" }])), EMPTY_LOCK);
const search = createToolSearch(catalogues);
const found = new Map([...TUNED, ...HELD_OUT].map(({ words }) => [words, search(words, 10)]));
const PLAIN = { paint: (_: string, text: string) => text };

/** Where the first right tool stands, from 1; null when it is not found. */
function placeOf({ words, right }: ToolRequest): number | null {
  const at = (found.get(words) ?? []).findIndex(({ server, tool }) => right.includes(`${server}.${tool}`));
  return at < 0 ? null : at + 1;
}

function missed(requests: readonly ToolRequest[]): readonly string[] {
  return requests.filter((request) => (placeOf(request) ?? Infinity) > 5).map(({ words }) => words);
}

test("the requests name tools that exist, and a third of them no word of the tool's name", () => {
  const all = [...TUNED, ...HELD_OUT];
  const names = catalogues.flatMap(({ server, tools }) => [...tools.keys()].map((tool) => `${server}.${tool}`));
  expect(all.flatMap(({ right }) => right).filter((name) => !names.includes(name))).toEqual([]);
  const foreign = TUNED.filter(({ words, right }) => right.every((name) => wordsOf(name.slice(name.indexOf(".") + 1)).every((word) => !wordsOf(words).includes(word))));
  expect(TUNED).toHaveLength(40);
  expect(foreign.length).toBeGreaterThanOrEqual(14);
});

/** Without plural, so that `tests` counts as the `test` of a name. */
function wordsOf(text: string): readonly string[] {
  return text.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().split(/[^\p{L}\p{N}]+/u).map((word) => word.replace(/s$/, ""));
}

test("for at least 36 of 40 requests the right tool is among the first five", () => {
  expect(missed(TUNED)).toEqual(["get all orders over 100 euros from the collection", "javascript errors on the page"]);
});

test("so it is for requests that the search was not tuned for", () => {
  expect(missed(HELD_OUT).length).toBeLessThanOrEqual(2);
});

test("what a model reads to find the right tool and to call it is under 2 % of all lists", () => {
  const all = encode(lists.map(({ text }) => text).join("\n")).length;
  expect(all).toBeGreaterThan(150_000);
  const costs = [...TUNED, ...HELD_OUT].map(({ words, right: [name = ""] }) => {
    const shown = (found.get(words) ?? []).map(({ server, definition }) => ({ server, definition, effect: "write", learnt: undefined, also: [] }));
    const server = name.slice(0, name.indexOf("."));
    const tool = name.slice(name.indexOf(".") + 1);
    const locked = lock.servers.get(server)?.tools.get(tool);
    return encode(`${foundToolsText(shown, PLAIN)}\n${locked === undefined ? "" : toolText({ server, tool, locked, learnt: [], types: [] })}`).length;
  });
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  // 683 and 1,580 of 153,302 tokens when this was written.
  expect(mean / all).toBeLessThan(0.005);
  expect(Math.max(...costs) / all).toBeLessThan(0.011);
});
