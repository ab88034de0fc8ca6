import type { Run } from "offstage/model";
import { expect, test } from "vitest";
import { watchRun } from "./follow-run.ts";

test("who stops waiting for a run that others drive leaves it to them", async () => {
  const leaving = new AbortController();
  const waiting = watchRun({ signal: leaving.signal }, { id: "r", finished: new Promise(() => undefined) });
  leaving.abort();
  expect(await waiting).toBeNull();
  expect(await watchRun({ signal: leaving.signal }, { id: "r", finished: new Promise(() => undefined) })).toBeNull();
});

test("who waits to its end is told how it ended", async () => {
  const run = { id: "r", status: "succeeded" } as Run;
  expect(await watchRun({ signal: new AbortController().signal }, { id: "r", finished: Promise.resolve(run) })).toBe(run);
});
