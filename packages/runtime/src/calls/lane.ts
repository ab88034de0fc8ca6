/**
 * What all processes over a store know of the calls that are made with one credential. Plain JSON; instants are milliseconds of the clock that
 * they share, and {@link askLane} is the only one who changes it.
 */
export interface Lane {
  /** When it was last changed: a clock that shows less has jumped back. */
  readonly at: number;
  /** Nobody begins before: a server asked for it. */
  readonly heldBackUntil: number;
  /** Of each limit with a rate, when calls began, or will begin; ascending, as far back as `spanMs`. */
  readonly windows: { readonly [limit: string]: { readonly spanMs: number; readonly starts: readonly number[] } };
  /** Those who hold slots, or wait for one. */
  readonly uses: readonly LaneUse[];
}

/** Enough to tell, on the same machine, whether a process still lives. */
export interface LaneProcess {
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
  /** null: not known, and another process may have its pid by now. */
  readonly started: string | null;
}

/** What one queue of one process has of a lane. */
interface LaneUse {
  readonly id: string;
  readonly process: LaneProcess;
  /** Whose slots it holds. */
  readonly limits: readonly string[];
  readonly held: number;
  /** When it last said so. */
  readonly seenAt: number;
  /** Since when it waits, and for slots of which limits; null: it does not wait. */
  readonly waits: { readonly since: number; readonly for: readonly string[] } | null;
}

/** What holds for calls of one lane: how many begin in a second, how many are under way at once. Calls under a limit of another name are counted apart. */
export interface LaneLimit {
  readonly name: string;
  readonly perSecond?: number;
  readonly concurrent?: number;
}

/** Who asks, and for calls under which limits. */
export interface LaneAsker {
  readonly id: string;
  readonly process: LaneProcess;
  readonly limits: readonly LaneLimit[];
  /** Asked of processes of this machine and boot only. */
  readonly alive: (process: LaneProcess) => boolean;
}

/** What it says, and what it wants. */
export interface LaneAsking {
  /** Its calls that are under way or are about to begin. */
  readonly held: number;
  /** A turn more; or to keep its place in line, should it have one; or nothing. */
  readonly wants: "turn" | "place" | "nothing";
  /** A start that was given, and when it came about; null: nobody needed it. */
  readonly moved?: { readonly from: number; readonly to: number | null };
  /** A server asked for so long a pause. */
  readonly holdBackMs?: number;
}

/** `start`: it holds one slot more, and may begin in `inMs`. `busy`: all slots are taken, and it stands in line for as long as it asks again. */
export type LaneAnswer = { readonly kind: "start"; readonly at: number; readonly inMs: number } | { readonly kind: "busy" } | { readonly kind: "noted" };

/** What a lane is afterwards. `isNews` is false where nothing is lost by not writing it. */
export interface AskedLane {
  readonly lane: Lane;
  readonly answer: LaneAnswer;
  readonly isNews: boolean;
}

/** A process of another machine, or of which nothing is known, that has not been heard of for so long is gone; holders say often that they are there. */
export const HOLDER_EXPIRES_MS = 15_000;
/** Who waits and does not ask any more keeps no place free. */
const WAITER_EXPIRES_MS = 2_000;
/** How often who waits says that it does. */
const WAITER_NEWS_MS = 500;
/** A server may ask for a longer pause; after this it is asked again. */
const LONGEST_HOLD_BACK_MS = 60_000;
/** A higher rate is kept in shorter windows, so that no more starts have to be remembered. */
const MOST_STARTS = 64;

const EMPTY: Lane = { at: 0, heldBackUntil: 0, windows: {}, uses: [] };

/**
 * The one decision over turns. A start is given away at once, even when it is still to come: so those who ask are served in the order in which they ask, and
 * each knows how long to wait. Slots go to whoever has waited longest and still asks, one at a time.
 */
export function askLane(known: Lane | null, asker: LaneAsker, asking: LaneAsking, now: number): AskedLane {
  const lane = settle(known ?? EMPTY, asker, asking, now);
  const mine = lane.uses.find(({ id }) => id === asker.id);
  const others = lane.uses.filter(({ id }) => id !== asker.id);
  const slots = asker.limits.filter(({ concurrent }) => concurrent !== undefined);
  const use = (held: number, waits: LaneUse["waits"]): readonly LaneUse[] =>
    slots.length === 0 || (held === 0 && waits === null) ? others : [...others, { id: asker.id, process: asker.process, limits: slots.map(({ name }) => name), held, seenAt: now, waits }];
  if (asking.wants !== "turn") return { lane: { ...lane, uses: use(asking.held, asking.wants === "place" ? (mine?.waits ?? null) : null) }, answer: { kind: "noted" }, isNews: true };
  // Who asks for the first time comes after all who wait.
  const since = mine?.waits?.since ?? Math.max(now, ...others.map(({ waits }) => (waits?.since ?? 0) + 1));
  const taken = slots.filter((limit) => freeSlots(limit, others, asking.held, since, now) <= 0).map(({ name }) => name);
  if (taken.length > 0) {
    const isNews = mine?.waits == null || mine.held !== asking.held || now - mine.seenAt >= WAITER_NEWS_MS || asking.moved !== undefined;
    return { lane: { ...lane, uses: use(asking.held, { since, for: taken }) }, answer: { kind: "busy" }, isNews };
  }
  const at = firstStart(lane, asker.limits, now);
  return { lane: { ...lane, windows: withStart(lane, asker.limits, at), uses: use(asking.held + 1, null) }, answer: { kind: "start", at, inMs: at - now }, isNews: true };
}

/** A lane as it is now: clocks that jumped, processes that are gone, and what the asker tells are in it. */
function settle(known: Lane, { limits, process, alive }: LaneAsker, { moved, holdBackMs }: LaneAsking, now: number): Lane {
  const lane = known.at > now ? shifted(known, now - known.at) : known;
  const windows = Object.fromEntries(
    Object.entries(lane.windows).map(([name, { spanMs, starts }]) => {
      const mine = moved !== undefined && limits.some((limit) => limit.name === name) ? movedStart(starts, moved, now) : starts;
      return [name, { spanMs, starts: mine.filter((start) => start > now - spanMs) }] as const;
    }).filter(([, { starts }]) => starts.length > 0),
  );
  const heldBackUntil = holdBackMs === undefined ? lane.heldBackUntil : Math.max(lane.heldBackUntil, now + Math.min(holdBackMs, LONGEST_HOLD_BACK_MS));
  return { at: now, heldBackUntil, windows, uses: lane.uses.filter((use) => isThere(use, process, alive, now)) };
}

/** Nothing stalls for as long as a clock jumped back, and nobody gains by it: it is as if no time had passed. */
function shifted(lane: Lane, ms: number): Lane {
  return {
    at: lane.at + ms,
    heldBackUntil: lane.heldBackUntil + ms,
    windows: Object.fromEntries(Object.entries(lane.windows).map(([name, { spanMs, starts }]) => [name, { spanMs, starts: starts.map((start) => start + ms) }])),
    uses: lane.uses.map((use) => ({ ...use, seenAt: use.seenAt + ms, waits: use.waits === null ? null : { ...use.waits, since: use.waits.since + ms } })),
  };
}

/** What came about is not in the future, whatever the clock of the one who tells it says. */
function movedStart(starts: readonly number[], { from, to }: NonNullable<LaneAsking["moved"]>, now: number): readonly number[] {
  const index = starts.indexOf(from);
  if (index === -1) return starts;
  const rest = starts.toSpliced(index, 1);
  return to === null ? rest : [...rest, Math.min(to, now)].toSorted((a, b) => a - b);
}

function isThere(use: LaneUse, me: LaneProcess, alive: LaneAsker["alive"], now: number): boolean {
  const { process } = use;
  if (process.host === me.host) {
    if (process.boot !== me.boot || !(isSame(process, me) || alive(process))) return false;
    // It certainly lives, whatever a clock that jumped makes of when it was seen.
    if (process.started !== null) return true;
  }
  return now - use.seenAt < HOLDER_EXPIRES_MS;
}

function isSame(one: LaneProcess, other: LaneProcess): boolean {
  return one.pid === other.pid && one.started === other.started;
}

/** Slots of a limit that nobody holds and nobody has waited for longer. */
function freeSlots({ name, concurrent = 1 }: LaneLimit, others: readonly LaneUse[], held: number, since: number, now: number): number {
  const taken = others.filter(({ limits }) => limits.includes(name)).reduce((sum, use) => sum + use.held, held);
  const ahead = others.filter(({ waits, seenAt }) => waits?.for.includes(name) === true && now - seenAt < WAITER_EXPIRES_MS && waits.since < since);
  return Math.max(1, Math.floor(concurrent)) - taken - ahead.length;
}

/** The first instant at which one call more may begin under all limits. */
function firstStart(lane: Lane, limits: readonly LaneLimit[], now: number): number {
  let at = Math.max(now, lane.heldBackUntil);
  for (let before = Number.NaN; at !== before; ) {
    before = at;
    for (const { name, perSecond } of limits) if (perSecond !== undefined) at = startUnder(windowOf(perSecond), lane.windows[name]?.starts ?? [], at);
  }
  return at;
}

function startUnder({ count, spanMs }: StartWindow, starts: readonly number[], from: number): number {
  let at = from;
  for (let index = 0; index + count <= starts.length; index++) {
    const first = starts[index] as number;
    const last = starts[index + count - 1] as number;
    if (Math.max(at, last) - Math.min(at, first) < spanMs) at = Math.ceil(first + spanMs);
  }
  return at;
}

function withStart(lane: Lane, limits: readonly LaneLimit[], at: number): Lane["windows"] {
  const windows = { ...lane.windows };
  for (const { name, perSecond } of limits) {
    if (perSecond === undefined) continue;
    const { spanMs, starts } = windows[name] ?? { spanMs: 0, starts: [] };
    const place = starts.findLastIndex((start) => start <= at) + 1;
    windows[name] = { spanMs: Math.max(spanMs, windowOf(perSecond).spanMs), starts: starts.toSpliced(place, 0, at) };
  }
  return windows;
}

interface StartWindow {
  readonly count: number;
  readonly spanMs: number;
}

/**
 * At most `count` starts in any stretch of `spanMs`. Stricter than a token bucket, which after a pause allows twice the
 * rate within a second; servers count in such stretches.
 */
function windowOf(perSecond: number): StartWindow {
  if (perSecond < 1) return { count: 1, spanMs: 1_000 / perSecond };
  const parts = Math.ceil(perSecond / MOST_STARTS);
  if (parts > 1) return { count: Math.floor(perSecond / parts), spanMs: 1_000 / parts };
  const count = Math.floor(perSecond);
  return { count, spanMs: (count / perSecond) * 1_000 };
}
