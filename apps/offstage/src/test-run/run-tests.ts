import { type Clock, formatDuration, OffstageError } from "offstage/base";
import type { RegisteredTest } from "offstage/rehearsal";
import type { TestFailure, TestResult } from "./test-result.ts";

/** The tests of one file, and what goes with them. */
export interface TestsOfFile {
  readonly tests: readonly RegisteredTest[];
  readonly clock: Clock;
  /** Milliseconds that a test may take which says nothing itself. */
  readonly limitMs: number;
  /** Empties what the running test left to be looked at when it ends. */
  readonly takeChecks: () => readonly (() => void)[];
  readonly takeWarnings: () => readonly string[];
  readonly failureOf: (thrown: unknown) => TestFailure;
  /** Told before each test, and with how it ended: whoever watches can end what never yields. */
  readonly tell: (news: TestNews) => void;
}

/** What goes on in a file. */
export type TestNews =
  | { readonly kind: "test-started"; readonly name: string; readonly limitMs: number }
  | { readonly kind: "test-ended"; readonly result: TestResult };

/** Runs tests one after the other, in the order of the file. Never rejects. */
export async function runTests(options: TestsOfFile): Promise<void> {
  const { tests, clock, tell } = options;
  for (const test of tests) {
    const limitMs = test.limitMs ?? options.limitMs;
    tell({ kind: "test-started", name: test.name, limitMs });
    const startedAt = clock.now();
    const failure = await failureIn(test, limitMs, options);
    tell({ kind: "test-ended", result: { name: test.name, ok: failure === null, tookMs: clock.now() - startedAt, warnings: options.takeWarnings(), failure } });
  }
}

async function failureIn(test: RegisteredTest, limitMs: number, { clock, takeChecks, failureOf }: TestsOfFile): Promise<TestFailure | null> {
  const ended = new AbortController();
  try {
    const late = clock.sleep(limitMs, ended.signal).then(() => {
      if (!ended.signal.aborted) throw timedOut(test.name, limitMs);
    });
    await Promise.race([late, Promise.resolve().then(() => test.body())]);
    for (const check of takeChecks()) check();
    return null;
  } catch (error) {
    takeChecks();
    return failureOf(error);
  } finally {
    ended.abort();
  }
}

/** The error of a test that takes too long. */
export function timedOut(name: string, limitMs: number): OffstageError {
  return new OffstageError("TEST_TIMEOUT", `The test "${name}" did not end within ${formatDuration(limitMs)}.`, { hint: `Look for a promise that nothing resolves, or give it more: test("${name}", { limit: "1m" }, …)` });
}
