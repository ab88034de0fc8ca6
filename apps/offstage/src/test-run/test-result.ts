import { isOffstageError } from "offstage/base";
import { DiagnosticsError, type Failure, failureOf } from "../errors.ts";

/** How one test of a file ended. */
export interface TestResult {
  readonly name: string;
  readonly ok: boolean;
  /** Milliseconds. */
  readonly tookMs: number;
  readonly warnings: readonly string[];
  readonly failure: TestFailure | null;
}

/** Why a test, or a whole file, failed. `code` is absent for what Offstage did not throw: an assertion, a mistake in the test. */
export type TestFailure = Omit<Failure, "code" | "stack"> & {
  readonly code?: Failure["code"];
  /** `workflows/x.test.ts:12:5`, where the test's own file appears in the stack. */
  readonly at?: string;
};

/** How the tests of one file ended. */
export interface FileResult {
  /** `workflows/leak-tickets.test.ts`. */
  readonly file: string;
  readonly tests: readonly TestResult[];
  /** Why the file as a whole failed, besides its tests. */
  readonly failure: TestFailure | null;
  /** The workflows that it rehearsed, and those that they call: a change of one runs it again. */
  readonly workflows: readonly string[];
}

/** Whether all of a file went well. */
export function isGood(result: FileResult): boolean {
  return result.failure === null && result.tests.every((test) => test.ok);
}

/** Anything that a test threw, as data that a worker can hand over. `folder` is the project's, `file` the test's, relative to it. */
export function testFailureOf(thrown: unknown, { folder, file }: { readonly folder: string; readonly file: string }): TestFailure {
  const at = placeOf(thrown, folder, file);
  const place = at === null ? {} : { at };
  if (thrown instanceof DiagnosticsError || (isOffstageError(thrown) && thrown.code !== "BUG")) {
    const { stack: _, ...failure } = failureOf(thrown);
    return { ...failure, ...place };
  }
  const message = thrown instanceof Error ? (thrown.name === "AssertionError" ? thrown.message : `${thrown.name}: ${thrown.message}`) : String(thrown);
  return { message, ...place };
}

/** The first line of the stack that lies in the test's own file. */
function placeOf(thrown: unknown, folder: string, file: string): string | null {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  const found = stack.split("\n").find((line) => line.includes(`${folder}/${file}:`));
  const position = found === undefined ? null : /:(\d+:\d+)\)?$/.exec(found);
  return position === null ? null : `${file}:${position[1]}`;
}
