import type { Arrival } from "../model/index.ts";

/** A run that an arrival started and that is not at its end. */
export interface GoingRun {
  readonly runId: string;
  readonly workflow: string;
  readonly key: string;
}

/** What becomes of arrivals that wait. Those that are not named go on waiting. */
export interface ArrivalDecisions {
  readonly start: readonly Arrival[];
  readonly drop: readonly { readonly arrival: Arrival; readonly why: string }[];
  /** Ids of runs that a newer event replaces: they are cancelled, and the event starts when they have ended. */
  readonly replace: readonly string[];
}

/**
 * Whose turn it is: of arrivals with the same workflow and key one starts, in the order in which they came, when no run of that key is going on.
 * While one is, `skip` drops an arrival, `replace` ends the run, and of several times of one schedule, or changes of one resource, only the newest is kept; a sweep is never dropped for another arrival's sake
 * but for a newer one of its own trigger.
 */
export function decideArrivals(waiting: readonly Arrival[], going: readonly GoingRun[], now: number): ArrivalDecisions {
  const start: Arrival[] = [];
  const drop: { readonly arrival: Arrival; readonly why: string }[] = [];
  const replace: string[] = [];
  const busy = new Map<string, string | null>();
  for (const run of going) busy.set(turnOf(run), run.runId);
  const due = waiting.filter(({ dueAt }) => dueAt <= now);
  const newest = newestOf(due);
  for (const arrival of due) {
    const turn = turnOf(arrival);
    const running = busy.get(turn);
    if (running === undefined) {
      busy.set(turn, null);
      start.push(arrival);
      continue;
    }
    const why = whyDropped(arrival, newest, running);
    if (why !== null) drop.push({ arrival, why });
    else if (arrival.overlap === "replace" && running !== null && !replace.includes(running)) replace.push(running);
  }
  return { start, drop, replace };
}

/** Events that say no more than that it is time to look: one that is newer says all that the older ones did. */
const NEWER: { readonly [kind in Arrival["event"]["kind"]]?: string } = { schedule: "a later time of the same schedule", resource: "a later change of the same resource" };

/** `running`: the run that it waits for; null when that begins only now. */
function whyDropped(arrival: Arrival, newest: ReadonlyMap<string, Arrival>, running: string | null): string | null {
  const isOlder = (names: string): boolean => newest.has(names) && newest.get(names) !== arrival;
  const newer = NEWER[arrival.event.kind];
  if (newer !== undefined && !arrival.each && isOlder(ofTrigger(arrival))) return `${newer} came before it could start`;
  if (arrival.sweep) return null;
  if (arrival.overlap === "skip") return running === null ? "a run with the same key begins" : `run ${running} with the same key was going on`;
  if (arrival.overlap === "replace" && isOlder(ofReplacing(arrival))) return "a newer event replaced it before it could start";
  return null;
}

/** The newest arrival of each trigger and of each that replaces, within a turn: thousands may wait for one. */
function newestOf(due: readonly Arrival[]): ReadonlyMap<string, Arrival> {
  const newest = new Map<string, Arrival>();
  for (const arrival of due) {
    newest.set(ofTrigger(arrival), arrival);
    if (arrival.overlap === "replace") newest.set(ofReplacing(arrival), arrival);
  }
  return newest;
}

function ofTrigger(arrival: Arrival): string {
  return `trigger ${arrival.trigger}\n${turnOf(arrival)}`;
}

function ofReplacing(arrival: Arrival): string {
  return `replace\n${turnOf(arrival)}`;
}

function turnOf({ workflow, key }: Pick<Arrival, "workflow" | "key">): string {
  return `${workflow}\n${key}`;
}
