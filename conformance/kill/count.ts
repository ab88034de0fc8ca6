/** What the two services hold, read behind Offstage's back. */
export interface Holdings {
  readonly pulls: readonly CountedPull[];
  readonly tickets: readonly { readonly key: string; readonly summary: string; readonly labels: readonly string[] }[];
}

/** A pull request of any state, with the bodies of its comments. */
export interface CountedPull {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly state: "open" | "closed";
  readonly comments: readonly string[];
}

/** True for the pull requests that the workflow is about. */
export function isOpenLeak({ state, title }: Pick<CountedPull, "state" | "title">): boolean {
  return state === "open" && /memory leak/i.test(title);
}

/**
 * Everything that is wrong with a count, in words. At any time: no pull request, of whatever state, has two tickets or two
 * comments, no ticket belongs to none, no comment names another's ticket. `complete`, once everything is known: each open one
 * about a memory leak has exactly one of both, and its title.
 */
export function countFaults({ pulls, tickets }: Holdings, options: { readonly complete: boolean }): readonly string[] {
  const label = (pull: CountedPull): string => `gh-pr-${pull.id}`;
  const labels = new Set(pulls.map(label));
  const strays = tickets.filter((ticket) => !ticket.labels.some((one) => labels.has(one)));
  return [
    ...strays.map(({ key, summary }) => `${key} belongs to no pull request: ${summary}`),
    ...pulls.flatMap((pull) => pullFaults(pull, tickets.filter((ticket) => ticket.labels.includes(label(pull))), options.complete && isOpenLeak(pull))),
  ];
}

function pullFaults({ number, title, comments }: CountedPull, tickets: Holdings["tickets"], complete: boolean): readonly string[] {
  const faults: string[] = [];
  const name = `pull request ${number}`;
  const [ticket] = tickets;
  if (tickets.length > 1) faults.push(`${name} has ${tickets.length} tickets: ${tickets.map(({ key }) => key).join(", ")}`);
  if (comments.length > 1) faults.push(`${name} has ${comments.length} comments: ${comments.join(" | ")}`);
  for (const comment of comments) if (comment !== `Tracked as ${ticket?.key}`) faults.push(`${name} has the comment "${comment}" and the ticket ${ticket?.key ?? "(none)"}`);
  if (!complete) return faults;
  if (ticket === undefined) faults.push(`${name} has no ticket: ${title}`);
  if (comments.length === 0) faults.push(`${name} has no comment`);
  if (ticket !== undefined && ticket.summary !== title) faults.push(`${ticket.key} does not have the title of ${name}: ${ticket.summary}`);
  return faults;
}
