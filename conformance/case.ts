import type { Data, JsonObject } from "offstage/base";
import type { Plan, Run } from "offstage/model";
import type { World } from "./world/world.ts";

/**
 * One promise of the language, played on a stage. Every host, the native run and every export bring a stage of their own
 * and play the same cases.
 */
export interface ConformanceCase {
  /** Unique. */
  readonly id: string;
  /** The rules of docs/language.md that it is the case of, by their numbers. */
  readonly rules: readonly string[];
  /** What is promised, as a sentence. */
  readonly promise: string;
  /** File under `workflows/`, or the text of a module. */
  readonly workflow: string | { readonly source: string };
  /** Lines of `offstage.yaml`'s policy that the case needs: tools whose writes need a person. */
  readonly approve?: readonly string[];
  /** Tools whose writes the policy denies. */
  readonly deny?: readonly string[];
  play(stage: Stage): Promise<void>;
}

/** What a case can do. Times are the stage's own clock. */
export interface Stage {
  readonly world: World;
  /** Whether a run goes on behind a held write whose answer it uses; code that Node executes cannot, and ends its item there. */
  readonly followsUnknown: boolean;
  /** Whether a plan goes on where something decides that nobody knows yet. Python's ends the item there: an apply holds what comes after it. */
  readonly plansPastUnknown: boolean;
  /** `inputs` stand in the place of the workflow's defaults. */
  run(inputs?: JsonObject): Promise<Run>;
  /** A run as the store has it. */
  show(runId: string): Promise<Run>;
  plan(): Promise<Plan>;
  apply(plan: Plan): Promise<Run>;
  /** Answers every open request and continues its run, if any; the continued run, or null when nothing was open. */
  approveAll(): Promise<Run | null>;
  /** Says no to every open request. */
  denyAll(): Promise<void>;
  /** The next process dies at its `point`-th chance (before and after every call and every transaction); null: never reached. */
  runAndDie(point: number): Promise<"died" | "ended">;
  /** The same for applying a plan. */
  applyAndDie(plan: Plan, point: number): Promise<"died" | "ended">;
  /** Answers what workflows ask with `approve()`; those whose message holds `text`. Tells how many there were. */
  answer(verdict: "approved" | "denied", text?: string): Promise<number>;
  /** Offers an event to a run that waits for one of this source; tells how many of its steps had not been offered it before. */
  offer(runId: string, topic: string, event: Data): Promise<number>;
  /** Goes on with a parked run as far as it can now. */
  resume(runId: string): Promise<Run>;
  /** The same in a process that dies at its `point`-th chance. */
  resumeAndDie(runId: string, point: number): Promise<"died" | "ended">;
  /** Another process on the same store, at the same time; of another workflow when one is named. */
  second(workflow?: ConformanceCase["workflow"]): Promise<Stage>;
  /** Points a server of the project at another account. */
  retarget(server: string): void;
  advance(ms: number): Promise<void>;
  /** Until no run is under way or waits to begin: those that others started are done, too. */
  rest(): Promise<void>;
}
