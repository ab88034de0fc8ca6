import { expect, test } from "vitest";
import { sampleBinding, sampleEntry } from "../testing/store-samples.ts";
import { recordIdentity } from "../testing/effect-samples.ts";
import { nextRelease, NO_FACTS, type RecordAbilities, type RecordStep, type RecordView } from "./index.ts";

const next = (view: Partial<RecordView>, has: Partial<RecordAbilities> = {}): RecordStep =>
  nextRelease({ key: { scope: "leaks", record: "ticket", key: "PR_7" }, binding: null, open: null, formerTargets: [], target: "https://jira.test/", now: 0, restored: false, ...view }, NO_FACTS, { read: false, same: false, update: false, reopen: false, release: true, ...has });

test("what is not bound, or not any more, is done", () => {
  expect(next({})).toEqual({ kind: "done", converged: false });
  expect(next({ binding: sampleBinding("PR_7", { releasedAt: 1 }) })).toEqual({ kind: "done", converged: false });
});

test("a live binding is released by its callback", () => {
  expect(next({ binding: sampleBinding("PR_7", { generation: 2, revision: 3 }) })).toEqual({ kind: "release", generation: 2, revision: 3, certain: true });
});

test("an adopted target, or a record without release, is only unbound", () => {
  expect(next({ binding: sampleBinding("PR_7", { adopted: true }) })).toEqual({ kind: "bind", change: "released", effect: null });
  expect(next({ binding: sampleBinding("PR_7") }, { release: false })).toEqual({ kind: "bind", change: "released", effect: null });
});

test("what is open comes first, another target is refused", () => {
  expect(next({ binding: sampleBinding("PR_7"), open: sampleEntry(recordIdentity("create")) })).toEqual({ kind: "find" });
  expect(next({ binding: sampleBinding("PR_7"), target: "https://staging.test/" })).toMatchObject({ kind: "fail", error: { code: "TARGET_CHANGED" } });
});
