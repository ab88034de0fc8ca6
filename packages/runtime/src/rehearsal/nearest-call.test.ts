import { expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { changeLines, nearestCall } from "./nearest-call.ts";

const call = (tool: string, args: Data) => ({ server: "jira", tool, class: "read" as const, args, outcome: { kind: "value" as const, value: null, gone: false } });
const CALLS = [call("search", { jql: "labels = gh-1", max: 50 }), call("search", { jql: "labels = gh-27", max: 50 }), call("search", { jql: "labels = gh-2", max: 10, extra: true }), call("get", { key: "A" })];

test("the nearest call has the fewest places that differ, then the likest texts", () => {
  const nearest = nearestCall(CALLS, { server: "jira", tool: "search", args: { jql: "labels = gh-28", max: 50 } });
  expect([nearest?.index, changeLines(nearest?.changes ?? [])]).toEqual([1, ['- jql: "labels = gh-27"', '+ jql: "labels = gh-28"']]);
});

test("a member that is missing or new is a line of its own, and long values are cut", () => {
  const nearest = nearestCall(CALLS.slice(2), { server: "jira", tool: "search", args: { jql: "x".repeat(1000), max: 10, other: 1 } });
  expect(changeLines(nearest?.changes ?? []).map((line) => line.slice(0, 24))).toEqual(["- extra: true", '- jql: "labels = gh-2"', '+ jql: "xxxxxxxxxxxxxxxx', "+ other: 1"]);
  expect(Math.max(...changeLines(nearest?.changes ?? []).map((line) => line.length))).toBeLessThan(320);
});

test("a tool that was never called has none", () => {
  expect(nearestCall(CALLS, { server: "jira", tool: "create", args: {} })).toBeNull();
  expect(nearestCall(CALLS, { server: "github", tool: "search", args: {} })).toBeNull();
});
