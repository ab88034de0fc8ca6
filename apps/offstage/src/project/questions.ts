import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Clock, type Data, type Redactor, stringifyExact } from "offstage/base";
import type { AskPerson, PersonAnswer, PersonQuestion } from "offstage/mcp";
import type { LeaseHolder } from "offstage/state";
import { holderIsAlive, thisProcess } from "../lease-holder.ts";

/** A question of a server that a call waits for, redacted. */
export interface OpenQuestion extends PersonQuestion {
  readonly id: string;
  readonly server: string;
  /** Instant, ms. */
  readonly askedAt: number;
  /** The process whose call waits. */
  readonly holder: LeaseHolder;
}

/**
 * Questions that calls wait for, in `.offstage/questions`: a file for each, and one for its answer. They live no longer than their calls,
 * so no answer is ever taken for another question; what a killed process left is taken away by the next who looks.
 */
export interface Questions {
  /** Puts a server's questions before people; `announce` is told of each. */
  asking(server: string, announce: (question: OpenQuestion) => void): AskPerson;
  /** Those that somebody waits for, the oldest first. */
  open(): readonly OpenQuestion[];
  /** False when nobody waits for it any more, or somebody else has answered. */
  answer(id: string, answer: PersonAnswer): boolean;
}

/** How often a waiting call looks for its answer, ms. */
const LOOK_MS = 500;

/** See {@link Questions}. */
export function createQuestions(projectFolder: string, clock: Clock, redactor: Pick<Redactor, "redactData">): Questions {
  const folder = join(projectFolder, ".offstage/questions");
  const questionFile = (id: string): string => join(folder, `${id}.json`);
  const answerFile = (id: string): string => join(folder, `${id}.answer`);
  const remove = (id: string): void => {
    // The answer last: who writes one looks for the question again.
    for (const file of [questionFile(id), answerFile(id)]) rmSync(file, { force: true });
  };
  const put = (question: OpenQuestion): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(questionFile(question.id), stringifyExact(redactor.redactData(question as unknown as Data)), { mode: 0o600, flag: "wx" });
  };
  return {
    asking: (server, announce) => async (question, signal) => {
      const open: OpenQuestion = { ...question, id: randomBytes(4).toString("hex"), server, askedAt: clock.now(), holder: thisProcess() };
      try {
        put(open);
        announce(open);
        while (!signal.aborted) {
          const answer = read<PersonAnswer>(answerFile(open.id));
          if (answer !== null) return answer;
          await clock.sleep(LOOK_MS, signal);
        }
        return null;
      } catch {
        // A disk that is full: nobody can be asked.
        return null;
      } finally {
        remove(open.id);
      }
    },
    open() {
      const here = thisProcess();
      const all = namesIn(folder).flatMap((name) => (name.endsWith(".json") ? (read<OpenQuestion>(join(folder, name)) ?? []) : []));
      const left = all.filter(({ holder }) => holder.host === here.host && holder.boot === here.boot && !holderIsAlive(holder));
      for (const { id } of left) remove(id);
      return all.filter((question) => !left.includes(question)).toSorted((a, b) => a.askedAt - b.askedAt);
    },
    answer(id, answer) {
      const draft = `${answerFile(id)}.${process.pid}`;
      try {
        writeFileSync(draft, JSON.stringify(answer), { mode: 0o600 });
        // Whole, and only where there is none yet.
        linkSync(draft, answerFile(id));
      } catch {
        return false;
      } finally {
        rmSync(draft, { force: true });
      }
      if (existsSync(questionFile(id))) return true;
      // The call ended meanwhile.
      rmSync(answerFile(id), { force: true });
      return false;
    },
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What a file holds; null when it is not there, or half written. */
function read<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return null;
  }
}
