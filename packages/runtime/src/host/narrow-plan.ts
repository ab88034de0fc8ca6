import { OffstageError } from "../base/index.ts";
import type { Store } from "../state/index.ts";

/**
 * Takes writes out of a plan that was not applied yet, for good: whoever applies it then holds them as not in the plan, and what comes after them. `without`: labels of effects, or
 * beginnings of their ids, at least four characters. Errors: `PLAN_UNKNOWN`, `PLAN_APPLIED`, `EFFECT_UNKNOWN`; the plan is as it was then.
 */
export async function narrowPlan(store: Store, planId: string, without: readonly string[]): Promise<void> {
  if (without.length === 0) return;
  await store.transact({ durable: true }, async (tx) => {
    const row = await tx.getPlan(planId);
    if (row === null) throw new OffstageError("PLAN_UNKNOWN", `The store has no plan ${planId}.`, { hint: "A plan is applied in the project and store where it was made; `offstage runs` lists what is there." });
    if (row.appliedAt !== null) throw new OffstageError("PLAN_APPLIED", `The plan ${planId} was applied at ${new Date(row.appliedAt).toISOString()}.`, { hint: `See \`offstage show ${planId}\`. What is left needs a new plan.` });
    const { effects } = row.plan;
    const named = (name: string) => ({ id, label }: { readonly id: string; readonly label: string }): boolean => label === name || (name.length >= SHORTEST && id.startsWith(name));
    const strange = without.find((name) => !effects.some(named(name)));
    if (strange !== undefined) throw new OffstageError("EFFECT_UNKNOWN", `The plan ${planId} has no write ${strange}.`, { hint: `It has: ${effects.slice(0, MOST_NAMED).map(({ label }) => label).join(", ")}${effects.length > MOST_NAMED ? ", …" : ""}.` });
    await tx.putPlan({ ...row, plan: { ...row.plan, effects: effects.filter((effect) => !without.some((name) => named(name)(effect))) } });
  });
}

const SHORTEST = 4;
const MOST_NAMED = 8;
