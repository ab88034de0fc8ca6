import { describe, test } from "vitest";
import type { ConformanceCase } from "./case.ts";
import { grantPerformsOnlyWhatWasHeld } from "./cases/a-grant.ts";
import { nothingFollowsAHeldWrite } from "./cases/b-after-held.ts";
import { pendingItemKeepsTheCursor } from "./cases/c-cursor.ts";
import { thereAndBackIsThreeUpdates } from "./cases/d-there-and-back.ts";
import { killedAnywhereOneTicket } from "./cases/e-kill-in-create.ts";
import { strangeAnswersDoubleNothing } from "./cases/f-strange-answers.ts";
import { twoProcessesOneIdentity } from "./cases/g-two-processes.ts";
import { writesUnderUnknownsAreInThePlan } from "./cases/h-unknown-branches.ts";
import { resumedAfterCompactionSameResult } from "./cases/i-compacted.ts";
import { goneNeedsTwoWitnesses } from "./cases/j-gone.ts";
import { playEmbedded } from "./embedded-stage.ts";

/** The cases that every host plays. */
const CASES: readonly ConformanceCase[] = [
  grantPerformsOnlyWhatWasHeld, nothingFollowsAHeldWrite, pendingItemKeepsTheCursor, thereAndBackIsThreeUpdates, killedAnywhereOneTicket,
  strangeAnswersDoubleNothing, twoProcessesOneIdentity, writesUnderUnknownsAreInThePlan, resumedAfterCompactionSameResult, goneNeedsTwoWitnesses,
];

describe("on the embedded host", () => {
  test.each(CASES)("$id: $promise", playEmbedded);
});
