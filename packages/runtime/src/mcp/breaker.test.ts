import { expect, test } from "vitest";
import type { ErrorData } from "../base/index.ts";
import { admit, afterAnswer, afterFailure, afterNothing, beginTrial, breakerOpen, type BreakerState, CLOSED, verdictOf } from "./breaker.ts";

const failure: ErrorData = { code: "SERVER_TIMEOUT", message: "It did not answer." };

/** After so many failures, one a second, the first at 1 s. */
function failed(times: number, state: BreakerState = CLOSED): BreakerState {
  for (let at = 1; at <= times; at++) state = afterFailure(state, failure, at * 1_000, at * 1_000);
  return state;
}

test("four failures in a row let calls pass, the fifth opens", () => {
  expect(admit(failed(4), 4_000)).toEqual({ kind: "pass" });
  expect(admit(failed(5), 5_000)).toMatchObject({ kind: "refuse", until: 15_000, row: { count: 5, since: 1_000, last: failure } });
});

test("an answer in between begins the row anew", () => {
  expect(failed(4, afterAnswer(failed(4))).kind).toBe("closed");
});

test("what was under way at a failure failed with it: a death under a hundred calls is one failure", () => {
  let state = CLOSED;
  for (let call = 0; call < 100; call++) state = afterFailure(state, failure, 0, 1_000 + 100 * call);
  expect(state).toMatchObject({ kind: "closed", row: { count: 1 } });
});

test("what fails within a moment is one failure: a server that is started anew refuses many calls meanwhile", () => {
  let state = CLOSED;
  for (let call = 0; call < 100; call++) state = afterFailure(state, failure, 1_000 + 5 * call, 1_001 + 5 * call);
  expect(state).toMatchObject({ kind: "closed", row: { count: 1 } });
});

test("when its time is over, one call tries and the others are still refused", () => {
  const open = failed(5);
  expect(admit(open, 14_999).kind).toBe("refuse");
  expect(admit(open, 15_000)).toEqual({ kind: "trial" });
  expect(admit(beginTrial(open, 15_000), 15_001)).toMatchObject({ kind: "refuse", until: null });
});

test("a trial that is answered closes it", () => {
  expect(afterAnswer(beginTrial(failed(5), 15_000))).toEqual(CLOSED);
});

test("a trial that fails opens it for twice as long, up to five minutes", () => {
  let state = failed(5);
  const times: number[] = [];
  for (let opening = 0; opening < 7; opening++) {
    const until = state.kind === "open" ? state.until : Number.NaN;
    state = afterFailure(beginTrial(state, until), failure, until, until);
    times.push(state.kind === "open" ? state.until - until : Number.NaN);
  }
  expect(times).toEqual([20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
});

test("a start that fails when it may be tried again opens it anew; a failure of before changes nothing", () => {
  const open = failed(5);
  expect(afterFailure(open, failure, 6_000, 6_000)).toBe(open);
  expect(afterFailure(open, failure, 15_000, 15_000)).toMatchObject({ kind: "open", until: 35_000 });
  const trial = beginTrial(open, 15_000);
  expect(afterFailure(trial, failure, 4_000, 16_000)).toBe(trial);
});

test("a trial of whose end nobody tells does not keep it open for ever", () => {
  expect(admit(beginTrial(failed(5), 15_000), 134_999).kind).toBe("refuse");
  expect(admit(beginTrial(failed(5), 15_000), 135_000).kind).toBe("trial");
});

test("a trial that is cancelled leaves it to the next call", () => {
  expect(admit(afterNothing(beginTrial(failed(5), 15_000), 15_500), 15_500)).toEqual({ kind: "trial" });
});

test("a server fails by its end, its silence, its garbage and 5xx; tools, logins and callers say nothing against it", () => {
  const verdict = (code: ErrorData["code"], status?: number) => verdictOf({ code, message: "" }, status);
  expect(["SERVER_START", "SERVER_EXITED", "SERVER_GARBAGE", "SERVER_TIMEOUT", "SERVER_UNREACHABLE"].map((code) => verdict(code as ErrorData["code"]))).toEqual(Array(5).fill("failed"));
  expect([verdict("SERVER_REFUSED", 502), verdict("SERVER_REFUSED", 403), verdict("SERVER_PROTOCOL")]).toEqual(["failed", "answered", "answered"]);
  expect(["CANCELLED", "AUTH_FAILED", "LOGIN_NEEDED", "DEADLINE_PASSED", "SERVER_SESSION_LOST"].map((code) => verdict(code as ErrorData["code"]))).toEqual(Array(5).fill("neither"));
});

test("the error says since when, until when, why, and that nothing was sent", () => {
  const refused = admit(failed(5), 5_000);
  if (refused.kind !== "refuse") throw new Error("it was admitted");
  expect(breakerOpen("jira", refused)).toMatchObject({
    code: "SERVER_AILING",
    hint: "Nothing was sent. Its log says more; `offstage servers jira` tries it.",
    message: 'The MCP server "jira" has failed 5 times in a row since 1970-01-01T00:00:01Z and is left alone: it is tried again from 1970-01-01T00:00:15Z. The last failure: It did not answer.',
  });
});
