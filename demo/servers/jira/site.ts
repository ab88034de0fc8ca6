/** A workflow status as Jira describes it. */
export interface SiteStatus {
  readonly id: string;
  readonly name: string;
  readonly category: { readonly id: number; readonly key: string; readonly colorName: string; readonly name: string };
}

/** A person of the site. */
export interface SiteUser {
  readonly accountId: string;
  readonly displayName: string;
  readonly emailAddress: string;
}

const ana = { accountId: "712020:ana", displayName: "Ana Ruiz", emailAddress: "ana@acme.example" } as const;

/** What the emulated Jira site holds besides issues; fixed, as an administrator would have set it up. */
export const SITE = {
  projects: [
    { id: "10000", key: "PROD", name: "Production" },
    { id: "10001", key: "OPS", name: "Operations" },
  ],
  issueTypes: [
    { id: "10004", name: "Bug", description: "A problem or error." },
    { id: "10002", name: "Task", description: "A small, distinct piece of work." },
    { id: "10001", name: "Story", description: "Functionality expressed as a user goal." },
  ],
  priorities: [
    { id: "1", name: "Highest" },
    { id: "2", name: "High" },
    { id: "3", name: "Medium" },
    { id: "4", name: "Low" },
    { id: "5", name: "Lowest" },
  ],
  statuses: [
    { id: "10000", name: "To Do", category: { id: 2, key: "new", colorName: "blue-gray", name: "To Do" } },
    { id: "3", name: "In Progress", category: { id: 4, key: "indeterminate", colorName: "yellow", name: "In Progress" } },
    { id: "10002", name: "Done", category: { id: 3, key: "done", colorName: "green", name: "Done" } },
  ],
  /** Every transition is open from every status, as in Jira's simplified workflow. */
  transitions: [
    { id: "11", name: "To Do", to: "To Do" },
    { id: "21", name: "In Progress", to: "In Progress" },
    { id: "31", name: "Done", to: "Done" },
  ],
  /** The one account whose email and token are accepted; it reports every issue. */
  account: ana,
  users: [ana, { accountId: "712020:bo", displayName: "Bo Lindqvist", emailAddress: "bo@acme.example" }],
} as const satisfies {
  readonly projects: readonly { readonly id: string; readonly key: string; readonly name: string }[];
  readonly issueTypes: readonly { readonly id: string; readonly name: string; readonly description: string }[];
  readonly priorities: readonly { readonly id: string; readonly name: string }[];
  readonly statuses: readonly SiteStatus[];
  readonly transitions: readonly { readonly id: string; readonly name: string; readonly to: string }[];
  readonly account: SiteUser;
  readonly users: readonly SiteUser[];
};
