import { expect, test } from "vitest";
import { caseKey, caseOf, type RuleTypeInfo } from "./profile-types.ts";

const get: RuleTypeInfo = { when: [{ argument: "action", equals: "get" }] };
const dry: RuleTypeInfo = { when: [{ argument: "action", equals: "two words" }, { argument: "dryRun", equals: true }] };

test("a case is named by its literals", () => {
  expect([get, dry, { when: [] }, { when: null }].map(caseKey)).toEqual(["action=get", 'action="two words"&dryRun=true', "*", "*"]);
});

test("a call belongs to the first rule that literals decide", () => {
  const rules = [{ when: null }, get, dry, { when: [] }];
  expect(caseOf(rules, { action: "get", dryRun: true })).toBe("action=get");
  expect(caseOf(rules, { action: "two words", dryRun: true })).toBe('action="two words"&dryRun=true');
  expect(caseOf(rules, { action: "add" })).toBe("*");
  expect(caseOf([get], "no arguments")).toBe("*");
  expect(caseOf([{ when: [{ argument: "toString", equals: null }] }], {})).toBe("*");
});
