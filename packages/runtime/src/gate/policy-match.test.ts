import fc from "fast-check";
import { expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { DEFAULT_POLICY, OWN_SERVER, type PolicyRule, startTool } from "../model/index.ts";
import { recordIdentity, sampleRequestFor } from "../testing/effect-samples.ts";
import { matchesGlob } from "./matches-glob.ts";
import { matchPolicy } from "./policy-match.ts";

const CREATE = sampleRequestFor(recordIdentity("create"));
const RECREATE = sampleRequestFor(recordIdentity("create", "PR_7", { generation: 2 }));
const ADOPT = sampleRequestFor(recordIdentity("adopt"));
const ONCE = sampleRequestFor({ kind: "once", scope: "leaks", key: "k", window: null });
const matched = (rule: PolicyRule, request = CREATE): boolean => matchPolicy({ ...DEFAULT_POLICY, rules: [rule] }, "leak-tickets", request, 0) !== null;

test("every field that is given must match", () => {
  expect(matched({ verdict: "allow" })).toBe(true);
  expect(matched({ verdict: "allow", workflow: "leak-*", server: "jira", tool: "*_issue", record: "ticket", action: "create" })).toBe(true);
  expect(matched({ verdict: "allow", workflow: "other" })).toBe(false);
  expect(matched({ verdict: "allow", server: "github" })).toBe(false);
  expect(matched({ verdict: "allow", tool: "issue" })).toBe(false);
  expect(matched({ verdict: "allow", record: "tickets" })).toBe(false);
  expect(matched({ verdict: "allow", action: "update" })).toBe(false);
});

test("a rule about a tool or a record says nothing of what has none", () => {
  expect(matched({ verdict: "allow", tool: "*" }, ADOPT)).toBe(false);
  expect(matched({ verdict: "allow", server: "jira" }, ADOPT)).toBe(true);
  expect(matched({ verdict: "allow", record: "*" }, ONCE)).toBe(false);
  expect(matched({ verdict: "allow", action: "call" }, ONCE)).toBe(true);
  expect(matched({ verdict: "allow", action: "call" }, CREATE)).toBe(false);
});

test("a rule speaks of starting a run by its action or its tool, and one about calls or records does not", () => {
  const start = { ...sampleRequestFor({ kind: "start", scope: "greet", key: "k" }), server: OWN_SERVER, call: { ...(CREATE.call as NonNullable<typeof CREATE.call>), server: OWN_SERVER, tool: startTool("greet") } };
  expect(matched({ verdict: "deny" }, start)).toBe(true);
  expect(matched({ verdict: "approve", action: "start" }, start)).toBe(true);
  expect(matched({ verdict: "approve", action: "start" }, ONCE)).toBe(false);
  expect(matched({ verdict: "approve", tool: "start.gre*" }, start)).toBe(true);
  expect(matched({ verdict: "approve", tool: "start.other" }, start)).toBe(false);
  expect(matched({ verdict: "allow", action: "call" }, start)).toBe(false);
  expect(matched({ verdict: "allow", record: "*" }, start)).toBe(false);
  expect(matched({ verdict: "allow", server: "jira" }, start)).toBe(false);
});

test("a rule about creating speaks of recreating too, except to allow it", () => {
  expect(matched({ verdict: "deny", action: "create" }, RECREATE)).toBe(true);
  expect(matched({ verdict: "approve", action: "create" }, RECREATE)).toBe(true);
  expect(matched({ verdict: "allow", action: "create" }, RECREATE)).toBe(false);
  expect(matched({ verdict: "allow", action: "recreate" }, RECREATE)).toBe(true);
  expect(matched({ verdict: "deny", action: "recreate" }, CREATE)).toBe(false);
});

test("a write in a called workflow meets the rules for it and those for the run, and the strictest holds", () => {
  const inner = sampleRequestFor({ kind: "once", scope: "inner", key: "k", window: null });
  const verdict = (rules: readonly PolicyRule[], within: readonly string[]) => matchPolicy({ ...DEFAULT_POLICY, rules }, "outer", { ...inner, within }, 0)?.rule.verdict ?? null;
  const of = (rule: PolicyRule["verdict"], workflow: string): PolicyRule => ({ verdict: rule, workflow });
  expect(verdict([of("deny", "inner")], ["inner"])).toBe("deny");
  expect(verdict([of("deny", "inner")], [])).toBeNull();
  expect(verdict([of("allow", "outer"), of("deny", "inner")], ["middle", "inner"])).toBe("deny");
  expect(verdict([of("approve", "outer"), of("allow", "inner")], ["inner"])).toBe("approve");
  expect(verdict([of("approve", "middle")], ["middle", "inner"])).toBe("approve");
  // What nobody speaks of for the one workflow is not permitted by what is said of the other.
  expect(verdict([of("allow", "inner")], ["inner"])).toBeNull();
  expect(verdict([{ verdict: "allow" }], ["inner"])).toBe("allow");
});

test("where it cannot be told whether a rule matches, the strictest of what is possible holds", () => {
  const args = { repo: { is: ["acme/*"] } };
  const ruling = (repo: Data, ...rules: readonly PolicyRule[]): unknown => {
    const found = matchPolicy({ ...DEFAULT_POLICY, rules }, "w", sampleRequestFor(recordIdentity("create"), { repo }), 0);
    return found === null ? null : [found.rule.verdict, found.sure];
  };
  const [allow, approve, deny] = (["allow", "approve", "deny"] as const).map((verdict): PolicyRule => ({ verdict, tool: "*", args }));
  if (allow === undefined || approve === undefined || deny === undefined) throw new Error("no rules");
  for (const repo of [null, "ACME/x", ["acme/x"]]) {
    expect([ruling(repo, deny), ruling(repo, approve), ruling(repo, allow), ruling(repo, allow, { verdict: "deny" }), ruling(repo, approve, { verdict: "deny" }), ruling(repo, deny, { verdict: "allow" })]).toEqual([["deny", false], ["approve", false], null, ["deny", false], ["deny", false], ["deny", false]]);
  }
  expect([ruling("acme/x", allow, { verdict: "deny" }), ruling("acme/x", approve, { verdict: "deny" }), ruling("x", deny, { verdict: "allow" })]).toEqual([["allow", true], ["approve", true], ["allow", true]]);
});

test("a rule holds within its time, outside of it, or both", () => {
  const hours = { days: [4], from: 60, to: 120, timezone: "UTC" };
  const holds = (rule: Partial<PolicyRule>, minute: number): boolean => matchPolicy({ ...DEFAULT_POLICY, rules: [{ verdict: "deny", ...rule }] }, "w", CREATE, minute * 60_000) !== null;
  expect([59, 60, 119, 120].map((minute) => holds({ when: hours }, minute))).toEqual([false, true, true, false]);
  expect([59, 60, 119, 120].map((minute) => holds({ outside: hours }, minute))).toEqual([true, false, false, true]);
  expect([59, 60, 90, 120].map((minute) => holds({ when: hours, outside: { ...hours, to: 90 } }, minute))).toEqual([false, false, true, false]);
});

test("a star is any run of characters, everything else is itself", () => {
  const parts = fc.array(fc.stringMatching(/^[ab.]{0,3}$/), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(parts, fc.stringMatching(/^[ab.]{0,8}$/), (pattern, name) => {
      const regex = new RegExp(`^${pattern.map((part) => part.replaceAll(".", "\\.")).join(".*")}$`);
      expect(matchesGlob(pattern.join("*"), name)).toBe(regex.test(name));
    }),
    { numRuns: 3_000 },
  );
});
