import type { Random } from "./random.ts";

/** The writes of the workflow, each one request to a service. */
export type WriteKind = "create" | "update" | "comment";

/** Where a write is: the service has its request, has carried it out, has sent its answer. */
export type Moment = "arrived" | "written" | "answered";

/** When a process is killed. */
export type KillPoint =
  /** At a part of the time that a whole run usually takes. */
  | { readonly at: "time"; readonly fraction: number }
  /** When, after `skip` of them, `pile` such writes are at that moment. */
  | { readonly at: "write"; readonly write: WriteKind; readonly moment: Moment; readonly skip: number; readonly pile: number };

/** What is killed. A run that Node executes goes on in the next command, which interprets it as often as not. */
export type KilledCommand = "run" | "run --native" | "apply";

/** One kill: what is killed, when and how. */
export interface Strike {
  readonly point: KillPoint;
  /** How long after the point: an answer that has left needs a moment to become an outcome. */
  readonly thenMs: number;
  readonly command: KilledCommand;
  /** The whole process group, or only the process itself. */
  readonly group: boolean;
  /** A second process works on the same project; `other`: it is the one that is killed. */
  readonly company: "none" | "other" | "this";
  /** A request that has arrived is carried out although its client is dead; else it is lost. */
  readonly late: boolean;
}

/** The workflow works on so many items at once. */
const PARALLEL = 4;
const MAX_THEN_MS = 60;

/** Chooses the kills of one round: after each but the last, what goes on is killed too. */
export function chooseStrikes(random: Random): readonly Strike[] {
  const count = random.pick([[60, 1], [30, 2], [10, 3]]);
  return Array.from({ length: count }, (_strike, index) => chooseStrike(random.fork(`strike ${index}`)));
}

function chooseStrike(random: Random): Strike {
  const point: KillPoint = random.chance(0.62) ? chooseWrite(random) : { at: "time", fraction: random.fraction() };
  return {
    point,
    thenMs: point.at === "write" && point.moment === "answered" ? random.between(0, MAX_THEN_MS) : 0,
    command: random.pick([[45, "run"], [25, "run --native"], [30, "apply"]]),
    group: random.chance(0.7),
    company: random.pick([[82, "none"], [9, "other"], [9, "this"]]),
    late: random.chance(0.5),
  };
}

function chooseWrite(random: Random): KillPoint {
  const write = random.pick<WriteKind>([[40, "create"], [35, "update"], [25, "comment"]]);
  const moment = random.pick<Moment>([[45, "arrived"], [30, "written"], [25, "answered"]]);
  return { at: "write", write, moment, skip: random.pick([[70, 0], [20, 1], [10, 2]]), pile: write === "update" ? 1 : random.between(1, PARALLEL) };
}

/** A kill in words, for the log. */
export function describeStrike({ point, thenMs, command, group, company, late }: Strike): string {
  const when = point.at === "time" ? `at ${Math.round(point.fraction * 100)} % of its time` : `when ${point.pile} ${point.write}${point.skip === 0 ? "" : ` after ${point.skip}`} ${point.moment}${point.moment === "arrived" ? (late ? ", carried out late" : ", then lost") : ""}${thenMs === 0 ? "" : `, ${thenMs} ms later`}`;
  const beside = company === "none" ? "" : company === "other" ? ", as the second of two processes" : ", as the first of two processes";
  return `${command} ${when}${group ? "" : ", only the process"}${beside}`;
}
