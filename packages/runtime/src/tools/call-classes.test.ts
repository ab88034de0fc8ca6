import { expect, test } from "vitest";
import { classesOf, hintsReadOnly } from "./call-classes.ts";

const hinted = { name: "aggregate", annotations: { readOnlyHint: true } };
const plain = { name: "send" };

test("what nobody vouches for is a write", () => {
  expect(classesOf(plain, { rules: [], trustHints: true })).toEqual([{ rule: null, effect: "write", from: "default" }]);
});

test("a hint counts only when the policy trusts hints", () => {
  expect(classesOf(hinted, { rules: [], trustHints: false })).toEqual([{ rule: null, effect: "write", from: "default" }]);
  expect(classesOf(hinted, { rules: [], trustHints: true })).toEqual([{ rule: null, effect: "read", from: "hint" }]);
  expect(hintsReadOnly({ name: "x", annotations: { readOnlyHint: "true" } })).toBe(false);
});

test("each rule has a class, and calls for which none holds have one of their own", () => {
  const rules = [{ when: 1, effect: "read" as const }, { when: 1 }];
  expect(classesOf(plain, { rules, labels: ["action=get", "action=add"], trustHints: false })).toEqual([
    { rule: 0, effect: "read", from: "profile", when: "action=get" },
    { rule: 1, effect: "write", from: "default", when: "action=add" },
    { rule: null, effect: "write", from: "default" },
  ]);
  expect(classesOf(plain, { rules, labels: ["*", "action=add"], conditions: ["a1", "b2", "c3"], trustHints: false })).toEqual([
    { rule: 0, effect: "read", from: "profile", when: "*", condition: "a1" },
    { rule: 1, effect: "write", from: "default", when: "action=add", condition: "b2" },
    { rule: null, effect: "write", from: "default" },
  ]);
});

test("a rule that always holds leaves nothing to others", () => {
  expect(classesOf(plain, { rules: [{ effect: "read" }, { effect: "write" }], trustHints: false })).toEqual([{ rule: 0, effect: "read", from: "profile" }]);
});

test("the fallback fills what a rule leaves out, and the policy wins over all", () => {
  const inputs = { rules: [{ when: 1 }, { when: 1, effect: "write" as const }], fallbacks: [{ effect: "read" as const }], trustHints: true };
  expect(classesOf(plain, inputs).map(({ effect }) => effect)).toEqual(["read", "write", "read"]);
  expect(classesOf(hinted, { ...inputs, policy: "write" }).map(({ effect, from }) => `${effect} ${from}`)).toEqual(["write policy", "write policy", "write policy"]);
});

test("what a fallback's condition decides is a class of its own, with that condition", () => {
  const fallbacks = [{ when: 1, effect: "read" as const }, { when: 2 }];
  const inputs = { rules: [{ when: 1, effect: "read" as const }, { when: 1 }], labels: ["action=get", "action=add"], conditions: ["a1", "b2", "c3"], trustHints: false };
  expect(classesOf(plain, { ...inputs, fallbacks })).toEqual([
    { rule: 0, effect: "read", from: "profile", when: "action=get", condition: "a1" },
    { rule: 1, effect: "read", from: "profile", when: "action=add&*", condition: "b2" },
    { rule: 1, effect: "write", from: "default", when: "action=add&*", condition: "b2" },
    { rule: 1, effect: "write", from: "default", when: "action=add", condition: "b2" },
    { rule: null, effect: "read", from: "profile", when: "*", condition: "c3" },
    { rule: null, effect: "write", from: "default", when: "*", condition: "c3" },
    { rule: null, effect: "write", from: "default" },
  ]);
  // One that speaks of the rate alone decides nothing.
  expect(classesOf(plain, { rules: [], conditions: ["c3"], fallbacks: [{ when: 1 }, {}], trustHints: false })).toEqual([{ rule: null, effect: "write", from: "default" }]);
  expect(classesOf(plain, { ...inputs, fallbacks, policy: "write" })).toHaveLength(3);
});
