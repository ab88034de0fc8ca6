import type { CommandEnd } from "./command.ts";

/** A run as `--json` shows it, as far as the kill test looks at it. */
export interface AnsweredRun {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly failures: readonly { readonly step: string; readonly error: { readonly code: string; readonly message: string } }[];
  readonly held: readonly { readonly label: string; readonly why: string }[];
  readonly ambiguous: readonly { readonly effect: string; readonly label: string }[];
}

/** What a command answered. */
export type Answer = { readonly kind: "run"; readonly run: AnsweredRun } | { readonly kind: "error"; readonly code: string; readonly message: string } | { readonly kind: "other" };

interface EnvelopeShape {
  readonly ok?: boolean;
  readonly result?: { readonly run?: AnsweredRun };
  readonly error?: { readonly code?: string; readonly message?: string };
}

/** Reads the JSON document of a command that ended by itself. */
export function answerOf(output: string): Answer {
  let envelope: EnvelopeShape;
  try {
    envelope = JSON.parse(output) as EnvelopeShape;
  } catch {
    return { kind: "error", code: "(none)", message: `no JSON document: ${output.slice(0, 200)}` };
  }
  if (envelope.ok === false) return { kind: "error", code: envelope.error?.code ?? "(none)", message: envelope.error?.message ?? "" };
  return envelope.result?.run === undefined ? { kind: "other" } : { kind: "run", run: envelope.result.run };
}

/** Ends that a kill may lead to. `pending` may be a plan's only: what it does not have is held. */
const RUN_ENDS: Readonly<Record<string, readonly string[]>> = { run: ["succeeded", "needs-attention", "partial"], apply: ["succeeded", "needs-attention", "partial", "pending"] };
/** A failure that an item of a run may have: an earlier attempt was looked for and is not there. */
const ITEM_FAILURES: readonly string[] = ["EFFECT_ABSENT", "EFFECT_AMBIGUOUS"];

/** Whether a command, killed or not, waited for one of the processes that were `dead` when it began: they had the lease. */
export function waitFaults({ args, notes }: CommandEnd, dead: ReadonlySet<number>): readonly string[] {
  const waitedFor = [...notes.matchAll(/Process (\d+) on [^\n]* drives this store/g)].map((match) => Number(match[1]));
  return waitedFor.filter((pid) => dead.has(pid)).map((pid) => `${args[0]} waited for process ${pid}, which was dead`);
}

/** What is wrong with how a `run` or `apply` ended that was not killed. */
export function endFaults(end: CommandEnd, dead: ReadonlySet<number>): readonly string[] {
  const name = end.args[0] ?? "";
  const faults = waitFaults(end, dead);
  if (end.hung) return [...faults, `${name} did not end`];
  if (end.signal !== null) return [...faults, `${name} was ended by ${end.signal}, not by us`];
  return [...faults, ...answerFaults(name, answerOf(end.output), end.code)];
}

function answerFaults(name: string, answer: Answer, code: number | null): readonly string[] {
  switch (answer.kind) {
    case "other":
      // A plan says by 4 that an earlier write is still in doubt, which is what kills are for.
      return code === 0 || (name === "plan" && code === 4) ? [] : [`${name} ended with ${code}`];
    case "error":
      // The plan's run came to its end before: killed after it, or driven on by another process.
      return name === "apply" && answer.code === "PLAN_APPLIED" ? [] : [`${name}: ${answer.code}: ${answer.message}`];
    case "run":
      return runFaults(name, answer.run);
  }
}

function runFaults(name: string, { id, status, error, failures, held }: AnsweredRun): readonly string[] {
  const faults: string[] = [];
  if (!(RUN_ENDS[name] ?? []).includes(status)) faults.push(`${name}: run ${id} ${status}${error === null ? "" : `: ${error.code}: ${error.message}`}${held.map(({ label, why }) => `; held ${label}: ${why}`).join("")}`);
  for (const failure of failures) if (!ITEM_FAILURES.includes(failure.error.code)) faults.push(`${name}: run ${id}: ${failure.step}: ${failure.error.code}: ${failure.error.message}`);
  return faults;
}
