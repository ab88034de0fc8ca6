import { approve, each, every, once, type StepError, webhook, workflow } from "offstage";
import { github } from "#servers";

export default workflow({
  name: "merge-approved",
  description: "Asks a person before it merges a pull request that says so in its title, and tells the author when GitHub will not.",
  on: [every("15m"), webhook("github", { when: (e) => e.headers["x-github-event"] === "pull_request" })],
  inputs: { owner: "acme", repo: "api" },
  limits: { writes: 20 },
}, async ({ inputs }) => {
  const pulls = await github.list_pull_requests.pages({ ...inputs, state: "open" }, { max: 20 });
  const ready = pulls.filter((pr) => pr.title.startsWith("[merge] "));
  return each(ready, { key: (pr) => pr.node_id, parallel: 5, onError: "continue" }, async (pr) => {
    const { outcome, by } = await approve({ message: `Merge #${pr.number}, ${pr.title}?`, show: { url: pr.html_url }, within: "2d" });
    if (outcome !== "approved") return `#${pr.number} ${outcome}`;
    try {
      await once(`merge:${pr.node_id}`, () => github.merge_pull_request({ ...inputs, pull_number: pr.number, merge_method: "squash" }));
      return `#${pr.number} merged`;
    } catch (error) {
      // Conflicts, a check that failed: whatever GitHub says, its author reads.
      const body = `${by ?? "Somebody"} approved this, but it could not be merged: ${(error as StepError).message}`;
      await once(`told:${pr.node_id}`, () => github.add_issue_comment({ ...inputs, issue_number: pr.number, body }));
      return `#${pr.number} left open`;
    }
  });
});
