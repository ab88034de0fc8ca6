import type { Emulators } from "./emulators.ts";
import type { GithubPull } from "./servers/github.ts";
import type { JiraIssue } from "./servers/jira/issue.ts";

/** A pull request that is about a memory leak, and what exists for it. */
export interface Tallied {
  readonly pull: GithubPull;
  readonly tickets: readonly JiraIssue[];
  readonly comments: number;
}

/** What the two services hold, counted in their own data and not in Offstage's. */
export interface Tally {
  /** One for each open pull request about a memory leak, in the order they were opened. */
  readonly leaks: readonly Tallied[];
  /** Tickets that belong to none of them. */
  readonly strays: readonly JiraIssue[];
}

/** Counts tickets against pull requests. A ticket belongs to the pull request that its label names. */
export async function takeTally({ github, jira }: Pick<Emulators, "github" | "jira">): Promise<Tally> {
  const pulls = (await github.pulls("open")).filter((pull) => /memory leak/i.test(pull.title));
  const issues = jira.issues();
  const ofPull = (pull: GithubPull): readonly JiraIssue[] => issues.filter((issue) => issue.labels.includes(`gh-pr-${pull.id}`));
  const leaks = await Promise.all(
    pulls.map(async (pull) => ({ pull, tickets: ofPull(pull), comments: (await github.comments(pull.number)).filter((comment) => comment.body.startsWith("Tracked as ")).length })),
  );
  const counted = new Set(leaks.flatMap(({ tickets }) => tickets));
  return { leaks, strays: issues.filter((issue) => !counted.has(issue)) };
}

/** What is wrong with a tally: at most one ticket and one comment for a pull request; with `complete`, exactly one of each. */
export function tallyFaults(tally: Tally, options: { readonly complete: boolean }): readonly string[] {
  const faults = tally.strays.map((issue) => `${issue.key} belongs to no open pull request about a memory leak: ${issue.summary}`);
  for (const { pull, tickets, comments } of tally.leaks) {
    const name = `pull request ${pull.number}`;
    if (tickets.length > 1) faults.push(`${name} has ${tickets.length} tickets: ${tickets.map((issue) => issue.key).join(", ")}`);
    if (comments > 1) faults.push(`${name} has ${comments} comments`);
    if (options.complete && tickets.length === 0) faults.push(`${name} has no ticket: ${pull.title}`);
    if (options.complete && comments === 0) faults.push(`${name} has no comment`);
    const [ticket] = tickets;
    if (ticket !== undefined && ticket.summary !== pull.title) faults.push(`${ticket.key} does not have the title of ${name}`);
  }
  return faults;
}
