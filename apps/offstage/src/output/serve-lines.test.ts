import type { Run } from "offstage/model";
import { expect, test } from "vitest";
import { sampleRun } from "../../../../packages/runtime/src/testing/store-samples.ts";
import { runNewsLine, serveNewsLine } from "./serve-lines.ts";

const hold = { effect: "e", step: "s", label: "l", why: "w", waits: true };
const ended = (run: Partial<Run>): string | null => runNewsLine({ kind: "run-ended", run: sampleRun({ id: "r1", ...run }) });

test("a run's line says how it ended and what it left", () => {
  expect(ended({ status: "succeeded", counts: { calls: 3, writes: 1, replayed: 0 } })).toBe("ended    leaks (r1): succeeded, 1 write");
  expect(ended({ status: "succeeded", sweep: true })).toMatch(/^ended {4}leaks \(r1, a sweep\): succeeded, /);
  expect(ended({ status: "pending", held: [hold, hold], ambiguous: [hold] })).toBe("ended    leaks (r1): pending, 0 writes, 2 held, 1 not known");
  expect(ended({ status: "failed", failures: [{ step: "s", error: { code: "FAILED", message: "m" } }], error: { code: "FAILED", message: "it is broken\u001b[2J" } })).toBe("ended    leaks (r1): failed, 0 writes, 1 failed: it is broken\\u001b[2J");
  expect(ended({ status: "failed", error: { code: "TYPE_ERROR", message: "it is undefined", at: "workflows/leaks.ts:6" } })).toBe("ended    leaks (r1): failed, 0 writes: it is undefined (workflows/leaks.ts:6)");
  expect(ended({ status: "partial", failures: [{ step: "each#1[b]", error: { code: "FAILED", message: "m", at: "workflows/leaks.ts:9" } }] })).toBe("ended    leaks (r1): partial, 0 writes, 1 failed: each#1[b]: m (workflows/leaks.ts:9)");
  expect(ended({ status: "pending", held: [{ ...hold, waits: false }, { ...hold, why: "awaits approval: rule 1" }] })).toBe("ended    leaks (r1): pending, 0 writes, 2 held: l: awaits approval: rule 1");
  expect(runNewsLine({ kind: "run-parked", run: sampleRun({ id: "r1", status: "parked", waits: [{ id: "w", kind: "sleep", step: "s", label: "sleep 1d", since: 1, until: 2 }] }) })).toBe("parked   leaks (r1): parked, 0 writes, waits for sleep 1d");
});

test("a delivery's line says for whom it was", () => {
  const arrival = { workflow: "w", trigger: "webhook:x", id: "1", event: { kind: "call" }, key: "", overlap: "queue", sweep: false, each: false, arrivedAt: 0, dueAt: 0, status: "waiting", runId: null, why: null } as const;
  const told = (arrivals: readonly (typeof arrival | { readonly why: string })[], waits: number): string => serveNewsLine({ kind: "delivered", source: "x", id: "1", brought: { arrivals: arrivals.map((one) => ({ ...arrival, ...one })), waits } });
  expect(told([arrival], 0)).toBe("webhook  x, 1: for w");
  expect(told([{ why: "its trigger failed" }], 2)).toBe("webhook  x, 1: dropped for w: its trigger failed; for 2 waiting steps");
  expect(told([], 0)).toBe("webhook  x, 1: nothing new for anybody");
});

test("a write's line names it once", () => {
  const line = (detail: string): string | null => runNewsLine({ kind: "effect-failed", runId: "r1", server: "s", tool: "t", outcome: "failed", label: "once x", detail });
  expect(line("once x: not written")).toBe("problem  once x: not written (r1)");
  expect(line("once xs are one too many")).toBe("problem  once x: once xs are one too many (r1)");
});
