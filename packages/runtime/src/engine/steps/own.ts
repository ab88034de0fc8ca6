import { hashJson } from "../../base/index.ts";
import type { CallClass, StepKey } from "../../model/index.ts";
import type { StepNode } from "../../program/index.ts";
import { toPartial, unknownIn } from "../data.ts";
import { type Strand, SURE } from "../strand.ts";
import { derive, unknownOfMode } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { answered, valueOf } from "./calls.ts";

/** What its owner's code says proves nothing about the world. */
const SAYING: CallClass = { effect: "read", idempotent: false, consistent: false, lagMs: null, affects: [], undo: null };

/** A call of the owner's own code: once for its step, as a read. A plan makes none, since nobody knows what it would do. */
export async function callOwn(c: Strand, step: StepKey, { module, name }: Extract<StepNode, { readonly kind: "own" }>, values: readonly Value[]): Promise<Value> {
  const given = toPartial(c, values.map((value) => value ?? null), { what: `What ${name} is given`, unsafe: "refuse" });
  const unknown = c.mode === SURE ? (c.run.frame.phase === "plan" || c.waited ? new Unknown([]) : unknownIn(given)) : unknownOfMode(c.mode);
  if (unknown !== null) {
    c.run.ports.checkpoint("other");
    return derive(c, unknown);
  }
  const known = given.value as readonly never[];
  // What is left out is undefined there, as in any other call: its parameter may have a default.
  const args = known.map((value, index) => (values[index] === undefined ? undefined : value)).slice(0, values.findLastIndex((value) => value !== undefined) + 1);
  const call = { step, module, name, args };
  return valueOf(c, await answered(c, step, SAYING, hashJson(["own", module, name, known]), () => c.run.ports.own.call(call)), step);
}
