import { afterEach, beforeEach, expect, test } from "vitest";
import { bodyProgram } from "../testing/compile-source.ts";
import { createRehearsalStaging } from "../testing/rehearsal-staging.ts";
import type { Fixture } from "./fixture.ts";
import { printFixture } from "./fixture-text.ts";
import { installTestRunner, type RegisteredTest, testRunner } from "./staging.ts";
import * as api from "./test-api.ts";

const recorded = (n: number) => ({ server: "world", tool: "get", class: "read" as const, args: { n }, outcome: { kind: "value" as const, value: n, gone: false } });
const FIXTURE: Fixture = { version: 1, workflow: "test", phase: "plan", now: 0, inputs: {}, event: { kind: "call" }, targets: {}, calls: [recorded(1), recorded(2), recorded(3)], effects: [] };
const PROGRAM = bodyProgram("return [await world.get({ n: 1 })];");

let tests: RegisteredTest[];
let checks: (() => void)[];
let warnings: string[];

beforeEach(() => {
  [tests, checks, warnings] = [[], [], []];
  installTestRunner({
    staging: createRehearsalStaging(PROGRAM, { open: printFixture(FIXTURE) }),
    register: (one) => void tests.push(one), atTestEnd: (check) => void checks.push(check), warn: (text) => void warnings.push(text),
  });
});
afterEach(() => installTestRunner(undefined as never));

test("recorded calls that a test did not make are told when it ends, or fail it, or are ignored", async () => {
  await api.rehearse("test", { fixture: "open" });
  await api.rehearse("test", { fixture: "open", unused: "ignore" });
  await api.rehearse("test", { fixture: "open", unused: "fail" });
  checks[0]?.();
  expect(warnings).toEqual(["fixtures/test/open.json has calls that this test did not make: world.get (2 times)."]);
  checks[1]?.();
  expect(warnings).toHaveLength(1);
  expect(checks[2]).toThrow(expect.objectContaining({ code: "CALL_UNUSED", message: warnings[0], hint: expect.stringContaining("ignore") as string }));
});

test("a rehearsal that the test did not wait for fails it", async () => {
  const begun = api.rehearse("test", { fixture: "open", unused: "ignore" });
  expect(checks[0]).toThrow(expect.objectContaining({ code: "USAGE", message: "The test ended before its rehearsal of test did.", hint: expect.stringContaining("await") as string }));
  await begun;
  checks[0]?.();
});

test("calls that a later run of the same test makes are not unused", async () => {
  const run = await api.plan("test", { fixture: "open", unused: "fail", answers: { "world.get": (_args: unknown, nth: number) => (nth === 1 ? 1 : undefined) } });
  expect(run.calls).toEqual([{ tool: "world.get", class: "read", args: { n: 1 }, from: "test" }]);
  await run.again();
  expect(checks[0]).toThrow(expect.objectContaining({ message: expect.stringContaining("world.get (2 times)") as string }));
});

test("tests are handed to who runs them, with their limit in milliseconds", () => {
  const body = (): void => {};
  api.test("one", body);
  api.test("two", { limit: "2m" }, body);
  expect(tests).toEqual([{ name: "one", limitMs: null, body }, { name: "two", limitMs: 120_000, body }]);
  expect(() => api.test("three", { limit: "soon" }, body)).toThrow(expect.objectContaining({ code: "USAGE" }));
});

test("assert is Node's, strict", () => {
  expect(() => api.assert.equal(1, "1")).toThrow("strictly equal");
  api.assert.deepEqual({ a: [1] }, { a: [1] });
});

test("outside of a test run it says how to run it", () => {
  installTestRunner(undefined as never);
  expect(() => testRunner()).toThrow(expect.objectContaining({ code: "NOT_REHEARSING", hint: expect.stringMatching(/offstage test.*@offstage\/cli\/vitest/) as string }));
});
