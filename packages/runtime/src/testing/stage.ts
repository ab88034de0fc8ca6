import type { Choices } from "./explore.ts";

/** How often the extraordinary may happen on one way; what bounds an exploration. */
export interface StageBounds {
  /** Processes that die, each with all that acts in it. */
  readonly crashes: number;
  /** Switches from a process that could go on to another one. */
  readonly switches: number;
  /** Jumps of the clock, each by one of `jumpsMs`. */
  readonly jumps: number;
  readonly jumpsMs: readonly number[];
  /** All of the above and {@link Stage.surprise} together. */
  readonly surprises: number;
}

/** Where the processes of a model act, or several runs in one of them: one at a time, each stopping before everything that others could see. */
export interface Stage {
  readonly now: () => number;
  /** Puts a run of a process on the stage; `body` begins when it is first chosen: after those before it have ended, or by a switch. One that names no process is one. */
  enter(body: (pass: Pass) => Promise<void>, process?: object): void;
  /** Something that may happen at any later point, once, and happens at the latest when the clock reaches `by`. */
  later(by: number, happen: (at: number) => void): void;
  /** A number from 0 (the ordinary course, always when too much was extraordinary already) to `count - 1`. */
  surprise(count: number): number;
  /** Plays until every process has ended or died. */
  play(): Promise<void>;
  /** Moves the clock between plays. */
  wait(ms: number): void;
}

/** Awaited before each act: the others may act first, the clock may jump, and the process may die here and never return. With `free` it does not go on before that holds. */
export type Pass = (free?: () => boolean) => Promise<void>;

interface Actor {
  readonly body: (pass: Pass) => Promise<void>;
  readonly process: object;
  /** Lets it go on from where it stopped; null before it began. */
  resume: (() => void) | null;
  /** Whether it can go on from there. */
  free: () => boolean;
  /** Told when it stops (true: it can go on) or has ended. */
  stopped: (more: boolean) => void;
  failed: (error: unknown) => void;
}

/** A stage whose every turn is chosen by `choices`, within `bounds`. */
export function createStage(choices: Choices, bounds: StageBounds): Stage {
  const { may, spend, surprise } = createSurprises(choices, bounds);
  let now = 1_000;
  let actors: readonly Actor[] = [];
  let pending: readonly { readonly by: number; readonly happen: (at: number) => void }[] = [];

  const happen = (until: number): void => {
    const due = pending.filter(({ by }) => by <= until);
    pending = pending.filter((event) => !due.includes(event));
    for (const event of due) event.happen(Math.min(event.by, now));
  };
  const wait = (ms: number): void => {
    now += ms;
    happen(now);
  };
  const without = (actor: Actor): readonly Actor[] => actors.filter((other) => other !== actor);

  const firstFree = (): Actor | "nobody" => actors.find(({ free }) => free()) ?? "nobody";
  /** Everything that may happen after an actor stopped (alive) or ended: who acts next, or something else first. */
  const options = (actor: Actor, alive: boolean): readonly (() => Actor | "nobody" | "again")[] => {
    const others = without(actor).filter(({ free }) => free());
    const goesOn = alive && actor.free();
    const all: (() => Actor | "nobody" | "again")[] = goesOn ? [() => actor] : others.slice(0, 1).map((other) => () => other);
    if (all.length === 0 && actors.length > 0) throw new Error("Everybody waits for somebody.");
    if (goesOn && may("switches")) all.push(...others.map((other) => () => { spend("switches"); return other; }));
    if (alive && may("crashes")) all.push(() => { spend("crashes"); actors = actors.filter(({ process }) => process !== actor.process); return firstFree(); });
    if (all.length === 0) return [() => "nobody"];
    if (may("jumps")) all.push(...bounds.jumpsMs.map((ms) => () => { spend("jumps"); wait(ms); return "again" as const; }));
    if (pending.length > 0) all.push(() => { happen(Number.POSITIVE_INFINITY); return "again"; });
    return all;
  };
  const next = (actor: Actor, alive: boolean): Actor | "nobody" => {
    for (;;) {
      const possible = options(actor, alive);
      const chosen = possible[choices.choose(possible.length)]?.() ?? "nobody";
      if (chosen !== "again") return chosen;
    }
  };

  return {
    now: () => now,
    enter: (body, process = {}) => { actors = [...actors, { body, process, resume: null, free: () => true, stopped: () => undefined, failed: () => undefined }]; },
    later: (by, event) => { pending = [...pending, { by, happen: event }]; },
    surprise,
    wait,
    async play() {
      let actor: Actor | "nobody" = actors[0] ?? "nobody";
      while (actor !== "nobody") {
        const acting: Actor = actor;
        const more = await act(acting);
        if (!more) actors = without(acting);
        actor = next(acting, more);
      }
    },
  };
}

type SurpriseKind = "crashes" | "switches" | "jumps";

/** Counts what was extraordinary on one way. */
function createSurprises(choices: Choices, bounds: StageBounds): { may(kind: SurpriseKind): boolean; spend(kind: SurpriseKind): void; surprise(count: number): number } {
  const left = { crashes: bounds.crashes, switches: bounds.switches, jumps: bounds.jumps, surprises: bounds.surprises };
  return {
    may: (kind) => left[kind] > 0 && left.surprises > 0,
    spend(kind) {
      left[kind]--;
      left.surprises--;
    },
    surprise(count) {
      const choice = left.surprises > 0 ? choices.choose(count) : 0;
      if (choice > 0) left.surprises--;
      return choice;
    },
  };
}

/** Lets an actor act until it stops again (true) or has ended (false). */
function act(actor: Actor): Promise<boolean> {
  return new Promise((resolve, reject) => {
    actor.stopped = resolve;
    actor.failed = reject;
    if (actor.resume !== null) return actor.resume();
    const pass: Pass = (free = () => true) => new Promise((resume) => { actor.resume = resume; actor.free = free; actor.stopped(true); });
    actor.body(pass).then(() => actor.stopped(false), (error: unknown) => actor.failed(error));
  });
}
