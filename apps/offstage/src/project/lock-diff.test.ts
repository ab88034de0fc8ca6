import type { Data } from "offstage/base";
import { catalogueOf, EMPTY_LOCK, type Lock, lockServer, type RawTool, withServer } from "offstage/tools";
import { expect, test } from "vitest";
import { diffLocks, notPinnedYet } from "./lock-diff.ts";

const introduced = (lock: Lock, capabilities: Data, instructions: string | null): Lock => ({ ...lock, servers: new Map([...lock.servers].map(([name, server]) => [name, { ...server, introduction: { capabilities, instructions } }])) });

function lock(version: string, tools: readonly RawTool[], effect: "read" | "write" = "write", from: "default" | "hint" | "policy" = "default", rule: number | null = null): Lock {
  const { catalogue } = catalogueOf({ server: "jira", era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: "jira", version }, tools });
  return withServer(EMPTY_LOCK, "jira", lockServer(catalogue, `jira@${version}`, () => [{ rule, effect, from }]));
}

const GET: RawTool = { name: "get", description: "Get it" };

test("equal locks have no difference", () => {
  expect(diffLocks(lock("1", [GET]), lock("1", [GET]))).toEqual([]);
});

test("servers that come and go are one line each", () => {
  expect(diffLocks(EMPTY_LOCK, lock("1", [GET]))).toEqual([{ kind: "added", server: "jira", tool: null, weight: "compatible", details: ["jira@1, 1 tools"] }]);
  expect(diffLocks(lock("1", [GET]), EMPTY_LOCK)).toEqual([{ kind: "removed", server: "jira", tool: null, weight: "breaking", details: [] }]);
});

test("what breaks calls is marked", () => {
  const take = (required: readonly string[]): RawTool => ({ ...GET, inputSchema: { type: "object", properties: { id: {} }, required } });
  expect(diffLocks(lock("1", [take([])]), lock("1", [take(["id"])]))).toEqual([{ kind: "changed", server: "jira", tool: "get", weight: "breaking", details: ["! argument id became required"] }]);
});

test("a tool's definition, its class and the server's version are told apart", () => {
  expect(diffLocks(lock("1", [GET]), lock("2", [{ ...GET, description: "Delete it" }, { name: "put" }], "read"))).toEqual([
    { kind: "changed", server: "jira", tool: null, weight: "compatible", details: ["~ source: jira@1 → jira@2", '~ version: "1" → "2"'] },
    { kind: "changed", server: "jira", tool: "get", weight: "compatible", details: ['~ tool changed its description from "Get it" to "Delete it"', "~ class: write → read (nobody's word): from now on it is called while planning, and nobody is asked"] },
    { kind: "added", server: "jira", tool: "put", weight: "compatible", details: ["read"] },
  ]);
});

test("what the server says of itself is compared where both locks have it", () => {
  const plain = lock("1", [GET]);
  const before = introduced(plain, { tools: {} }, "Be kind.");
  const after = introduced(plain, { tools: {}, resources: {} }, "Be quick.");
  expect(diffLocks(before, after)).toEqual([{ kind: "changed", server: "jira", tool: null, weight: "compatible", details: ["+ capabilities.resources: {}", '~ server changed its instructions from "Be kind." to "Be quick."'] }]);
  expect(diffLocks(plain, after)).toEqual([]);
  expect([notPinnedYet(plain, after), notPinnedYet(before, after), notPinnedYet(EMPTY_LOCK, after)]).toEqual([["jira"], [], []]);
});

test("a tool that wrote never and writes now is as grave as one that takes other arguments", () => {
  expect(diffLocks(lock("1", [GET], "read"), lock("1", [GET], "write"))).toMatchObject([{ weight: "breaking", details: ["! class: read → write"] }]);
});

test("a class that stays what it was, on another word, says whose word it is now", () => {
  expect(diffLocks(lock("1", [GET], "read", "policy"), lock("1", [GET], "read", "hint"))).toMatchObject([{ weight: "compatible", details: ["~ class: read, now because of the server's hint rather than of policy.classes"] }]);
  expect(diffLocks(lock("1", [GET], "read", "policy"), lock("1", [GET], "read", "policy", 0))).toMatchObject([{ weight: "compatible", details: ["~ class: read, because of policy.classes as before; its profile has other rules for it"] }]);
});
