/** An issue as the emulator stores it; `responses.ts` gives it Jira's shape. Instants are epoch milliseconds. */
export interface JiraIssue {
  readonly id: string;
  readonly key: string;
  readonly project: string;
  readonly summary: string;
  /** An Atlassian document, kept as it came. */
  readonly description: unknown;
  readonly issueType: string;
  readonly priority: string;
  readonly status: string;
  readonly labels: readonly string[];
  /** An account id. */
  readonly assignee: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a client may set of an issue; `edit-fields.ts` makes it of a request after checking it. */
export type JiraIssueFields = Pick<JiraIssue, "summary" | "description" | "issueType" | "priority" | "labels" | "assignee" | "project">;

/** A comment on an issue. */
export interface JiraComment {
  readonly id: string;
  readonly body: unknown;
  readonly createdAt: number;
}

/** One request that reached the emulator, logged before anything was done with it. `path` is without `/rest/api/3` and query. */
export interface JiraRequest {
  readonly seq: number;
  readonly at: number;
  readonly method: string;
  readonly path: string;
}
