import { describe, expect, it } from "vitest";
import type { JiraIssue } from "./servers/jira/issue.ts";
import { tallyFaults } from "./tally.ts";
import type { Tallied } from "./tally.ts";

const pull = { id: 1, node_id: "n", number: 7, title: "memory leak", state: "open", merged_at: null, html_url: "" } as const;

function ticket(key: string, summary: string = pull.title): JiraIssue {
  return { id: key, key, project: "PROD", summary, description: null, issueType: "Bug", priority: "Low", status: "To Do", labels: ["gh-pr-1"], assignee: null, createdAt: 0, updatedAt: 0 };
}

function faults(leak: Partial<Tallied>, complete: boolean, strays: readonly JiraIssue[] = []): readonly string[] {
  return tallyFaults({ leaks: [{ pull, tickets: [ticket("P-1")], comments: 1, ...leak }], strays }, { complete });
}

describe("the count of tickets against pull requests", () => {
  it("is right with one ticket and one comment for each", () => {
    expect(faults({}, true)).toEqual([]);
  });

  it("is right with less while work goes on, and wrong at its end", () => {
    expect(faults({ tickets: [], comments: 0 }, false)).toEqual([]);
    expect(faults({ tickets: [], comments: 0 }, true)).toEqual(["pull request 7 has no ticket: memory leak", "pull request 7 has no comment"]);
  });

  it("is wrong with more than one, with a stray one, and with another title", () => {
    expect(faults({ tickets: [ticket("P-1"), ticket("P-2")], comments: 2 }, false)).toEqual(["pull request 7 has 2 tickets: P-1, P-2", "pull request 7 has 2 comments"]);
    expect(faults({}, false, [ticket("P-9", "other")])).toEqual(["P-9 belongs to no open pull request about a memory leak: other"]);
    expect(faults({ tickets: [ticket("P-1", "FAKE")] }, false)).toEqual(["P-1 does not have the title of pull request 7"]);
  });
});
