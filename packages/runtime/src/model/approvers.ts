/** Who may answer what a person is asked; from `approvals:` of `offstage.yaml`. */
export interface Approvers {
  /** Names that stand for several people. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Whoever started a run by hand may not answer what it asks. */
  readonly fourEyes: boolean;
  /** How long a permission is asked for, ms: what nobody answered by then counts as refused. Absent: for ever. */
  readonly timeoutMs?: number;
}

/** By which way an answer came. `cli`: the name is what its user says, or the system's; `api`: that of a token; `link`: whom the link was made for; `timeout`: nobody answered. */
export type AnswerWay = "cli" | "api" | "link" | "timeout";

/** What one person said. `at` in milliseconds since the epoch; `why`: null when nothing was said. */
export interface PersonAnswer {
  readonly verdict: "approve" | "deny";
  readonly by: string;
  readonly why: string | null;
  readonly at: number;
  readonly way: AnswerWay;
}

/** Those that a list of people and groups stands for, each once. A group is nobody itself, also not as a member of another one. */
export function peopleOf(names: readonly string[], { groups }: Pick<Approvers, "groups">): readonly string[] {
  return [...new Set(names.flatMap((name) => (Object.hasOwn(groups, name) ? (groups[name] ?? []).filter((member) => !Object.hasOwn(groups, member)) : [name])))];
}

/** Whether a name is among those that a list of people and groups stands for; null: everybody is. */
export function isAmong(by: readonly string[] | null, name: string, approvers: Pick<Approvers, "groups">): boolean {
  return by === null || peopleOf(by, approvers).includes(name);
}

/** How many different people permitted it, of those who may. */
export function countApprovers(answers: readonly PersonAnswer[], by: readonly string[] | null, approvers: Pick<Approvers, "groups">): number {
  return new Set(answers.filter((answer) => answer.verdict === "approve" && isAmong(by, answer.by, approvers)).map((answer) => answer.by)).size;
}
