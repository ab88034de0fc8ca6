import { FUEL } from "./limits.ts";
import type { Ports, RunFrame } from "./ports.ts";
import { Strand } from "./strand.ts";
import type { Value } from "./value.ts";

/** What takes no steps reads none of these. */
const NO_FRAME: RunFrame = { runId: "", rootRunId: "", scope: "", scopes: {}, phase: "run", startedAt: 0, inputs: {}, event: { kind: "call" }, sweep: null };
const NO_PORTS = Object.freeze({}) as Ports;

/** A strand outside of any run, for a function without steps: it has fuel of its own and leaves nothing behind. `globals` are those of its module; they may still be filled. */
export function pureStrand(globals: readonly Value[]): Strand {
  const run = { frame: NO_FRAME, ports: NO_PORTS, fuel: FUEL, taints: new WeakMap(), tainted: false, births: new WeakMap(), staged: new Map(), stateVersions: new Map(), failures: [], held: [], ambiguous: [], waits: [], replayed: 0, unchanged: 0, sweep: null };
  return new Strand(run, { scope: "", globals, inputs: null, event: null, within: [] }, "");
}
