import type { Certainty, CallClass, EffectAnswer, EffectId, EffectIdentity, RunFailure, RunHold, RunWait, StepKey } from "../model/index.ts";
import { fuelLimit } from "./failure.ts";
import { checkDepth, FUEL } from "./limits.ts";
import type { Ports, RunFrame, StagedState } from "./ports.ts";
import type { Unknown, Value } from "./value.ts";

/**
 * Under which condition code runs. `from` are the held effects that the condition derives from; `outer` is the condition
 * around it. Two modes are the same condition only when they are the same object.
 */
export interface Mode {
  readonly certainty: Certainty;
  readonly from: readonly EffectId[];
  readonly outer: Mode | null;
}

export const SURE: Mode = Object.freeze({ certainty: "sure", from: [], outer: null });

/**
 * A way out that a plan saw under an unknown condition, and that therefore may have been taken: what follows, up to where
 * this way leads, is `may`. Functions are told apart by call depth, loops and `try`s by how many are open.
 */
export type Exit =
  | { readonly kind: "return"; readonly depth: number; readonly value: Value }
  | { readonly kind: "break" | "continue"; readonly loop: number }
  | { readonly kind: "throw"; readonly guard: number };

/** The identity that the one write of a `once` or of a record's callback takes, and what became of it. */
export interface WriteSlot {
  readonly identity: EffectIdentity;
  readonly identityKnown: boolean;
  readonly label: string;
  answer: EffectAnswer | null;
}

/** Reads that look for the traces of a write: always live, and watched for what their answers prove. */
export interface Probe {
  gone: boolean;
  readonly classes: CallClass[];
}

/** What a sweep's run keeps of its way: whom it visited, and why it may not have seen everything. */
export interface SweepNotes {
  readonly visited: Set<string>;
  lost: string | null;
}

/** What all strands of a run share. */
export interface RunState {
  readonly frame: RunFrame;
  readonly ports: Ports;
  fuel: number;
  /** Containers that were changed under an unknown condition: their content is unknown from then on. */
  readonly taints: WeakMap<object, Unknown>;
  tainted: boolean;
  /** In which mode a container was made, when not in {@link SURE}. */
  readonly births: WeakMap<object, Mode>;
  readonly staged: Map<string, { readonly state: StagedState; readonly value: Value }>;
  /** The versions of states as they were read first: what the run sets takes the place of those, and of none that came since. */
  readonly stateVersions: Map<string, number>;
  readonly failures: RunFailure[];
  readonly held: RunHold[];
  readonly ambiguous: RunHold[];
  readonly waits: RunWait[];
  /** null where the run is no sweep. */
  readonly sweep: SweepNotes | null;
  replayed: number;
  /** Records that a plan found as they should be. */
  unchanged: number;
}

/** The workflow whose code a strand runs: the run's own, or one that it calls. */
export interface ModuleFrame {
  /** Under which its lasting identities and states are kept. */
  readonly scope: string;
  readonly globals: readonly Value[];
  readonly inputs: Value;
  /** null when nothing but a person or another workflow started it. */
  readonly event: Value;
  /** Names of the called workflows that lead here, outermost first; empty in the run's own. */
  readonly within: readonly string[];
}

/** Where a strand stands, to come back to after an error. */
export interface Position {
  readonly path: string;
  readonly depth: number;
  readonly loops: number;
  readonly guards: number;
  readonly write: WriteSlot | null;
  readonly wrote: boolean;
  readonly probe: Probe | null;
}

/**
 * One line of execution: the body of a run, one item of an `each`, one branch of a `parallel`. Everything in it happens in order, so what a
 * running function needs to know besides its locals is here.
 */
export class Strand {
  readonly run: RunState;
  module: ModuleFrame;
  /** Prefix of step keys: call sites and loop keys, each followed by `/`. */
  path: string;
  depth = 0;
  loops = 0;
  guards = 0;
  mode: Mode = SURE;
  exits: Exit[] = [];
  /** The value of the `return` that is on its way out. */
  returned: Value = undefined;
  /** What unknown was used since the innermost `try` began: using it may throw when it is known. */
  touched: Unknown | null = null;
  /** The first held or ambiguous effect: later writes wait for it. */
  after: EffectId | null = null;
  /** `server\0tool` → held effect that makes its answers stale. */
  stale: ReadonlyMap<string, EffectId> = new Map();
  /** A wait was passed that was not really waited for: what is read later is not what would be read now. */
  waited = false;
  write: WriteSlot | null = null;
  wrote = false;
  probe: Probe | null = null;
  inParallel = false;
  /** It came to a record, or something in it did. */
  visited = false;
  /** Something could not be read: when this strand goes on, that was caught. */
  missedRead = false;
  /** A record could not be kept: when this strand goes on, that was caught, and what came after it may have been left out. */
  missedRecord = false;
  /** What this strand staged, for compaction. */
  readonly staged: StagedState[] = [];
  /** Something in it was held, ambiguous or failed: it cannot be compacted. */
  unsettled = false;

  constructor(run: RunState, module: ModuleFrame, path: string) {
    this.run = run;
    this.module = module;
    this.path = path;
  }

  /** A strand for an item of an `each` of this one, or for a branch of a `parallel`. */
  fork(path: string): Strand {
    const child = new Strand(this.run, this.module, path);
    child.depth = this.depth;
    child.mode = this.mode;
    child.after = this.after;
    child.stale = this.stale;
    child.probe = this.probe;
    child.waited = this.waited;
    child.inParallel = this.inParallel;
    return child;
  }

  key(site: string): StepKey {
    return this.path + site;
  }

  position(): Position {
    return { path: this.path, depth: this.depth, loops: this.loops, guards: this.guards, write: this.write, wrote: this.wrote, probe: this.probe };
  }

  moveTo(position: Position): void {
    this.path = position.path;
    this.depth = position.depth;
    this.loops = position.loops;
    this.guards = position.guards;
    this.write = position.write;
    this.wrote = position.wrote;
    this.probe = position.probe;
  }
}

/** Counts `steps` of work; a call of a tool fills the tank again. */
export function burn(c: Strand, steps: number): void {
  c.run.fuel -= steps;
  if (c.run.fuel < 0) throw fuelLimit();
}

export function refuel(c: Strand): void {
  c.run.fuel = FUEL;
}

/** Begins a call of a function that costs `steps`. */
export function enter(c: Strand, steps: number): void {
  burn(c, steps);
  c.depth += 1;
  checkDepth(c.depth);
}

/** Stands for all resources and prompts of a server in {@link Strand.stale}: no tool has this name. */
export const OFFERS = "";

/** The key of a tool in {@link Strand.stale}. */
export function toolKey(server: string, tool: string): string {
  return `${server}\0${tool}`;
}
