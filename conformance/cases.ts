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
import { limitEndsTheRun } from "./cases/k-write-limit.ts";
import { foundTargetIsAdoptedWithLeave } from "./cases/l-adoption.ts";
import { vainUpdateIsLeftAlone } from "./cases/m-not-converging.ts";
import { twoTargetsAreNobodys } from "./cases/n-ambiguous-record.ts";
import { releasedIsReopened } from "./cases/o-release-reopen.ts";
import { lostRaceOfAState } from "./cases/p-state-race.ts";
import { applyIsThePlanOrHeld } from "./cases/q-between-plan-and-apply.ts";
import { killedApplyGoesOn } from "./cases/r-kill-in-apply.ts";
import { manyUpdatesNeedAPerson } from "./cases/s-mass-change.ts";
import { branchesSideBySide } from "./cases/t-side-by-side.ts";
import { resourcesAreRead } from "./cases/u-resources.ts";
import { calledWorkflowKeepsItsIdentities } from "./cases/v-called.ts";
import { peopleAnswerItemsApart } from "./cases/w-approve.ts";
import { eventsOfItemsApart } from "./cases/w-event.ts";
import { looksAgainUntilThereIsSomething } from "./cases/w-poll.ts";
import { sleepsForMonths } from "./cases/w-sleep.ts";
import { inputsAreWhatTheirSchemasAllow } from "./cases/x-inputs.ts";
import { startedOncePerKey } from "./cases/y-started.ts";
import { bytesTravelByName } from "./cases/z-blobs.ts";

import { CALLED_CASES } from "./cases/called.ts";
import { END_CASES } from "./cases/ends.ts";
import { LOOP_CASES } from "./cases/loops.ts";
import { MODULE_CASES } from "./cases/modules.ts";
import { PLAN_CASES } from "./cases/plans.ts";
import { RECORD_CASES } from "./cases/records.ts";
import { TOOL_CASES } from "./cases/tools.ts";
import { WAIT_CASES } from "./cases/waits.ts";
import { WRITE_CASES } from "./cases/writes.ts";

/** The cases that every host plays. */
export const CASES: readonly ConformanceCase[] = [
  grantPerformsOnlyWhatWasHeld, nothingFollowsAHeldWrite, pendingItemKeepsTheCursor, thereAndBackIsThreeUpdates, killedAnywhereOneTicket,
  strangeAnswersDoubleNothing, twoProcessesOneIdentity, writesUnderUnknownsAreInThePlan, resumedAfterCompactionSameResult, goneNeedsTwoWitnesses,
  limitEndsTheRun, foundTargetIsAdoptedWithLeave, vainUpdateIsLeftAlone, twoTargetsAreNobodys, releasedIsReopened, lostRaceOfAState, applyIsThePlanOrHeld, killedApplyGoesOn, manyUpdatesNeedAPerson,
  branchesSideBySide, resourcesAreRead, calledWorkflowKeepsItsIdentities, sleepsForMonths, peopleAnswerItemsApart, eventsOfItemsApart, looksAgainUntilThereIsSomething,
  inputsAreWhatTheirSchemasAllow, startedOncePerKey, bytesTravelByName,
  ...MODULE_CASES, ...TOOL_CASES, ...WRITE_CASES, ...LOOP_CASES, ...RECORD_CASES, ...CALLED_CASES,
  ...WAIT_CASES, ...END_CASES, ...PLAN_CASES,
];
