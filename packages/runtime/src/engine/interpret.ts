import type { Data, ErrorData } from "../base/index.ts";
import { type PartialData, type RunEnd, type RunFailure, type RunHold, type RunWait, triggerEventOf } from "../model/index.ts";
import type { Program } from "../program/index.ts";
import type { Later } from "./code.ts";
import { compileProgram } from "./compile/program.ts";
import { toPartial } from "./data.ts";
import { AmbiguousEnd, asOffstageError, ParkedEnd, reachOf, toFailure, WithheldEnd } from "./failure.ts";
import { call, Closure } from "./functions.ts";
import { FUEL } from "./limits.ts";
import type { Ports, RunFrame, StagedState } from "./ports.ts";
import { noteAmbiguous } from "./steps/holds.ts";
import { type SweepEnd, sweepRecords } from "./steps/sweep.ts";
import { contextOf, withGlobals } from "./steps/workflows.ts";
import { type ModuleFrame, type RunState, Strand } from "./strand.ts";
import { Unknown, type Value } from "./value.ts";

/** What a run came to, as far as the program is concerned. */
export interface EngineResult {
  /** `stopped`: an ambiguous effect outside of every `each` ended the body. `parked`: it waits, and is interpreted again when something came. */
  readonly end: "completed" | "stopped" | "parked" | "failed" | "cancelled";
  /** What the body returned, with null at unknown places; null when it did not. */
  readonly output: Data | null;
  /** Why it failed or was cancelled. */
  readonly error: ErrorData | null;
  /** Items that failed in loops that go on. */
  readonly failures: readonly RunFailure[];
  readonly held: readonly RunHold[];
  readonly ambiguous: readonly RunHold[];
  /** What it waits for; empty unless it is parked. */
  readonly waits: readonly RunWait[];
  /** State changes to commit, when the run ends `succeeded`. In the order they were made, the last of each key only. */
  readonly staged: readonly StagedState[];
  /** `once` writes and effects that were answered from the ledger. */
  readonly replayed: number;
  /** In a plan: records that were found as they should be. */
  readonly unchanged: number;
  /** Of a sweep whose body came to its end; null of any other run. */
  readonly sweep: SweepEnd | null;
}

/**
 * Runs a program over its ports to its end. Whatever a workflow does is in the result; rejects only when a port says that
 * the store is out of reach (LEASE_LOST, STORE_…), so that nothing can be said about the run.
 */
export function interpret(program: Program, frame: RunFrame, ports: Ports): Promise<EngineResult> {
  return conduct(program, frame, ports, (c) => call(new Closure(compileProgram(program).body, undefined), c, [contextOf(c)]));
}

/** {@link interpret} with another body: it does what the program's would, and gets its strand. */
export async function conduct(program: Program, frame: RunFrame, ports: Ports, body: (c: Strand) => Later<Value>): Promise<EngineResult> {
  const run: RunState = {
    frame, ports, fuel: FUEL, taints: new WeakMap(), tainted: false, births: new WeakMap(), staged: new Map(), stateVersions: new Map(), failures: [], held: [], ambiguous: [], waits: [], replayed: 0, unchanged: 0,
    sweep: frame.sweep !== null ? { visited: new Set(), lost: null } : null,
  };
  const c = new Strand(run, ownModule(frame), "");
  try {
    c.module = withGlobals(c, c.module, compileProgram(program).globals);
    const output = await body(c);
    // Under a condition that is not known the body may have ended with an error.
    const value = c.exits.length > 0 ? new Unknown(c.mode.from) : output;
    const sweep = frame.sweep === null ? null : await sweepRecords(c, frame.sweep, program.records.map((_, index) => compileProgram(program).record(index)));
    return finished(run, "completed", outputOf(c, value).value, null, sweep);
  } catch (thrown) {
    return failed(c, thrown);
  }
}

function failed(c: Strand, thrown: unknown): EngineResult {
  if (reachOf(thrown) === "engine") throw thrown;
  if (thrown instanceof ParkedEnd) return finished(c.run, "parked", null, null);
  if (thrown instanceof AmbiguousEnd) {
    noteAmbiguous(c, thrown);
    return finished(c.run, "stopped", null, null);
  }
  if (thrown instanceof WithheldEnd) return finished(c.run, "stopped", null, null);
  const error = asOffstageError(thrown);
  return finished(c.run, error.code === "CANCELLED" ? "cancelled" : "failed", null, toFailure(error));
}

function finished(run: RunState, end: EngineResult["end"], output: Data | null, error: ErrorData | null, sweep: SweepEnd | null = null): EngineResult {
  const staged = [...run.staged.values()].filter(({ value }) => !(value instanceof Unknown)).map(({ state }) => state);
  const waits = end === "parked" ? run.waits : [];
  return { end, output, error, failures: run.failures, held: run.held, ambiguous: run.ambiguous, waits, staged, replayed: run.replayed, unchanged: run.unchanged, sweep };
}

function ownModule({ scope, inputs, event }: RunFrame): ModuleFrame {
  return { scope, globals: [], inputs, event: triggerEventOf(event) as unknown as Value, within: [] };
}

function outputOf(c: Strand, value: Value): PartialData {
  return toPartial(c, value, { what: "What the workflow returns", unsafe: "keep" });
}

/**
 * How a run ended, or that it is parked, by its result (LANGUAGE.md §5: where several hold, the later in the list is told). `planned` runs are
 * the host's affair.
 */
export function endOf(result: EngineResult): RunEnd | "parked" {
  if (result.end === "parked") return "parked";
  if (result.end === "cancelled") return "cancelled";
  if (result.end === "failed") return "failed";
  if (result.ambiguous.length > 0) return "needs-attention";
  if (result.held.some(({ waits }) => waits)) return "pending";
  return result.failures.length > 0 ? "partial" : "succeeded";
}
