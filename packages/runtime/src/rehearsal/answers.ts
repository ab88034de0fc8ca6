import { type Data, isOffstageError, OffstageError } from "../base/index.ts";
import type { CallOutcome } from "../calls/index.ts";
import type { Answer, Answers, Failure } from "./test-types.ts";

const BRAND = Symbol.for("offstage.rehearsal.failure");

/** A failure as a test says it. */
export function failure(kind: Failure["kind"], message: string): Failure {
  const branded = { [BRAND]: true, kind, message } as const;
  return branded;
}

/** The answers of a test, asked call by call. */
export interface AnswerBook {
  /** null: the test does not say. A function that throws is the test's own fault: it rejects. */
  outcome(name: string, isWrite: boolean, args: Data): Promise<CallOutcome | null>;
}

/** `counts` goes on from one run of a rehearsal to the next: the third ticket is the third, whichever run opened it. */
export function createAnswerBook(answers: Answers, counts: Map<string, number>): AnswerBook {
  for (const name of Object.keys(answers)) if (!/^[^.]+\..+$/.test(name)) throw new OffstageError("USAGE", `answers: "${name}" does not name a tool.`, { hint: "Write server.tool, as in the workflow: jira.create_issue" });
  return {
    async outcome(name, isWrite, args) {
      if (!Object.hasOwn(answers, name)) return null;
      const nth = (counts.get(name) ?? 0) + 1;
      counts.set(name, nth);
      const said = answers[name];
      const answer = typeof said === "function" ? await said(args, nth) : said;
      if (answer === undefined) return null;
      return isFailure(answer) ? outcomeOf(name, answer, isWrite) : { kind: "value", value: plainData(name, answer), gone: false };
    },
  };
}

function isFailure(answer: Answer): answer is Failure {
  return typeof answer === "object" && answer !== null && BRAND in answer;
}

/** As `calls` would have understood it: an error of a write proves nothing unless it is a refusal. */
function outcomeOf(name: string, { kind, message }: Failure, isWrite: boolean): CallOutcome {
  const refused = kind === "refuses";
  const code = !isWrite ? "READ_FAILED" : refused ? "TOOL_FAILED" : "TOOL_ERROR";
  return { kind: "error", error: { code, message: `${name} answered with an error: ${message}` }, refused, gone: kind === "gone" };
}

/** What a server could have answered: plain JSON, without what the test still holds. */
function plainData(name: string, answer: unknown): Data {
  try {
    return JSON.parse(JSON.stringify(answer)) as Data;
  } catch (error) {
    if (isOffstageError(error)) throw error;
    throw new OffstageError("USAGE", `answers: what "${name}" answers is no JSON: ${(error as Error).message}`, { cause: error });
  }
}
