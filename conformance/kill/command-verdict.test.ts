import { describe, expect, it } from "vitest";
import type { CommandEnd } from "./command.ts";
import { answerOf, endFaults, waitFaults } from "./command-verdict.ts";
import type { AnsweredRun } from "./command-verdict.ts";

const run = (changes: Partial<AnsweredRun> = {}): AnsweredRun => ({ id: "r1", status: "succeeded", error: null, failures: [], held: [], ambiguous: [], ...changes });
const ended = (name: string, result: AnsweredRun | { readonly code: string }, changes: Partial<CommandEnd> = {}): CommandEnd => ({
  args: [name, "x"], pid: 7, code: 0, signal: null, ms: 1, notes: "", begunAfterMs: null, hung: false,
  output: JSON.stringify("code" in result ? { version: 1, ok: false, error: { ...result, message: "why" } } : { version: 1, ok: true, result: { run: result } }),
  ...changes,
});
const faults = (end: CommandEnd, dead: readonly number[] = []): readonly string[] => endFaults(end, new Set(dead));

describe("answerOf", () => {
  it("reads runs, errors, other answers, and tells what is none", () => {
    expect(answerOf(ended("run", run()).output)).toEqual({ kind: "run", run: run() });
    expect(answerOf('{"ok":false,"error":{"code":"BUG","message":"m"}}')).toEqual({ kind: "error", code: "BUG", message: "m" });
    expect(answerOf('{"ok":true,"result":{"effects":[]}}')).toEqual({ kind: "other" });
    expect(answerOf("")).toMatchObject({ kind: "error", code: "(none)" });
  });
});

describe("endFaults", () => {
  it("accepts a run that succeeded, is ambiguous, or had to leave items alone", () => {
    expect(faults(ended("run", run()))).toEqual([]);
    expect(faults(ended("run", run({ status: "needs-attention" }), { code: 4 }))).toEqual([]);
    expect(faults(ended("apply", run({ status: "partial", failures: [{ step: "s", error: { code: "EFFECT_ABSENT", message: "m" } }] }), { code: 1 }))).toEqual([]);
  });

  it("accepts a plan that was applied before, and what is not in it; not of a run", () => {
    expect(faults(ended("apply", { code: "PLAN_APPLIED" }, { code: 1 }))).toEqual([]);
    expect(faults(ended("run", { code: "PLAN_APPLIED" }, { code: 1 }))).toEqual(["run: PLAN_APPLIED: why"]);
    expect(faults(ended("apply", run({ status: "pending" }), { code: 4 }))).toEqual([]);
    expect(faults(ended("run", run({ status: "pending", held: [{ label: "ticket 1", why: "adoption" }] }), { code: 4 }))).toEqual(["run: run r1 pending; held ticket 1: adoption"]);
  });

  it("accepts a plan that is in doubt about an earlier write; not any other end of it", () => {
    const plan = (code: number): CommandEnd => ended("plan", run(), { code, output: '{"version":1,"ok":true,"result":{"plan":{}}}' });
    expect([faults(plan(0)), faults(plan(4)), faults(plan(1))]).toEqual([[], [], ["plan ended with 1"]]);
  });

  it("tells failed runs and items that failed for another reason", () => {
    expect(faults(ended("run", run({ status: "failed", error: { code: "JOURNAL_MISMATCH", message: "m" } }), { code: 1 }))).toEqual(["run: run r1 failed: JOURNAL_MISMATCH: m"]);
    expect(faults(ended("run", run({ failures: [{ step: "s", error: { code: "BUG", message: "m" } }] })))).toEqual(["run: run r1: s: BUG: m"]);
    expect(faults(ended("run", { code: "STORE_CORRUPT" }, { code: 1 }))).toEqual(["run: STORE_CORRUPT: why"]);
  });

  it("tells who waited for the dead, hung, or died without us", () => {
    const notes = "Process 12 on here drives this store; it has the run now.\nProcess 13 on here drives this store; it has the run now.\n";
    expect(faults(ended("run", run(), { notes }), [13, 14])).toEqual(["run waited for process 13, which was dead"]);
    expect(waitFaults(ended("run", run(), { notes, signal: "SIGKILL" }), new Set([12]))).toEqual(["run waited for process 12, which was dead"]);
    expect(faults(ended("run", run(), { hung: true, signal: "SIGKILL" }))).toEqual(["run did not end"]);
    expect(faults(ended("run", run(), { code: null, signal: "SIGSEGV" }))).toEqual(["run was ended by SIGSEGV, not by us"]);
  });
});
