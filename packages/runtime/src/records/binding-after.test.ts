import { expect, test } from "vitest";
import type { Binding } from "../model/index.ts";
import { sampleBinding } from "../testing/store-samples.ts";
import { bindingAfter, type BindingChange, type Visit } from "./index.ts";

const KEY = { scope: "leaks", record: "ticket", key: "PR_7" };
const VISIT: Visit = { now: 9_000, runId: "run-9", workflow: "leaks-2", inputsHash: "j", epoch: 2, target: "https://jira.test/" };
const before = sampleBinding("PR_7", { revision: 4, goneSince: 5, notConverging: "h", missedSweeps: 1 });
const after = (change: BindingChange, binding: Binding | null = before): Binding => bindingAfter(binding, change, VISIT);
const SEEN = { lastSeenAt: 9_000, lastSeenRun: "run-9", missedSweeps: 0, workflow: "leaks-2", inputsHash: "j" };

test("a generation begins anew, with its creation as the first settled action", () => {
  const change = { kind: "bound", key: KEY, effect: "e", generation: 2, kept: { key: "P-2" }, targetKey: "t2", adopted: false, server: "jira" } as const;
  const expected = { ...KEY, generation: 2, revision: 1, kept: { key: "P-2" }, targetKey: "t2", adopted: false, server: "jira", target: VISIT.target, boundAt: 9_000, releasedAt: null, goneSince: null, notConverging: null, epoch: 2, ...SEEN };
  expect(after(change)).toEqual(expected);
  expect(after(change, null)).toEqual(expected);
});

test("each settled action counts one revision", () => {
  expect(after({ kind: "updated", key: KEY, effect: "e", notConverging: null })).toEqual({ ...before, ...SEEN, revision: 5, goneSince: null, notConverging: null });
  expect(after({ kind: "updated", key: KEY, effect: "e", notConverging: "g" })).toMatchObject({ revision: 5, notConverging: "g" });
  expect(after({ kind: "reopened", key: KEY, effect: "e" }, { ...before, releasedAt: 7 })).toMatchObject({ revision: 5, releasedAt: null, goneSince: null });
  expect(after({ kind: "released", key: KEY, effect: "e" })).toEqual({ ...before, revision: 5, releasedAt: 9_000 });
});

test("only unbinding is no action on the target", () => {
  expect(after({ kind: "released", key: KEY, effect: null })).toMatchObject({ revision: 4, releasedAt: 9_000 });
});

test("a visit is kept for sweeps; converging ends what did not", () => {
  expect(after({ kind: "seen", key: KEY, goneSince: 5 })).toEqual({ ...before, ...SEEN });
  expect(after({ kind: "seen", key: KEY, goneSince: null, converged: true })).toMatchObject({ goneSince: null, notConverging: null });
});

test("what is not bound cannot change", () => {
  expect(() => after({ kind: "seen", key: KEY, goneSince: null }, null)).toThrow(expect.objectContaining({ code: "BUG" }));
});
