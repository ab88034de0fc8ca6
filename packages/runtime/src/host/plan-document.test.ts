import { describe, expect, test } from "vitest";
import { DEFAULT_POLICY, type PlanBasis } from "../model/index.ts";
import { samplePlan, sampleRun } from "../testing/store-samples.ts";
import { createPlan, hashPolicy, planFault } from "./plan-document.ts";

const plan = samplePlan("plan-1");
const SOON = plan.createdAt + 1;

describe("createPlan", () => {
  test("lasts as long as the policy says, from when its run began", () => {
    const made = createPlan({ run: sampleRun({ id: "plan-2", startedAt: 5_000 }), storeId: "store", effects: [], unchanged: 0, basis: plan.basis, policy: { ...DEFAULT_POLICY, planMaxAgeMs: 1_000 } });
    expect(made).toMatchObject({ version: 1, id: "plan-2", storeId: "store", workflow: "leaks", createdAt: 5_000, expiresAt: 6_000 });
  });
});

describe("planFault", () => {
  test("finds nothing while everything is as it was", () => {
    expect(planFault(plan, plan.basis, plan.expiresAt)).toBeNull();
  });

  test("PLAN_EXPIRED from the first millisecond after its time, with what to do", () => {
    expect(planFault(plan, plan.basis, plan.expiresAt + 1)).toMatchObject({ code: "PLAN_EXPIRED", message: expect.stringContaining("plan-1") as string, hint: expect.stringContaining("new plan") as string });
  });

  test.each<[string, Partial<PlanBasis>, string]>([
    ["the program", { program: "p2" }, "the workflow"],
    ["the lock's classes", { classes: "c2" }, "offstage.lock"],
    ["a profile", { profiles: "f2" }, "a profile"],
    ["the policy", { policy: "y2" }, "the policy"],
    ["a target", { targets: { jira: "https://staging.test/" } }, "the target of jira (was https://jira.test/, is https://staging.test/)"],
    ["a target that is gone", { targets: {} }, "the target of jira (was https://jira.test/, is absent)"],
    ["a new target", { targets: { ...plan.basis.targets, wiki: "w" } }, "the target of wiki (was absent, is w)"],
  ])("PLAN_VOID when %s changed, and says which part", (_what, changed, named) => {
    const fault = planFault(plan, { ...plan.basis, ...changed }, SOON);
    expect(fault).toMatchObject({ code: "PLAN_VOID" });
    expect(fault?.message).toContain(`this changed: ${named}.`);
  });

  test("names all that changed", () => {
    expect(planFault(plan, { ...plan.basis, program: "p2", policy: "y2" }, SOON)?.message).toContain("the workflow, the policy");
  });
});

test("hashPolicy tells two policies apart in every part", () => {
  const policies = [
    DEFAULT_POLICY,
    { ...DEFAULT_POLICY, rules: [{ verdict: "deny" as const }] },
    { ...DEFAULT_POLICY, rules: [{ verdict: "deny" as const, tool: "x" }] },
    { ...DEFAULT_POLICY, trustHints: true },
    { ...DEFAULT_POLICY, guard: { count: 6, share: 0.1 } },
    { ...DEFAULT_POLICY, grantMaxAgeMs: 1 },
  ];
  expect(new Set(policies.map(hashPolicy)).size).toBe(policies.length);
  expect(hashPolicy({ ...DEFAULT_POLICY, rules: [] })).toBe(hashPolicy(DEFAULT_POLICY));
});
