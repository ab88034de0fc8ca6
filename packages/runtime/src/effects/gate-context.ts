import { dayOf, type GateContext, type GateEffect, limitsOf } from "../gate/index.ts";
import type { ApprovalRequest, Binding, DayLimit, LedgerEntry, PlannedEffect } from "../model/index.ts";
import { pausedNames, restoreDoubt, type StoreTx } from "../state/index.ts";
import type { Budget } from "./budget.ts";
import type { EffectsOptions } from "./ports.ts";

/** What the store knows of one effect's identity when it is decided about. */
export interface Known {
  readonly entry: LedgerEntry | null;
  readonly binding: Binding | null;
  readonly asked: readonly ApprovalRequest[];
}

/** Gathers what the gate decides from, inside the transaction that acts on the decision. */
export async function gatherContext(tx: StoreTx, effect: GateEffect, known: Known, options: EffectsOptions, plan: ReadonlyMap<string, PlannedEffect>, budget: Budget): Promise<GateContext> {
  const { request } = effect;
  const { identity } = request;
  const guarded = identity.kind === "record" && (identity.action === "update" || identity.action === "release") ? identity : null;
  return {
    phase: options.run.phase,
    ...namesOf(options),
    now: options.clock.now(),
    policy: options.policy,
    planned: plan.get(effect.id) ?? null,
    plannedAt: options.plan?.createdAt ?? null,
    answers: known.asked,
    writes: { made: options.run.maxWrites === null ? 0 : await budget.writes(tx, effect.id), limit: options.run.maxWrites },
    today: await countToday(tx, effect, options, budget),
    changes: guarded === null ? { made: 0, bindings: 0 } : { made: await budget.changes(tx, guarded, effect.id), bindings: await tx.countBindings(guarded.scope, guarded.record) },
    dryRun: options.dryRun === true,
    paused: await pausedNames(tx),
    lockFault: request.call === null || identity.kind === "start" ? null : options.lockFault(request.call.server, request.call.tool),
    knownTarget: targetOfKnown(known),
    forgotten: (identity.kind === "once" || identity.kind === "start") && known.entry === null && options.epoch > 1 && (await restoreDoubt(tx)) !== null,
  };
}

/** A run that began before its workflow was renamed is judged by what is said of it under the name that it has now. */
function namesOf({ run: { workflow, formerly, nameNow = workflow } }: EffectsOptions): Pick<GateContext, "workflow" | "formerly"> {
  const former = nameNow === workflow ? formerly : workflow;
  return { workflow: nameNow, ...(former === undefined ? {} : { formerly: former }) };
}

/** In the transaction that intends the write: of two processes that come to the last one, only one has it. A plan adds what it would write itself. */
async function countToday(tx: StoreTx, { id, request }: GateEffect, options: EffectsOptions, budget: Budget): Promise<GateContext["today"]> {
  const { policy, run, clock } = options;
  const { workflow, formerly } = namesOf(options);
  const names = [workflow, ...(formerly === undefined ? [] : [formerly])];
  const counted: { readonly limit: DayLimit; readonly made: number }[] = [];
  for (const limit of limitsOf(policy.limits, names, request)) {
    const { workflow: named, place: _place, ...of } = limit;
    const made = await tx.countWrites({ ...of, ...(named === undefined ? {} : { workflows: names }), since: dayOf(clock.now()).since, besides: id, most: limit.perDay });
    counted.push({ limit, made: run.phase === "plan" ? made + budget.planned(limit, id) : made });
  }
  return counted;
}

function targetOfKnown({ entry, binding }: Known): string | null {
  if (binding !== null) return binding.target;
  return entry === null || entry.status === "failed" ? null : entry.target;
}
