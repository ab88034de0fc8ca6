import { setTimeout as sleep } from "node:timers/promises";
import type { CliCommand } from "./cli.ts";
import type { Hold } from "./servers/jira/faults.ts";
import { DemoFault, assertTally, describeEnd, runOffstage, startOffstage, waitForIndex } from "./story.ts";
import type { Story } from "./story.ts";

/** How many pull requests appear, and after how many tickets the process is killed. */
const NEW_PULLS = 6;
const BEFORE_KILL = 2;
/** The workflow works on so many items at once: that many creates are under way when it is killed. */
const PARALLEL = Math.min(4, NEW_PULLS - BEFORE_KILL);
const ARRIVAL_LIMIT_MS = 30_000;
/** How often the run may be repeated until everything is known; each time the index's lag has passed. */
const MAX_TURNS = 12;
const WAITING = 4;
const FAILED = 1;

const TITLES = ["in the scheduler", "in gzip streams", "when DNS fails", "in the cookie jar", "on SIGHUP", "in `Map` keys"] as const;

/**
 * Kills `apply` with SIGKILL when some of its creates have reached Jira and none of their answers has come back: one was not
 * written and never will be, the others were. From the outside these look the same.
 */
export async function killMidApply(story: Story, planFile: string): Promise<void> {
  const { emulators, narrator } = story;
  await narrator.act("Kill it in the middle", `${NEW_PULLS} pull requests appear. Jira will take its time with the answers, and the process is killed with SIGKILL while it waits.`);
  for (const title of TITLES) await emulators.github.addPull({ title: `fix: memory leak ${title}`, author: "bo", labels: ["bug"] });
  await waitForIndex(story);
  await runOffstage(story, ["plan", story.project.workflow, "--out", planFile]);
  const before = emulators.jira.issues().length;
  const target = { method: "POST", path: "/issue", skip: BEFORE_KILL };
  const unwritten = emulators.jira.faults.hold(target, "before");
  const written = emulators.jira.faults.hold({ ...target, times: NEW_PULLS }, "after");
  const command = startOffstage(story, ["apply", planFile]);
  await arrival(story, command, [
    [unwritten, 1],
    [written, PARALLEL - 1],
  ]);
  command.kill();
  const end = await command.ended;
  emulators.jira.faults.clear();
  const made = emulators.jira.issues().length - before;
  narrator.say(
    `\nEnded by ${describeEnd(end)}. Jira now has ${made} of the ${NEW_PULLS} tickets. Offstage had ${unwritten.count() + written.count()} creates under way: ` +
      `${written.count()} were written, ${unwritten.count()} was not, and no answer told it which.`,
  );
}

/** Runs the same command again at once, and then until everything is known; counts all the way. */
export async function goOnAfterKill(story: Story, planFile: string): Promise<void> {
  const { narrator } = story;
  await narrator.act(
    "Start it again",
    "The same command goes on with the same plan. What was under way is not sent again: it is looked for, and as long as the search may lag, finding nothing proves nothing.",
  );
  const first = await runOffstage(story, ["apply", planFile], [0, FAILED, WAITING]);
  const { leaks } = await assertTally(story, { complete: false });
  const missing = leaks.filter(({ tickets }) => tickets.length === 0).length;
  narrator.say(`\nStill at most one ticket for each pull request; ${missing} without one, because nobody could know yet (exit code ${first}).`);
  await narrator.act("Once the search has caught up", "What was written is found and kept; what provably was not is made now. Neither needs a person.");
  for (let turn = 1; ; turn += 1) {
    await waitForIndex(story);
    const code = await runOffstage(story, ["run", story.project.workflow], [0, FAILED, WAITING]);
    await assertTally(story, { complete: code === 0 });
    if (code === 0) break;
    if (turn === MAX_TURNS) throw new DemoFault(`After ${turn} more runs there is still something that Offstage does not know.`);
  }
  const { leaks: settled } = await assertTally(story, { complete: true });
  narrator.say(`\n${settled.length} pull requests, ${story.emulators.jira.issues().length} tickets, one for each. Nothing was written twice.`);
}

/** Resolves when every hold has the requests it is to have; throws DemoFault when the command ends before, or it takes too long. */
async function arrival(story: Story, command: CliCommand, holds: readonly (readonly [Hold, number])[]): Promise<void> {
  const settled = new AbortController();
  try {
    const outcome = await Promise.race([
      Promise.all(holds.map(([hold, count]) => hold.arrived(count))).then(() => null),
      command.ended.then((end) => `apply ended with ${describeEnd(end)} before it could be killed.`),
      sleep(ARRIVAL_LIMIT_MS, `apply did not send its creates within ${ARRIVAL_LIMIT_MS / 1000} s.`, { signal: settled.signal }),
    ]);
    story.signal.throwIfAborted();
    if (outcome !== null) throw new DemoFault(outcome);
  } finally {
    settled.abort();
  }
}
