import type { Run } from "offstage/model";
import { expect, test } from "vitest";
import { EXIT } from "../exit-code.ts";
import { exitCodeOfRun } from "./run-answer.ts";

test("a plan tells what failed, and first what only a person can know", () => {
  const code = (failures: readonly unknown[], ambiguous: readonly unknown[]) => exitCodeOfRun({ status: "planned", failures, ambiguous } as unknown as Run);
  expect([code([], []), code([{}], []), code([], [{}]), code([{}], [{}])]).toEqual([EXIT.fine, EXIT.failed, EXIT.waiting, EXIT.waiting]);
});
