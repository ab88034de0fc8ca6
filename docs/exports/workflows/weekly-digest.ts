import { ago, cron, iso, once, parallel, time, workflow } from "offstage";
import { github, jira } from "#servers";

const WEEK = "7d";

export default workflow({
  name: "weekly-digest",
  description: "Every Monday one issue that says what moved in a week: pull requests that were closed, those that nobody touched, bugs that are open.",
  on: [cron("0 7 * * mon", { timezone: "Europe/Berlin" })],
  inputs: { owner: "acme", repo: "api", project: "PROD" },
  limits: { writes: 1 },
}, async ({ inputs: { owner, repo, project }, run }) => {
  const since = ago(WEEK);
  const found = await parallel({
    open: () => github.list_pull_requests.pages({ owner, repo, state: "open", per_page: 100 }, { max: 20 }),
    closed: () => github.list_pull_requests.pages(
      { owner, repo, state: "closed", sort: "updated", direction: "desc", per_page: 100 },
      { max: 20, until: (pr) => time(pr.updated_at) < since },
    ),
    bugs: () => jira.jira_search.pages({ action: "issues", jql: `project = ${project} AND type = Bug AND statusCategory != Done`, fields: ["summary"] }, { max: 20 }),
  });
  const stale = found.open.filter((pr) => time(pr.updated_at) < since).toSorted((a, b) => a.number - b.number);
  const list = (pulls: readonly github.PullRequest[]) => pulls.map((pr) => `- #${pr.number} ${pr.title}`).join("\n");
  const body = [
    `## ${found.closed.length} closed`, list(found.closed), `## ${stale.length} untouched`, list(stale),
    `## ${found.bugs.length} bugs`, ...found.bugs.map((bug) => `- ${bug.key} ${bug.fields.summary}`),
  ].join("\n");
  const day = iso(run.startedAt).slice(0, 10);
  await once(`digest:${day}`, () => github.create_issue({ owner, repo, title: `The week until ${day}`, body }));
  return { closed: found.closed.length, stale: stale.length, bugs: found.bugs.length };
});
