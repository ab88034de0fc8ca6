import { createBell } from "offstage/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../../../../packages/runtime/src/testing/fake-clock.ts";
import { followFiles } from "./follow-files.ts";
import type { FileMarks } from "./watched-files.ts";

let clock: FakeClock;
let files: FileMarks;
let attempts: { readonly at: number; readonly asked: boolean }[];
/** What the next attempts come to; true when nothing is left. */
let ends: boolean[];
const bell = createBell();
const stopping = { now: new AbortController() };
let following: Promise<void>;

beforeEach(() => {
  [clock, files, attempts, ends] = [createFakeClock(), new Map([["a", "1"]]), [], []];
  stopping.now = new AbortController();
  bell.hush();
});
afterEach(async () => {
  stopping.now.abort();
  await clock.advance(0);
  await following;
});

function follow(watches = true): void {
  const began = clock.now();
  following = followFiles({
    clock, watches, bell, first: files, stopping: stopping.now.signal, look: async () => files,
    attempt: async (asked) => {
      attempts.push({ at: clock.now() - began, asked });
      return ends.shift() ?? true;
    },
  });
}
const edit = (mark: string): void => void (files = new Map([["a", mark]]));

test("an edit is looked at when its files have been quiet for a second, and once", async () => {
  follow();
  for (const mark of ["2", "3", "4"]) {
    edit(mark);
    await clock.advance(1_000);
  }
  expect(attempts).toEqual([]);
  await clock.advance(60_000);
  expect(attempts).toEqual([{ at: 4_000, asked: false }]);
});

test("one that goes on while it is looked at is looked at again, when it is quiet", async () => {
  follow();
  ends = [false];
  edit("2");
  await clock.advance(10_000);
  expect(attempts.map(({ at }) => at)).toEqual([2_000, 3_000]);
});

test("whoever asks is heard at once, and also where edits are not noticed", async () => {
  follow(false);
  edit("2");
  await clock.advance(10_000);
  expect(attempts).toEqual([]);
  bell.ring();
  await clock.advance(0);
  expect(attempts).toEqual([{ at: 10_000, asked: true }]);
  await clock.advance(10_000);
  expect(attempts).toHaveLength(1);
});

test("who asked in the middle of an edit is answered when that is quiet", async () => {
  follow(false);
  ends = [false];
  bell.ring();
  await clock.advance(500);
  edit("2");
  await clock.advance(10_000);
  expect(attempts).toEqual([{ at: 0, asked: true }, { at: 2_000, asked: true }]);
});
