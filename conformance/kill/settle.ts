import { setTimeout as sleep } from "node:timers/promises";
import type { LedgerEntry } from "offstage/model";
import { findMarked } from "../../demo/leftovers.ts";
import { answerOf } from "./command-verdict.ts";
import type { AnsweredRun } from "./command-verdict.ts";
import { checkCount, letEnd } from "./course.ts";
import type { Course } from "./course.ts";
import { readStore } from "./read-store.ts";

/** How long after an effect's deadline it is provable what became of it: the lag that the profile promises, and a little. */
const PROVABLE_AFTER_MS = 2000 + 200;
const MAX_TURNS = 6;
const LEFTOVER_GRACE_MS = 8000;
const POLL_MS = 100;
/** So many open pull requests stay: with more of them each run takes longer. */
const KEPT_OPEN = 9;

/**
 * Lets all come to rest: waits until everything is provable and runs again, until a run succeeds. Only comments, of which no tool
 * of the GitHub server can tell whether they were made, are answered by a person: by us, after looking. Then counts.
 */
export async function settle(course: Course, where: string): Promise<void> {
  const { stage, report, say } = course;
  let turns = 0;
  for (let open = await openEffects(course); turns < MAX_TURNS; turns += 1) {
    await sleep(Math.max(0, ...open.map(({ deadlineAt }) => deadlineAt + PROVABLE_AFTER_MS - Date.now())));
    const end = await letEnd(course, where, stage.commands.start(["run", stage.workflow]), new Set(course.dead));
    course.usualMs = end.ms;
    open = await openEffects(course);
    const answer = answerOf(end.output);
    if (answer.kind === "run") {
      report.check(where, unsaid(answer.run, open));
      if (answer.run.status === "succeeded" && open.length === 0) break;
    }
    for (const effect of open) await answerComment(course, effect, where);
  }
  report.check(where, turns === MAX_TURNS ? [`after ${MAX_TURNS} more runs not everything is known`] : []);
  const { runs } = await readStore(stage.storeFile, { inUse: false });
  report.check(where, runs.filter(({ status }) => status === "queued" || status === "running").map(({ id, status }) => `run ${id} is still ${status}`));
  report.check(where, await leftovers(course));
  await checkCount(course, where, { complete: true });
  say(`${where}: ${turns === MAX_TURNS ? "not settled" : "settled"} after ${Math.min(turns + 1, MAX_TURNS)} runs; ${stage.emulators.jira.issues().length} tickets so far`);
  await course.pulls.settle(KEPT_OPEN);
}

/** What may have happened and is not known. */
async function openEffects({ stage }: Course): Promise<readonly LedgerEntry[]> {
  const { effects } = await readStore(stage.storeFile, { inUse: false });
  return effects.filter(({ status }) => status === "intended" || status === "ambiguous");
}

/** An open effect that the run does not name would be a silent one. */
function unsaid(run: AnsweredRun, open: readonly LedgerEntry[]): readonly string[] {
  const said = new Set(run.ambiguous.map(({ effect }) => effect));
  return open.filter(({ id }) => !said.has(id)).map(({ id, step, status }) => `run ${run.id} ${run.status} and does not say that ${id.slice(0, 12)} (${step}) is ${status}`);
}

/** Says what became of a comment, by the comments that there are; everything else has to come out by itself. */
async function answerComment(course: Course, effect: LedgerEntry, where: string): Promise<void> {
  const { identity } = effect;
  const { github } = course.stage.emulators;
  const pull = identity.kind === "once" ? (await github.pulls("all")).find(({ node_id }) => identity.key === `comment:${node_id}`) : undefined;
  if (pull === undefined || effect.deadlineAt > Date.now()) return;
  const happened = (await github.comments(pull.number)).some(({ body }) => body.startsWith("Tracked as"));
  const { code, output } = await course.stage.commands.start(["resolve", effect.id.slice(0, 16), happened ? "--happened" : "--did-not-happen", "--by", "the kill test"]).ended;
  course.report.check(where, code === 0 ? [] : [`resolve ${effect.id.slice(0, 16)} ended with ${code}: ${output}`]);
  course.answeredByPerson += 1;
}

/** No command runs: every server must have ended, or end, by itself. */
async function leftovers({ stage: { mark } }: Course): Promise<readonly string[]> {
  for (let waited = 0; waited < LEFTOVER_GRACE_MS && findMarked(mark).length > 0; waited += POLL_MS) await sleep(POLL_MS);
  return findMarked(mark).map((pid) => `process ${pid} lives although no command does`);
}
