import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_POLICY, OWN_SERVER, type PolicyRule, startTool } from "../model/index.ts";
import { recordIdentity, sampleRequestFor } from "../testing/effect-samples.ts";
import { matchesGlob, matchPolicy } from "./policy-match.ts";

const CREATE = sampleRequestFor(recordIdentity("create"));
const RECREATE = sampleRequestFor(recordIdentity("create", "PR_7", { generation: 2 }));
const ADOPT = sampleRequestFor(recordIdentity("adopt"));
const ONCE = sampleRequestFor({ kind: "once", scope: "leaks", key: "k", window: null });
const matched = (rule: PolicyRule, request = CREATE): boolean => matchPolicy({ ...DEFAULT_POLICY, rules: [rule] }, "leak-tickets", request) !== null;

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
  const verdict = (rules: readonly PolicyRule[], within: readonly string[]) => matchPolicy({ ...DEFAULT_POLICY, rules }, "outer", { ...inner, within })?.verdict ?? null;
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
