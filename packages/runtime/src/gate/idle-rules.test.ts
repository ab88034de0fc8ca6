import fc from "fast-check";
import { expect, test } from "vitest";
import type { PolicyRule } from "../model/index.ts";
import { idleLimits, idleRules, type PolicyWorld } from "./idle-rules.ts";
import { matchesGlob } from "./matches-glob.ts";

const WORLD: PolicyWorld = { workflows: ["tickets", "thanks"], servers: new Map([["github", ["merge", "delete_branch"]], ["jira", ["create"]], ["wiki", null]]), records: ["ticket"], lacksArgument: (_server, _tool, path) => path !== "repo" };
const idle = (...rules: readonly PolicyRule[]): unknown => idleRules(rules, WORLD);

test("a rule that names what is not there never decides", () => {
  expect(idle({ verdict: "deny", server: "gihub" })).toEqual([{ index: 0, kind: "absent", field: "server" }]);
  expect(idle({ verdict: "deny", server: "jira", tool: "delete_*" })).toEqual([{ index: 0, kind: "absent", field: "tool" }]);
  expect(idle({ verdict: "deny", workflow: "ticket" })).toEqual([{ index: 0, kind: "absent", field: "workflow" }]);
  expect(idle({ verdict: "approve", record: "tickets" })).toEqual([{ index: 0, kind: "absent", field: "record" }]);
});

test("a limit that names what is not there holds nothing; what is there, or might be, is nothing to tell", () => {
  expect(idleLimits([{ perDay: 1, server: "gihub" }, { perDay: 1 }, { perDay: 1, server: "jira", tool: "creat" }, { perDay: 1, workflow: "ticket" }, { perDay: 1, server: "wiki", tool: "any" }, { perDay: 1, workflow: "tickets", tool: "merge" }], WORLD)).toEqual([
    { index: 0, field: "server" }, { index: 2, field: "tool" }, { index: 3, field: "workflow" },
  ]);
});

test("what there is, or might be, is nothing to tell", () => {
  expect(idle({ verdict: "deny", server: "git*", tool: "delete_*" }, { verdict: "approve", record: "ticket", action: "create" }, { verdict: "allow", workflow: "th*" })).toEqual([]);
  // The tools of a server that is not locked, and the records of workflows that do not check, are not known.
  expect(idle({ verdict: "deny", server: "wiki", tool: "delete_*" })).toEqual([]);
  expect(idleRules([{ verdict: "deny", record: "x" }], { ...WORLD, records: null })).toEqual([]);
});

test("an approval after a denial of all that it is about is one that nobody can give", () => {
  expect(idle({ verdict: "deny", server: "github" }, { verdict: "approve", server: "github", tool: "merge" })).toEqual([{ index: 1, kind: "covered", by: 0 }]);
  expect(idle({ verdict: "deny", server: "*" }, { verdict: "approve", server: "git*", action: "call" })).toEqual([{ index: 1, kind: "covered", by: 0 }]);
  expect(idle({ verdict: "approve", server: "github", tool: "merge" }, { verdict: "deny", server: "github" })).toEqual([]);
  expect(idle({ verdict: "deny", server: "github", action: "call" }, { verdict: "approve", server: "github" })).toEqual([]);
  expect(idle({ verdict: "deny" }, { verdict: "deny", server: "github" })).toEqual([]);
});

test("a rule about an argument that none of its tools has never decides; what an earlier rule says under conditions covers nothing", () => {
  expect(idle({ verdict: "deny", server: "github", tool: "*", args: { repo: { is: ["x"] }, rep: { is: ["x"] } } })).toEqual([{ index: 0, kind: "argument", path: "rep" }]);
  expect(idle({ verdict: "deny", tool: "*", args: { rep: { is: ["x"] } } })).toEqual([]);
  const night = { days: [1], from: 0, to: 60, timezone: "UTC" };
  expect(idle({ verdict: "deny", server: "jira", tool: "create", args: { repo: { is: ["x"] } } }, { verdict: "approve", server: "jira", tool: "create" })).toEqual([]);
  expect(idle({ verdict: "wait", server: "jira", when: night }, { verdict: "deny", server: "jira" })).toEqual([]);
  expect(idle({ verdict: "wait", server: "jira", when: night }, { verdict: "deny", server: "jira", when: night })).toEqual([{ index: 1, kind: "covered", by: 0 }]);
});

test("a pattern that covers another one matches whatever that one matches", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 5 });
  fc.assert(
    fc.property(pattern, pattern, fc.array(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 3 }), { minLength: 6, maxLength: 6 }), (earlier, later, fillings) => {
      if (!matchesGlob(earlier, later)) return;
      let at = 0;
      expect(matchesGlob(earlier, later.replaceAll("*", () => fillings[at++] ?? ""))).toBe(true);
    }),
  );
});
