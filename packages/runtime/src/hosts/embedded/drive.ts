import { backOffMs, type Bell, isOffstageError, type OffstageError } from "../../base/index.ts";
import { CANCEL_ASKED, type Teller } from "../../host/index.ts";
import type { Run } from "../../model/index.ts";
import { calledPrograms, type Program } from "../../program/index.ts";
import { driveRun, programOf, type RunDriver } from "./drive-run.ts";
import { watchForEnds } from "./watch-for-ends.ts";

/** How many of the oldest runs are looked at first for one that may begin, and how many at most: behind those it waits for one of them. */
const [FIRST_LOOK, LONGEST_LOOK] = [8, 1_024];
/** Where many wait for one, each end of a run would be a look at all of them: it goes this far at least, and further only when none did for so long (ms). */
const [SHORT_LOOK, LONG_AFTER] = [32, 500];

/** What {@link driveRuns} works with. */
export interface Driver extends Omit<RunDriver, "lost"> {
  /** Runs that this process could not drive. */
  readonly undrivable: Map<string, LeftRun>;
  /** Aborted when this process drives no more. */
  readonly leaving: AbortSignal;
  /** Aborted when this process begins no further run. */
  readonly ending: AbortSignal;
  /** Runs that somebody here waits for, and of which it is not known yet that another process drives them. */
  readonly waiting: ReadonlySet<string>;
  /** Told when another process has the lease. */
  readonly takenOver: (error: OffstageError) => void;
  /** Rung when there may be more to drive than there was. */
  readonly more: Bell;
  /** Tells people of what waits for them; null where nobody is to be told. */
  readonly teller: Teller | null;
}

/** A run that this process could not drive: it is left to one that can, and tried again here, ever more rarely. */
export interface LeftRun {
  readonly error: unknown;
  readonly times: number;
  /** Somebody had asked for its end already: who asks since has it tried at once. */
  readonly asked: boolean;
  /** Instant, ms. */
  readonly notBefore: number;
}

/** What kept a process from it may be over: a package that was just being replaced. Ms. */
const AGAIN = { firstMs: 60_000, longestMs: 3_600_000 };

/** A run that is driven now. */
interface Going {
  /** What no other run may have meanwhile. */
  readonly alone: readonly string[];
  /** Resolves when it is driven no more. */
  readonly settled: Promise<void>;
}

/**
 * Drives the store's queued and interrupted runs, and the parked ones for which something came, oldest first and several side by side, until there is none or the lease is lost. One
 * that cannot be driven here (another version began it, a secret of it is not here) stays as it is for a while and keeps nobody waiting. Rejects when the store fails.
 */
export async function driveRuns(driver: Driver): Promise<void> {
  const going = new Map<string, Going>();
  const kept = { programs: new Map<string, Program>(), keys: new Map<string, string | null>(), looked: { farAt: Number.NEGATIVE_INFINITY } };
  let stopped = false;
  let failure: unknown = null;
  const fail = (error: unknown): void => {
    // Who took the store over, or takes it next, drives on.
    if (!(isOffstageError(error) && error.code === "LEASE_LOST")) failure ??= error;
    // Runs that are left end in the same way, and the lease is still this process's to give back.
    else if (!driver.leaving.aborted) driver.takenOver(error);
    stopped = true;
  };
  const lost = AbortSignal.any([driver.lease.lost, driver.leaving]);
  const isOver = (): boolean => stopped || lost.aborted || driver.ending.aborted;
  const over = new AbortController();
  void watchForEnds({ ...driver, clock: driver.environment.clock }, over.signal);
  const telling = createTelling(driver, fail);
  for (;;) {
    driver.more.hush();
    const passed = !isOver() && (await begin({ ...driver, lost, ...kept, isOver, ended: telling.again }, going, fail).catch((error: unknown) => (fail(error), false)));
    // Whom it passed over waits for nobody any more where that one ended meanwhile.
    if ((driver.more.heard().aborted || (passed && going.size === 0)) && !isOver()) {
      telling.again();
      continue;
    }
    const told = telling.look(isOver());
    if (going.size === 0 && told === null) break;
    await Promise.race([rings(driver.more).then(telling.again), ...(told === null ? [] : [told]), ...[...going.values()].map(({ settled }) => settled)]);
  }
  over.abort();
  if (failure !== null) throw failure;
}

/** Beside the runs, which never wait for it. `again`: something happened since, so that there may be more to tell; its own end is nothing. */
function createTelling({ teller, lease }: Driver, fail: (error: unknown) => void): { readonly again: () => void; look(isOver: boolean): Promise<void> | null } {
  let now: Promise<void> | null = null;
  let stale = true;
  return {
    again: () => void (stale = true),
    look(isOver) {
      if (teller === null || now !== null || !stale || isOver) return now;
      stale = false;
      now = teller.look(lease.fence).catch(fail).finally(() => void (now = null));
      return now;
    },
  };
}

function rings(bell: Bell): Promise<unknown> {
  return new Promise((resolve) => bell.heard().addEventListener("abort", resolve, { once: true }));
}

/** What a burst of runs has together. */
interface Beginner extends Driver, RunDriver {
  /** By hash. */
  readonly programs: Map<string, Program>;
  /** The keys under which events started the first runs of chains, by the ids of these. */
  readonly keys: Map<string, string | null>;
  /** When it was looked far for one that may begin; ms. */
  readonly looked: { farAt: number };
  /** Nothing begins any more: a run that failed for a lost lease would be begun again at once. */
  readonly isOver: () => boolean;
  /** Called when a run is driven no more. */
  readonly ended: () => void;
}

/** Begins what may begin, after as few looks at the store as that takes: what comes meanwhile rings. Gives whether it passed over one that has to wait for another one's end. */
async function begin(driver: Beginner, going: Map<string, Going>, fail: (error: unknown) => void): Promise<boolean> {
  const { looked, environment: { concurrency = 1, clock } } = driver;
  const passed = new Set<string>();
  // Also where the clock was put back.
  const mayBeFar = Math.abs(clock.now() - looked.farAt) >= LONG_AFTER;
  const left = driver.undrivable.size;
  let limit = FIRST_LOOK + going.size + left;
  while (going.size < concurrency) {
    const { runs, all } = await oldestRuns(driver, limit);
    for (const run of runs.filter(({ id }) => !going.has(id))) {
      if (going.size >= concurrency || driver.isOver()) return passed.size > 0;
      const ready = await readyWith(driver, run);
      if (ready === null) continue;
      // Also behind one that was passed over: runs end while others are looked at, and a later one would begin before it.
      if (ready.alone.some((name) => passed.has(name) || [...going.values()].some(({ alone }) => alone.includes(name)))) {
        for (const name of ready.alone) passed.add(name);
        continue;
      }
      const settled = driveRun(driver, run, ready.program).then(() => void driver.undrivable.delete(run.id)).catch((error: unknown) => leave(driver, run, error)).catch(fail).finally(() => going.delete(run.id)).finally(driver.ended).finally(() => driver.environment.bell?.ring());
      going.set(run.id, { alone: ready.alone, settled });
    }
    const short = SHORT_LOOK + concurrency + left;
    if (passed.size > 0 && limit > short) looked.farAt = clock.now();
    const most = passed.size === 0 || mayBeFar ? LONGEST_LOOK + left : short;
    if (all || limit >= most) break;
    limit = Math.min(4 * limit, most);
  }
  return passed.size > 0;
}

/** What a run needs to begin; null when it cannot be driven here. */
async function readyWith(driver: Beginner, run: Run): Promise<{ readonly program: Program; readonly alone: readonly string[] } | null> {
  try {
    const program = driver.programs.get(run.programHash) ?? (await programOf(driver.store, run));
    driver.programs.set(run.programHash, program);
    return { program, alone: [...aloneWith(run, program), ...(await turnOf(driver, run))] };
  } catch (error) {
    leave(driver, run, error);
    return null;
  }
}

/** A run that cannot be driven here stays as it is. Throws what is not the run's own trouble. */
function leave({ undrivable, environment }: Driver, run: Run, error: unknown): void {
  if (!isOffstageError(error) || error.code === "LEASE_LOST" || error.code.startsWith("STORE_")) throw error;
  const times = (undrivable.get(run.id)?.times ?? 0) + 1;
  undrivable.set(run.id, { error, times, asked: isAsked(run), notBefore: environment.clock.now() + backOffMs(times, AGAIN) });
  environment.news({ kind: "run-waiting", why: `Run ${run.id} of ${run.workflow} stays as it is. ${error.message}` });
}

/** Two runs that had one state would race for it: the second would fail when it ends. Two that go on with one run have its limits together. */
function aloneWith({ rootRunId }: Run, program: Program): readonly string[] {
  const states = [program, ...calledPrograms(program)].filter((one) => one.states.length > 0).map(({ name }) => `states of ${name}`);
  return [`run ${rootRunId}`, ...states];
}

/** Runs of one key do not overlap, nor do those that go on for them: what a later event brought is written after what an earlier one did. */
async function turnOf({ store, keys }: Beginner, { id, rootRunId, scope, turn }: Run): Promise<readonly string[]> {
  if (id !== rootRunId && !keys.has(rootRunId)) keys.set(rootRunId, await store.transact({ durable: false, reads: true }, async (tx) => (await tx.getRun(rootRunId))?.turn ?? null));
  const key = turn ?? keys.get(rootRunId) ?? null;
  return key === null ? [] : [`turn ${JSON.stringify([scope, key])}`];
}

function isAsked({ error }: Run): boolean {
  return error?.code === CANCEL_ASKED.code;
}

/** The oldest that can be driven here; `all` when there are no more. */
async function oldestRuns({ store, environment, undrivable, waiting }: Driver, limit: number): Promise<{ readonly runs: readonly Run[]; readonly all: boolean }> {
  const now = environment.clock.now();
  const isBarred = (run: Run): boolean => {
    const left = undrivable.get(run.id);
    return left !== undefined && left.notBefore > now && (left.asked || !isAsked(run));
  };
  const isLeft = (run: Run): boolean => (environment.dryRun === true && run.phase !== "plan" && !isAsked(run)) || isBarred(run) || (environment.drivesStarted === false && run.event.kind === "started" && !waiting.has(run.id));
  const [begun, due] = await store.transact({ durable: false, reads: true }, async (tx) => [
    await tx.begunRuns(limit),
    await tx.dueRuns(now, limit),
  ] as const);
  const runs = [...begun, ...due].filter((run) => !isLeft(run)).toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return { runs, all: begun.length < limit && due.length < limit };
}
