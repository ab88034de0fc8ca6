import { DemoFault, assertTally, runOffstage, waitForIndex } from "./story.ts";
import type { Story } from "./story.ts";
import { takeTally } from "./tally.ts";
import type { Tally } from "./tally.ts";

const CHANGES = 3;

/** What there is before Offstage does anything. */
export async function introduce(story: Story): Promise<void> {
  const { emulators, narrator } = story;
  const pulls = await emulators.github.pulls();
  const { leaks } = await takeTally(emulators);
  await narrator.act("Two services, two servers, one workflow", "Nothing here leaves this machine, and no account is needed.");
  narrator.say(
    [
      "",
      `  GitHub   ${emulators.github.url}  ${pulls.length} pull requests, ${leaks.length} of them open and about a memory leak`,
      `  Jira     ${emulators.jira.url}  no tickets; its search sees a write only after ${emulators.jira.lagMs() / 1000} s, as the real one's does later`,
      `  project  ${story.folder}`,
      "           both services are reached through the MCP servers that people use:",
      "           @modelcontextprotocol/server-github and @nexus2520/jira-mcp-server",
    ].join("\n"),
  );
}

/** `lock` and `check`. */
export async function prepare(story: Story): Promise<void> {
  await story.narrator.act("Pin the tools", "offstage.lock says which tools the servers offer and what each call does. A tool that changes later stops the writes.");
  await runOffstage(story, ["lock"]);
  await story.narrator.act("Check the workflow", "The module is read, not executed: types, the language, what it could write. No server is asked.");
  await runOffstage(story, ["check"]);
}

/** `plan`: nothing may be written by it. */
export async function planFirst(story: Story, planFile: string): Promise<void> {
  await story.narrator.act("Plan", "Reads are made, every write is held and shown. Nothing is written.");
  await runOffstage(story, ["plan", story.project.workflow, "--out", planFile]);
  await assertNothingWritten(story);
  story.narrator.say("\nJira's own request log agrees: it was only read.");
}

/** `apply`: one ticket for each pull request, shown from Jira's data. */
export async function applyFirst(story: Story, planFile: string): Promise<void> {
  await story.narrator.act("Apply", "Exactly the planned writes, each noted in the ledger before it is sent.");
  await runOffstage(story, ["apply", planFile]);
  const tally = await assertTally(story, { complete: true });
  story.narrator.say(`\nIn Jira's database, one ticket for each of the ${tally.leaks.length} pull requests:\n${ticketLines(story, tally).join("\n")}`);
}

/** `plan` once more: no changes. */
export async function planAgain(story: Story): Promise<void> {
  await story.narrator.act("Plan again", "Everything is as it should be, so there is nothing to do; exit code 0 says so to a script.");
  const code = await runOffstage(story, ["plan", story.project.workflow, "--detailed-exitcode"], [0, CHANGES]);
  if (code === CHANGES) throw new DemoFault("The second plan has changes, although nothing changed.");
}

/** One more pull request: one more ticket. */
export async function oneMore(story: Story): Promise<void> {
  const { emulators, narrator } = story;
  await narrator.act("One more pull request", "Somebody opens one; the next unattended run raises exactly one more ticket.");
  const before = emulators.jira.issues().length;
  const pull = await emulators.github.addPull({ title: "fix: memory leak in the retry queue (found by `offstage`)", author: "chen", labels: ["bug"] });
  narrator.say(`\n  + pull request ${pull.number}: ${pull.title}`);
  await waitForIndex(story);
  await runOffstage(story, ["run", story.project.workflow]);
  await assertTally(story, { complete: true });
  const more = emulators.jira.issues().length - before;
  if (more !== 1) throw new DemoFault(`One more pull request made ${more} more tickets.`);
  narrator.say(`\nOne more ticket: ${emulators.jira.issues().at(-1)?.key ?? ""}.`);
}

async function assertNothingWritten({ emulators }: Story): Promise<void> {
  const writes = emulators.jira.requests().filter(({ method, path }) => method !== "GET" && path !== "/search/jql");
  const { leaks } = await takeTally(emulators);
  const comments = leaks.reduce((sum, leak) => sum + leak.comments, 0);
  if (writes.length + comments > 0) throw new DemoFault(`Planning wrote: ${writes.length} requests to Jira, ${comments} comments on GitHub.`);
}

function ticketLines({ emulators }: Story, tally: Tally): readonly string[] {
  return tally.leaks.map(({ pull, tickets }) => {
    const key = tickets[0]?.key ?? "";
    return `  ${key.padEnd(8)} ${emulators.jira.url}/browse/${key}  #${String(pull.number).padEnd(3)} ${shorten(pull.title)}`;
  });
}

/** One line of a terminal, whatever the title holds. */
function shorten(title: string): string {
  const line = title.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
