import { OffstageError } from "../../base/index.ts";
import type { StepKey } from "../../model/index.ts";
import { ParkedEnd, typeError } from "../failure.ts";
import { article } from "../kinds.ts";
import type { WaitAnswer } from "../ports.ts";
import { refuel, type Strand, SURE } from "../strand.ts";
import { touch } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";

/** The last instant that ISO 8601 and JavaScript can name. */
const LAST_INSTANT = 8.64e15;

/** Begins a step that may wait. A function that makes one write, or only reads, must not stop half-way for days. */
export function beginWait(c: Strand, what: string): void {
  c.run.ports.checkpoint("other");
  if (c.write === null && c.probe === null) return;
  throw new OffstageError("ONE_WRITE", `${what} cannot stand in a function that makes exactly one write, or only reads.`, { hint: "Wait before it or after it." });
}

/**
 * Whether time passes here. Not in a plan, not under a condition that is not known, and not after a held write: what
 * follows that write has not begun.
 */
export function reallyWaits(c: Strand): boolean {
  return c.run.frame.phase !== "plan" && c.mode === SURE && c.after === null;
}

/** Goes on as if the wait were over, though it is not: what is read later is not known. `unknown` is what was used, if any. What it would have come to is not known either. */
export function passWait(c: Strand, unknown: Unknown | null = null): Unknown {
  c.waited = true;
  const from = new Set([...(unknown?.from ?? []), ...c.mode.from, ...(c.after === null ? [] : [c.after])]);
  const made = new Unknown([...from].sort());
  if (unknown !== null) touch(c, unknown);
  return made;
}

/** Where a run finds what this step came to in the run that it continues, as an item with a {@link EarlierWait}. */
export function earlierKey(step: StepKey): StepKey {
  return `${step}/earlier`;
}

/** What a wait came to, with the hash of what was waited for. */
interface EarlierWait {
  readonly hash: string;
  readonly answer: Value;
}

/** What a step came to in the run that this one continues; undefined when the same was not waited for there. */
export function earlierWait(c: Strand, step: StepKey, hash: string): Pick<EarlierWait, "answer"> | undefined {
  const earlier = c.run.ports.journal.compacted(earlierKey(step))?.result as unknown as EarlierWait | undefined;
  return earlier?.hash === hash ? earlier : undefined;
}

/** What a wait came to: from the journal, else as `ask` says now. Ends the strand when it is not over. */
export async function awaitAnswer<T extends Value>(c: Strand, step: StepKey, hash: string, ask: () => Promise<WaitAnswer<T>>): Promise<Value> {
  const value = await c.run.ports.journal.once(step, hash, async () => {
    const answer = await ask();
    if (answer.kind === "over") return answer.value;
    c.run.waits.push(answer.wait);
    throw new ParkedEnd();
  });
  refuel(c);
  return value;
}

/** Passes a number of milliseconds, of a length or an instant, that can be waited for. */
export function checkMs(value: Value, what: string): number {
  if (typeof value !== "number") throw typeError(`${what} is ${article(value)}.`);
  if (!Number.isFinite(value) || Math.abs(value) > LAST_INSTANT / 2) throw typeError(`${what} is ${value} ms, which nobody can wait for.`);
  return value;
}
