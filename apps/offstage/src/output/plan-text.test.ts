import type { Plan, PlannedEffect } from "offstage/model";
import { expect, test } from "vitest";
import { askedPlanText, planText } from "./plan-text.ts";

const EFFECT: PlannedEffect = {
  id: "a".repeat(64), identity: { kind: "record", scope: "leaks", record: "ticket", key: "PR_7", generation: 1, action: "create", revision: 0 }, identityKnown: true, step: "s", sign: "+", label: "ticket PR_7",
  server: "jira", tool: "create_issue", target: "JIRA_BASE_URL=https://jira.test JIRA_EMAIL=a@b.example", args: { value: { summary: "leak\u001b[2J", labels: null }, unknown: [{ path: ["labels"], from: ["f".repeat(64)] }] },
  knownHash: "k", certainty: "sure", undo: "none", why: { kind: "planning" },
};

function lines(effects: readonly PlannedEffect[], unchanged = 0, width = 80): readonly string[] {
  const plan: Plan = { version: 1, id: "p", storeId: "s", workflow: "leaks", createdAt: 0, expiresAt: 1, basis: { program: "", classes: "", profiles: "", policy: "", targets: {} }, effects, unchanged };
  return planText(plan, { paint: (_, text) => text, width, projectFolder: null }).split("\n");
}

test("an effect is shown with where it goes, what is known of it and its identity; a server's text steers no terminal", () => {
  expect(lines([EFFECT], 2)).toEqual([
    " +! ticket PR_7  jira.create_issue on https://jira.test, a@b.example",
    `        summary = "leak\\u001b[2J"`,
    "        labels  = (known after apply)",
    "      # identity leaks/ticket/PR_7, generation 1, create",
    "",
    "Plan: 1 to create, 0 to adopt, 0 to update, 0 to release; 2 already done.",
    "",
    "! cannot be undone",
  ]);
});

test("what only may happen is marked and counted apart", () => {
  const [head, , , , , total, , ...notes] = lines([{ ...EFFECT, certainty: "may-many", undo: null }]);
  expect([head, total, ...notes]).toEqual([" ?+ ticket PR_7 × ?  jira.create_issue on https://jira.test, a@b.example", "Plan: 0 to create, 0 to adopt, 0 to update, 0 to release, 1 maybe; 0 already done.", "? only if what is known after apply says so: then it is part of this plan"]);
});

test("an adoption shows what will be kept of the target, not by what it is told apart", () => {
  const shown = lines([{ ...EFFECT, sign: "=", tool: null, undo: null, args: { value: { kept: { key: "PROD-7" }, targetKey: "c59d" }, unknown: [] } }]);
  expect(shown.slice(0, 2)).toEqual(["  = ticket PR_7  jira (no call) on https://jira.test, a@b.example", `        key = "PROD-7"`]);
});

test("what waits for another effect names it", () => {
  expect(lines([EFFECT, { ...EFFECT, id: "b", label: "once x", why: { kind: "after", effect: EFFECT.id } }])).toContain("      # identity leaks/ticket/PR_7, generation 1, create; after: ticket PR_7");
});

test("no changes say how much was looked at, when anything was", () => {
  expect([lines([], 0), lines([], 1), lines([], 28)]).toEqual([["No changes."], ["No changes. 1 already as it should be."], ["No changes. 28 already as they should be."]]);
});

test("nested values are taken apart where they would not fit; what is long is cut on a terminal only", () => {
  const value = { body: "x".repeat(200), fields: { labels: ["a".repeat(50), "b".repeat(50)], n: 1 } };
  const nested: PlannedEffect = { ...EFFECT, args: { value, unknown: [] } };
  const shown = (width: number): readonly string[] => lines([nested], 0, width).slice(1, 10).map((line) => line.trim());
  expect(shown(80)).toEqual([`body   = "${"x".repeat(61)}…`, "fields = {", '"labels": [', `"${"a".repeat(50)}",`, `"${"b".repeat(50)}"`, "],", '"n": 1', "}", "# identity leaks/ticket/PR_7, generation 1, create"]);
  expect(shown(Infinity)[0]).toBe(`body   = "${"x".repeat(200)}"`);
});

test("what is known of a value is shown, and the phrase stands exactly where something is not; a text that says the same is quoted", () => {
  const from = ["f".repeat(64)];
  const value = { to: "(known after apply)", card: { title: "Wire 10,000 to ACME", parent: null, rows: [null, "b"] }, body: null };
  const nested: PlannedEffect = { ...EFFECT, args: { value, unknown: [{ path: ["card", "parent"], from }, { path: ["card", "rows", 0], from }, { path: ["body"], from }] } };
  const shown = (room: number): readonly string[] => lines([nested], 0, room).slice(1, -5).map((line) => line.slice(8));
  expect(shown(Infinity)).toEqual(['to   = "(known after apply)"', 'card = {"title":"Wire 10,000 to ACME","parent":(known after apply),"rows":[(known after apply),"b"]}', "body = (known after apply)"]);
  expect(shown(60)).toEqual(['to   = "(known after apply)"', "card = {", '  "title": "Wire 10,000 to ACME",', '  "parent": (known after apply),', '  "rows": [', "    (known after apply),", '    "b"', "  ]", "}", "body = (known after apply)"]);
});

test("no label looks like the call beside it, and no blanks push a text out of sight", () => {
  const heads = ["once note  desk.find_tickets on sandbox.example (dry run)", " a", "a\u00a0b", '"a"', "once a\nb", "greet:r1 – two words"].map((label) => lines([{ ...EFFECT, label }])[0]);
  const told = [String.raw`"once note  desk.find_tickets on sandbox.example (dry run)"`, '" a"', '"a\u00a0b"', String.raw`"\"a\""`, String.raw`once a\nb`, "greet:r1 – two words"];
  expect(heads).toEqual(told.map((label) => ` +! ${label}  jira.create_issue on https://jira.test, a@b.example`));
  const wide = `Pay.${" ".repeat(12_000)}To ACME.`;
  const shown = lines([{ ...EFFECT, label: wide, args: { value: { [`k${"\u3000".repeat(90)}`]: wide }, unknown: [] } }], 0, Infinity);
  expect(shown.slice(0, 2)).toEqual([' +! "Pay. … 12000 spaces … To ACME."  jira.create_issue on https://jira.test, a@b.example', '        k … 91 spaces … = "Pay. … 12000 spaces … To ACME."']);
});

test("who is asked is told what failed while planning, and what is in doubt", () => {
  const plan: Plan = { version: 1, id: "p", storeId: "s", workflow: "leaks", createdAt: 0, expiresAt: 1, basis: { program: "", classes: "", profiles: "", policy: "", targets: {} }, effects: [EFFECT], unchanged: 0 };
  const run = { failures: [{ step: "each#1[r2]", error: { code: "FAILED" as const, message: "r2 was not read" } }], ambiguous: [{ effect: "e".repeat(64), step: "s", label: "once k", why: "no answer came", waits: true }] };
  expect(askedPlanText(plan, run, { projectFolder: null }).split("\n").slice(-5)).toEqual(["Failed while planning:", "  each#1[r2]: FAILED: r2 was not read", "", "Blocked, because it cannot be known whether an earlier write happened:", "  eeeeeeeeeeee  once k: no answer came"]);
});
