import { expect, test } from "vitest";
import { NOTHING_LEARNT, withResult } from "offstage/tools";
import { learntKeyOf, watchLearnt } from "./learnt-watch.ts";

const call = { server: "desk", tool: "list", args: {} };
const types = { profiles: [], learnt: withResult(NOTHING_LEARNT, { server: "desk", tool: "list", case: "*" }, [{ id: 1, title: "a" }]) };

test("a result in another shape than was learnt is told once, with the places", () => {
  const told: string[] = [];
  const watch = watchLearnt(types, (text) => told.push(text));
  expect(watch(call, [{ id: 2, title: "b", more: true }])).toBe(false);
  expect(told).toEqual([]);
  // Each is counted, the first is told.
  expect(watch(call, [{ id: "2" }])).toBe(true);
  expect(watch(call, "down for maintenance")).toBe(true);
  expect(told).toEqual(["desk.list answered in another shape than was learnt: [].title, [].id. If it stays so: offstage call desk.list, review offstage.learnt.json, then `offstage check`."]);
});

test("nothing was learnt of a call, and nothing is said", () => {
  const told: string[] = [];
  watchLearnt(types, (text) => told.push(text))({ ...call, tool: "other" }, 1);
  expect(told).toEqual([]);
});

test("a profile that makes a difference between calls has a shape for each", () => {
  const rules = [{ when: [{ argument: "action", equals: "get" }] }, { when: [] }];
  const profiles = [{ server: "desk", types: { tools: { list: rules } } }] as never;
  expect(["get", "set"].map((action) => learntKeyOf({ profiles }, { ...call, args: { action } }).case)).toEqual(["action=get", "*"]);
});
