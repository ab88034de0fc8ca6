import type { Swept } from "offstage/model";
import { expect, test } from "vitest";
import { sweptLines } from "./swept-text.ts";

const lines = (swept: Partial<Swept>): readonly string[] => sweptLines({ phase: "run", counts: { calls: 0, writes: 0, replayed: 0, swept: { lost: null, missed: 0, orphans: 0, strange: {}, ...swept } } });

test("a sweep says what it did not come to, what of it goes, and what it leaves", () => {
  expect(sweptLines({ phase: "run", counts: { calls: 0, writes: 0, replayed: 0 } })).toEqual([]);
  expect(lines({})).toEqual(["The sweep visited every binding."]);
  expect(lines({ missed: 1 })).toEqual(["The sweep did not come to 1 binding; a second sweep that misses what this one is the first to miss releases it."]);
  expect(lines({ missed: 3, orphans: 1 })).toEqual(["The sweep did not come to 3 bindings; 1 of them missed by the sweep before too, so to be released; a second sweep that misses what this one is the first to miss releases it."]);
  expect(lines({ missed: 2, orphans: 2, strange: { "old\n": 2 } })).toEqual([
    "The sweep did not come to 2 bindings; missed by the sweep before too, so to be released.",
    "2 bindings of the record old\\n, which the workflow does not have any more: left as they are.",
  ]);
  expect(lines({ lost: "each#1[b] ended before it came to its record", missed: 2 })).toEqual(["The sweep may not have seen everything, so nothing is released: each#1[b] ended before it came to its record."]);
});
