import { formatHold } from "./hold-text.ts";
import type { EffectAnswer, EffectId, HoldReason, RunHold, StepKey } from "../../model/index.ts";
import { AmbiguousEnd, RunStop } from "../failure.ts";
import { OFFERS, type Strand, toolKey } from "../strand.ts";
import { touch } from "../unknown.ts";
import { Unknown } from "../value.ts";

/** Where a write stands, for what is told of it. */
export interface WritePlace {
  readonly step: StepKey;
  readonly label: string;
}

/** A held effect: its value is unknown, what follows in the strand waits for it, and answers it affects are stale. */
export function hold(c: Strand, effect: EffectId, place: WritePlace, why: HoldReason, affects: { readonly server: string; readonly tools: readonly string[] } | null): Unknown {
  c.run.held.push({ effect, ...place, why: formatHold(why), waits: waits(c, why), ...(why.kind === "not-now" && why.until !== null ? { until: why.until } : {}), ...(why.kind === "paused" ? { paused: why.detail } : {}) });
  return follow(c, effect, affects);
}

function waits(c: Strand, why: HoldReason): boolean {
  if (why.kind !== "after") return why.kind !== "denied";
  return c.run.held.find(({ effect }) => effect === why.effect)?.waits ?? true;
}

/** What comes after an effect that did not happen (yet). */
export function follow(c: Strand, effect: EffectId, affects: { readonly server: string; readonly tools: readonly string[] } | null): Unknown {
  c.after ??= effect;
  c.unsettled = true;
  if (affects !== null) {
    const stale = new Map(c.stale);
    // No profile says which resources a write changes: any of the server's may be another one then.
    for (const tool of [...affects.tools, OFFERS]) stale.set(toolKey(affects.server, tool), effect);
    c.stale = stale;
  }
  const unknown = new Unknown([effect]);
  touch(c, unknown);
  return unknown;
}

/** The end of an item by an effect of which nothing is known; told once, where the item ends. */
export function ambiguousEnd(effect: EffectId, error: Extract<EffectAnswer, { readonly kind: "ambiguous" }>["error"], place: WritePlace): AmbiguousEnd {
  return new AmbiguousEnd(effect, error, place);
}

/** Notes an ambiguous effect for the run's story. */
export function noteAmbiguous(c: Strand, end: AmbiguousEnd): void {
  const entry: RunHold = { effect: end.effect, step: end.place.step, label: end.place.label, why: end.message, waits: true };
  if (!c.run.ambiguous.some((known) => known.effect === entry.effect)) c.run.ambiguous.push(entry);
}

/** A refused effect ends the run, whatever code says why. */
export function refusedEnd(error: Extract<EffectAnswer, { readonly kind: "refused" }>["error"]): RunStop {
  const { code, message, hint } = error;
  return new RunStop(code, message, hint === undefined ? {} : { hint });
}
