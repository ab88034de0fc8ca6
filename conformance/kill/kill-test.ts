import { checkCount, createReport, letEnd } from "./course.ts";
import type { Course, Report } from "./course.ts";
import { chooseStrikes } from "./kill-point.ts";
import type { KilledCommand } from "./kill-point.ts";
import { createPullRequests } from "./pull-requests.ts";
import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";
import { settle } from "./settle.ts";
import type { Stage } from "./stage.ts";
import { argumentsOf, carryOutStrike } from "./strike.ts";

/** What one kill test is to do. */
export interface KillTestOptions {
  readonly stage: Stage;
  readonly seed: string;
  /** At least so many kills. */
  readonly kills: number;
  /** At least so many of them between an intent and its outcome. */
  readonly inFlight: number;
  readonly say: (line: string) => void;
}

/** What it saw. */
export type KillTestResult = Pick<Course, "hits" | "begunAfterMs" | "answeredByPerson"> & { readonly report: Report };

/** After so many kills everything must come to rest once. */
const SETTLE_EVERY = 9;
/** A round is one to three kills; more than these would mean that hardly any of them hits. */
const MAX_ROUNDS_PER_KILL = 3;
/** No new round begins after this time: what is missing then is told, instead of being waited for. */
const BUDGET_MS = 6 * 60_000;
/** Until the first run was measured. */
const USUAL_MS = 2500;

/**
 * Kills the real command line again and again, lets it go on, and counts. Rejects only when the test itself cannot go on; whatever
 * is wrong with the product is in the report.
 */
export async function runKillTest({ stage, seed, kills, inFlight, say }: KillTestOptions): Promise<KillTestResult> {
  const random = createRandom(seed);
  const report = createReport((fault) => say(`FAULT  ${fault}`));
  const course: Course = {
    stage, report, say, hits: [], dead: new Set(), usualMs: USUAL_MS, begunAfterMs: [], answeredByPerson: 0,
    pulls: createPullRequests(stage.emulators.github, random.fork("pull requests")),
  };
  await letEnd(course, "lock", stage.commands.start(["lock"]), course.dead);
  let settledAt = 0;
  const until = performance.now() + BUDGET_MS;
  const isEnough = (): boolean => (course.hits.length >= kills && hitsInFlight(course) >= inFlight) || performance.now() > until;
  for (let round = 1; !isEnough() && round <= kills * MAX_ROUNDS_PER_KILL; round += 1) {
    await carryOutRound(course, random.fork(`round ${round}`), `seed ${seed}, round ${round}`);
    if (course.hits.length - settledAt < SETTLE_EVERY) continue;
    settledAt = course.hits.length;
    await settle(course, `seed ${seed}, after round ${round}`);
  }
  await settle(course, `seed ${seed}, at the end`);
  await checkEnd(course, { seed, kills, inFlight });
  return { report, hits: course.hits, begunAfterMs: course.begunAfterMs, answeredByPerson: course.answeredByPerson };
}

/** Some kills in a row, sometimes a change of the world, and mostly a command that may go on to its end. */
async function carryOutRound(course: Course, random: Random, where: string): Promise<void> {
  const strikes = chooseStrikes(random);
  for (const strike of strikes) {
    await carryOutStrike(course, strike, where);
    if (strike.point.at === "write" && strike.point.write === "update" && random.chance(0.3)) await course.pulls.retitleAgain();
  }
  const last = strikes.at(-1)?.command ?? "run";
  if (random.chance(0.6)) await goOn(course, random.chance(0.5) ? last : "run", where);
  await checkCount(course, where, { complete: false });
}

/** The next command: the same again, or a plain run, which takes up whatever was interrupted. */
async function goOn(course: Course, command: KilledCommand, where: string): Promise<void> {
  const { commands } = course.stage;
  await letEnd(course, where, commands.start(argumentsOf(course.stage, command)), new Set(course.dead));
}

async function checkEnd(course: Course, { seed, kills, inFlight }: Pick<KillTestOptions, "seed" | "kills" | "inFlight">): Promise<void> {
  const { report, stage, hits } = course;
  const { code } = await stage.commands.start(["plan", stage.workflow, "--detailed-exitcode"]).ended;
  report.check(`seed ${seed}`, code === 0 ? [] : [`a plan after all was settled ends with ${code}: it should have no changes`]);
  report.check(`seed ${seed}`, hits.length >= kills ? [] : [`only ${hits.length} of ${kills} kills hit a process`]);
  report.check(`seed ${seed}`, hitsInFlight(course) >= inFlight ? [] : [`only ${hitsInFlight(course)} of ${inFlight} kills were between an intent and its outcome`]);
}

function hitsInFlight({ hits }: Course): number {
  return hits.filter(({ kind }) => kind === "in-flight").length;
}
