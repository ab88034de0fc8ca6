import { type GateEffect, knownHash } from "../gate/index.ts";
import type { EffectIdentity, HoldReason, PlannedEffect, PlanSign } from "../model/index.ts";

/** The lines of a plan as they gather. */
export interface PlannedLines {
  add(effect: GateEffect, why: HoldReason): void;
  /** In the order of the text, loops in the order of their items' keys where no better is known. */
  list(): readonly PlannedEffect[];
}

/** An empty plan. A line is one effect at one step: an identity that is not known yet may stand at several. */
export function createPlannedLines(): PlannedLines {
  const lines = new Map<string, PlannedEffect>();
  return {
    add(effect, why) {
      const line = lineOf(effect, why);
      const key = line.identityKnown ? line.id : `${line.id} ${line.step}`;
      // Asked for twice, an apply performs it the first time for certain, and the second is answered from the ledger.
      if (lines.get(key)?.certainty !== "sure") lines.set(key, line);
    },
    list: () => inTextOrder([...lines.values()]),
  };
}

function lineOf(effect: GateEffect, why: HoldReason): PlannedEffect {
  const { request, id, target } = effect;
  const { identity, identityKnown, step, label, call, args, certainty } = request;
  return {
    id, identity, identityKnown, step, sign: signOf(identity), label, server: call?.server ?? request.server, tool: call?.tool ?? null, target, args, knownHash: knownHash(args), certainty, undo: call?.class.undo ?? null, why,
  };
}

function signOf(identity: EffectIdentity): PlanSign {
  if (identity.kind !== "record") return "+";
  switch (identity.action) {
    case "create":
      return "+";
    case "adopt":
      return "=";
    case "release":
      return "-";
    case "update":
    case "reopen":
      return "~";
  }
}

/**
 * Items of a parallel loop arrive in any order, so that lines are sorted: by the first arrival of their call site at each
 * level, and the items of one loop by key, digits as numbers.
 */
function inTextOrder(lines: readonly PlannedEffect[]): readonly PlannedEffect[] {
  const rank = new Map<string, number>();
  const split = new Map(lines.map((line) => [line, segmentsOf(line.step)] as const));
  for (const segments of split.values()) for (const { place } of segments) if (!rank.has(place)) rank.set(place, rank.size);
  const compare = (a: PlannedEffect, b: PlannedEffect): number => {
    const left = split.get(a) ?? [];
    const right = split.get(b) ?? [];
    for (let level = 0; level < Math.min(left.length, right.length); level++) {
      const one = left[level];
      const other = right[level];
      if (one === undefined || other === undefined) break;
      const order = (rank.get(one.place) ?? 0) - (rank.get(other.place) ?? 0) || compareNaturally(one.key, other.key);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  };
  return lines.toSorted(compare);
}

/** `each#1[PR_7]/ticket.ensure#1`: the call site below the sites before it, whatever items they are in; and the item's key. */
function segmentsOf(step: string): readonly { readonly place: string; readonly key: string }[] {
  let place = "";
  return step.split("/").map((segment) => {
    const bracket = segment.indexOf("[");
    const site = bracket === -1 ? segment : segment.slice(0, bracket);
    place = `${place}/${site}`;
    return { place, key: bracket === -1 ? "" : segment.slice(bracket) };
  });
}

/** By UTF-16 units, runs of digits as numbers: the same order on every machine, whatever its locale. */
function compareNaturally(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = Number(one) - Number(other) || (one < other ? -1 : one > other ? 1 : 0);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
