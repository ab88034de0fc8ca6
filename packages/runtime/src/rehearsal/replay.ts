import { type Data, isOffstageError, OffstageError, toErrorData } from "../base/index.ts";
import type { CallOutcome, Calls } from "../calls/index.ts";
import type { Models } from "../engine/index.ts";
import type { AnswerBook } from "./answers.ts";
import type { RecordedCall } from "./fixture.ts";
import { changeLines, nearestCall, shown } from "./nearest-call.ts";
import { callKey, offerCall, questionCall } from "./recorder.ts";
import type { RehearsedCall } from "./test-types.ts";

/** What a replay answers from. */
export interface ReplayOptions {
  readonly recorded: readonly RecordedCall[];
  /** The fixture's path, and the command that makes it anew; null when the test has none. */
  readonly source: { readonly file: string; readonly command: string } | null;
  /** Whether the last recorded answer of a call is given again and again, or once. */
  readonly repeats: "last" | "fail";
  readonly classOf: (server: string, tool: string, args: Data) => RecordedCall["class"];
}

/** Calls without a server. */
export interface Replay {
  readonly calls: Calls;
  /** Answered as the call `model.ask`. */
  readonly models: Models;
  /** What the test says from now on, over what is recorded. */
  answerWith(answers: AnswerBook): void;
  /** The calls since the last time that this was asked, and what nobody could answer. */
  take(): { readonly made: readonly RehearsedCall[]; readonly faults: readonly OffstageError[] };
  /** Recorded calls that were never made. */
  unused(): readonly RecordedCall[];
}

/**
 * Answers each call as the test says, else as it was recorded for the same server, tool and arguments, in the recorded order. What
 * nobody can answer is an error of the call, so that the run goes on and one look shows all of them; the rehearsal fails by it.
 */
export function createReplay(options: ReplayOptions): Replay {
  const { classOf } = options;
  const queues = createQueues(options);
  let book: AnswerBook | null = null;
  let made: RehearsedCall[] = [];
  let faults: OffstageError[] = [];

  const answer = async (wanted: Pick<RecordedCall, "server" | "tool" | "args">, said: RecordedCall["class"]): Promise<CallOutcome> => {
    const { server, tool, args } = wanted;
    const called = { tool: `${server}.${tool}`, class: said, args };
    try {
      const given = await book?.outcome(called.tool, called.class === "write", args);
      if (given !== null && given !== undefined) return (made.push({ ...called, from: "test" }), given);
      const call = queues.take(wanted);
      if (call !== null) return (made.push({ ...called, from: "fixture" }), call.outcome);
      throw unmatched(wanted, called.class, options);
    } catch (error) {
      const fault = isOffstageError(error) ? error : new OffstageError("CALL_UNMATCHED", `The test's answer for ${called.tool} failed: ${(error as Error).message}`, { cause: error });
      faults.push(fault);
      return { kind: "error", error: toErrorData(fault), refused: true, gone: false };
    }
  };
  return {
    calls: {
      call: (server, tool, args) => answer({ server, tool, args }, classOf(server, tool, args)),
      async read({ server, tool, args }) {
        const outcome = await answer({ server, tool, args }, classOf(server, tool, args));
        if (outcome.kind === "value") return outcome;
        return { kind: "error", error: outcome.error, gone: outcome.kind === "error" && outcome.gone };
      },
      async readOffer(request) {
        const outcome = await answer(offerCall(request), "read");
        return outcome.kind === "value" ? { ...outcome, gone: false } : { kind: "error", error: outcome.error, gone: false };
      },
    },
    models: {
      async ask(question) {
        const outcome = await answer(questionCall(question), "read");
        return outcome.kind === "value" ? outcome : { kind: "error", error: outcome.error, gone: false };
      },
    },
    answerWith: (answers) => void (book = answers),
    take() {
      const taken = { made, faults };
      made = [];
      faults = [];
      return taken;
    },
    unused: () => queues.unused(),
  };
}

/** Recorded calls, equal ones in their order. */
interface Queues {
  take(wanted: Pick<RecordedCall, "server" | "tool" | "args">): RecordedCall | null;
  unused(): readonly RecordedCall[];
}

function createQueues({ recorded, repeats }: Pick<ReplayOptions, "recorded" | "repeats">): Queues {
  const queues = new Map<string, { readonly calls: RecordedCall[]; next: number }>();
  for (const call of recorded) {
    const queue = queues.get(callKey(call)) ?? { calls: [], next: 0 };
    queue.calls.push(call);
    queues.set(callKey(call), queue);
  }
  const used = new Set<RecordedCall>();
  return {
    take(wanted) {
      const queue = queues.get(callKey(wanted));
      if (queue === undefined) return null;
      const call = queue.calls[queue.next] ?? (repeats === "last" ? queue.calls.at(-1) : undefined);
      queue.next += 1;
      if (call !== undefined) used.add(call);
      return call ?? null;
    },
    unused: () => recorded.filter((call) => !used.has(call)),
  };
}

/** Says which call nobody can answer, how the nearest recorded one differs, and what to do. */
function unmatched({ server, tool, args }: Pick<RecordedCall, "server" | "tool" | "args">, said: RecordedCall["class"], { recorded, source, repeats }: ReplayOptions): OffstageError {
  const name = `${server}.${tool}`;
  const writes = said === "write";
  const nearest = nearestCall(recorded, { server, tool, args });
  const lines = [`${writes ? `Nobody says what the write ${name} answers` : `Nothing is recorded for this call of ${name}`}:`, `  ${name}(${shown(args)})`];
  if (source !== null && nearest === null) lines.push(`  ${source.file} has no call of ${name}.`);
  else if (source !== null && nearest !== null && nearest.changes.length === 0) lines.push(`  ${source.file} has it ${repeats === "fail" ? "less often, and repeats is \"fail\"" : ""}.`);
  else if (source !== null && nearest !== null) lines.push(`  The nearest one is calls[${nearest.index}] of ${source.file}:`, ...changeLines(nearest.changes).map((line) => `    ${line}`));
  const say = `answers: { ${JSON.stringify(name)}: … }`;
  const again = source === null ? "" : writes ? `, or record a real run: ${source.command} --live` : `, or record it again: ${source.command}`;
  return new OffstageError("CALL_UNMATCHED", lines.join("\n"), { hint: `Say in the test what it answers, ${say}${again}` });
}

/** Several of them as one error: the first in full, the rest counted. */
export function firstOf(faults: readonly OffstageError[]): OffstageError | null {
  const [first, ...others] = faults;
  if (first === undefined || others.length === 0) return first ?? null;
  const more = `\n(and ${others.length} more ${others.length === 1 ? "call" : "calls"} that nobody can answer)`;
  return new OffstageError(first.code, `${first.message}${more}`, { ...(first.hint === undefined ? {} : { hint: first.hint }), cause: first });
}
