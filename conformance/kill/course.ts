import type { Command, CommandEnd } from "./command.ts";
import { endFaults } from "./command-verdict.ts";
import { countFaults } from "./count.ts";
import type { Hit } from "./histogram.ts";
import type { PullRequests } from "./pull-requests.ts";
import { readHoldings } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** One kill test on its way: what it works with and what it has seen. */
export interface Course {
  readonly stage: Stage;
  readonly pulls: PullRequests;
  readonly report: Report;
  readonly say: (line: string) => void;
  readonly hits: Hit[];
  /** Ids of processes that were killed. */
  readonly dead: Set<number>;
  /** How long a run takes that nobody kills, in ms; the last one. */
  usualMs: number;
  /** How long after their start the commands after a kill drove a run, in ms. */
  readonly begunAfterMs: number[];
  /** Questions that only a person could answer: comments, which no tool of the server can look for. */
  answeredByPerson: number;
}

/** Counts checks; a check that fails says what to look at. */
export interface Report {
  readonly check: (where: string, faults: readonly string[]) => void;
  readonly passed: () => number;
  readonly faults: () => readonly string[];
}

/** Makes an empty report; `onFault` hears of each fault at once. */
export function createReport(onFault: (fault: string) => void): Report {
  let passed = 0;
  const all: string[] = [];
  return {
    check: (where, faults) => {
      if (faults.length === 0) passed += 1;
      for (const fault of faults) {
        all.push(`${where}: ${fault}`);
        onFault(`${where}: ${fault}`);
      }
    },
    passed: () => passed,
    faults: () => all,
  };
}

/** A dead process is noticed at once; this is far above what a loaded machine needs, and below the 15 s that a lease lasts. */
const AT_ONCE_MS = 12_000;

/** Waits for a command that nobody kills and judges how it ended. */
export async function letEnd(course: Course, where: string, command: Command, dead: ReadonlySet<number>): Promise<CommandEnd> {
  const end = await command.ended;
  const { begunAfterMs } = end;
  const late = begunAfterMs !== null && begunAfterMs > AT_ONCE_MS ? [`${end.args[0]} drove a run only ${begunAfterMs} ms after its start`] : [];
  course.report.check(where, [...endFaults(end, dead), ...late]);
  if (begunAfterMs !== null) course.begunAfterMs.push(begunAfterMs);
  return end;
}

/** Counts tickets and comments against pull requests. */
export async function checkCount({ stage, report }: Course, where: string, options: { readonly complete: boolean }): Promise<void> {
  report.check(where, countFaults(await readHoldings(stage.emulators), options));
}
