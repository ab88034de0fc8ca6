import { strict } from "node:assert";
import { OffstageError, parseDuration } from "../base/index.ts";
import { failure } from "./answers.ts";
import { openStage, type Stage } from "./rehearse.ts";
import { type TestRunner, testRunner } from "./staging.ts";
import type * as declared from "./test-types.ts";

// `offstage/test`. The declarations that people read, and editors complete, are in test-types.ts.

export type { AgainOptions, Answer, Answers, Assert, Failure, Json, Rehearsal, RehearsedCall, RehearsedEffect, RehearseOptions, RunError } from "./test-types.ts";

export const rehearse = ((workflow: string, options: declared.RehearseOptions = {}) => begin(workflow, options, (stage) => stage.run())) as typeof declared.rehearse;

export const plan = ((workflow: string, options: declared.RehearseOptions = {}) => begin(workflow, options, (stage) => stage.plan())) as typeof declared.plan;

export const test: typeof declared.test = (name: string, ...rest: readonly unknown[]) => {
  const [options, body] = (rest.length === 1 ? [{}, rest[0]] : rest) as [{ readonly limit?: string }, () => void | Promise<void>];
  const limitMs = options.limit === undefined ? null : parseDuration(options.limit);
  if (limitMs === null && options.limit !== undefined) throw new OffstageError("USAGE", `The limit "${options.limit}" of the test "${name}" is no duration.`, { hint: 'Write "10s" or "2m".' });
  testRunner().register({ name, limitMs, body });
};

export const fails: typeof declared.fails = (message) => failure("fails", message);
export const refuses: typeof declared.refuses = (message) => failure("refuses", message);
export const gone: typeof declared.gone = (message = "It does not exist.") => failure("gone", message);
export const assert: declared.Assert = strict;

/** A rehearsal, which the test has to have waited for when it ends: one that goes on behind it proves nothing. */
async function begin<T>(workflow: string, options: declared.RehearseOptions, perform: (stage: Stage) => Promise<T>): Promise<T> {
  const runner = testRunner();
  let stage: Stage | null = null;
  let ended = false;
  runner.atTestEnd(() => {
    if (!ended) throw new OffstageError("USAGE", `The test ended before its rehearsal of ${workflow} did.`, { hint: "Wait for it: `await rehearse(…)`." });
    if (stage !== null && options.unused !== "ignore") tellUnused(runner, stage, workflow, options);
  });
  try {
    stage = await openStage(runner.staging, workflow, options);
    return await perform(stage);
  } finally {
    ended = true;
  }
}

function tellUnused(runner: TestRunner, stage: Stage, workflow: string, options: declared.RehearseOptions): void {
  const unused = stage.unused();
  if (unused.length === 0) return;
  const counts = [...Map.groupBy(unused, (tool) => tool)].map(([tool, calls]) => (calls.length === 1 ? tool : `${tool} (${calls.length} times)`));
  const text = `fixtures/${workflow}/${options.fixture ?? ""}.json has calls that this test did not make: ${counts.join(", ")}.`;
  if (options.unused !== "fail") return runner.warn(text);
  throw new OffstageError("CALL_UNUSED", text, { hint: "Record it again, or say unused: \"ignore\"." });
}
