import type { EffectId } from "../model/index.ts";
import { SURE, type Mode, type Strand } from "./strand.ts";
import { Unknown, type Value } from "./value.ts";

/** The union of what unknowns derive from, sorted. */
export function union(parts: readonly (readonly EffectId[])[]): readonly EffectId[] {
  const first = parts[0];
  if (first !== undefined && parts.every((part) => part === first)) return first;
  return [...new Set(parts.flat())].sort();
}

/** The unknown that comes of using unknowns; marks the strand, because their use may throw once they are known. */
export function derive(c: Strand, ...parts: readonly Unknown[]): Unknown {
  const only = parts[0];
  const made = parts.length === 1 && only !== undefined ? only : new Unknown(union(parts.map((part) => part.from)));
  touch(c, made);
  return made;
}

/** Notes that an unknown was used. */
export function touch(c: Strand, unknown: Unknown): void {
  c.touched = c.touched === null || c.touched === unknown ? unknown : new Unknown(union([c.touched.from, unknown.from]));
}

/** What is unknown about `value` as a whole: itself, or a container that was changed under an unknown condition. */
export function unknownOf(c: Strand, value: Value): Unknown | null {
  if (value instanceof Unknown) return value;
  if (c.run.tainted && typeof value === "object" && value !== null) return c.run.taints.get(value) ?? null;
  return null;
}

/** The unknown of the condition that a strand runs under. */
export function unknownOfMode(mode: Mode): Unknown {
  return new Unknown(mode.from);
}

/** Makes the content of a list, map or set unknown for all who look at it later. */
export function taint(c: Strand, container: object, unknown: Unknown): void {
  c.run.taints.set(container, new Unknown(union([unknown.from, c.run.taints.get(container)?.from ?? []])));
  c.run.tainted = true;
}

/** Remembers in which mode a container was made: only code under the same condition, or an outer one, may change it for certain. */
export function born<T extends object>(c: Strand, container: T): T {
  if (c.mode !== SURE) c.run.births.set(container, c.mode);
  return container;
}

/**
 * True when a change of `container` happens for certain wherever the container exists. Otherwise its content becomes
 * unknown, and the change must not be made.
 */
export function mayChange(c: Strand, container: object): boolean {
  if (c.mode === SURE) return true;
  const birth = c.run.births.get(container);
  for (let mode: Mode | null = birth ?? null; mode !== null; mode = mode.outer) if (mode === c.mode) return true;
  taint(c, container, unknownOfMode(c.mode));
  return false;
}

/** The mode under one more unknown condition. */
export function weaken(mode: Mode, condition: readonly EffectId[], many = false): Mode {
  return { certainty: many || mode.certainty === "may-many" ? "may-many" : "may", from: union([mode.from, condition]), outer: mode };
}

/** One of several values, of which a plan cannot know which: the value itself where all agree. */
export function merge(c: Strand, condition: readonly EffectId[], values: readonly Value[]): Value {
  const [first] = values;
  if (values.every((value) => Object.is(value, first))) return first;
  return new Unknown(union([c.mode.from, condition, ...values.map((value) => (value instanceof Unknown ? value.from : []))]));
}
