import type { PlannedEffect } from "../model/index.ts";
import type { GateEffect } from "./context.ts";
import { knownHash } from "./known-hash.ts";

/**
 * Why the plan that is applied does not permit an effect, or null when it does: same identity, server, tool and target,
 * and the same arguments wherever the plan knew them. What the plan did not know comes from the same held effects: both
 * come from the same place of the same program over the same journal.
 */
export function planMismatch(effect: GateEffect, planned: PlannedEffect | null): string | null {
  if (planned === null || planned.id !== effect.id) return "the plan does not have it";
  if (!planned.identityKnown) return "the plan did not know its identity";
  const { request } = effect;
  if (planned.tool !== (request.call?.tool ?? null) || planned.server !== (request.call?.server ?? request.server)) return "the plan has another tool for it";
  if (planned.target !== effect.target) return "the plan was made for another target";
  if (knownHash(request.args, planned.args.unknown) !== planned.knownHash) return "its arguments differ from the plan's";
  return null;
}
