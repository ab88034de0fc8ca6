import { hashJson } from "../../base/index.ts";
import { type Environment, keepArrival, type RenamedWorkflow, type ServedTrigger, type ServedWorkflow, type TriggerSource, withFormerNames } from "../../host/index.ts";
import type { Arrival } from "../../model/index.ts";
import type { Store, StoreTx } from "../../state/index.ts";
import { lookAtSchedule } from "./look-at-schedule.ts";
import type { ScheduleNode } from "./planned-times.ts";

type Scheduled = ServedTrigger & { readonly node: ScheduleNode };

/** The schedules of the workflows that are served: what is due becomes an arrival, once, however many processes look. */
export function createSchedules(store: Store, { clock }: Pick<Environment, "clock">, workflows: () => readonly ServedWorkflow[]): TriggerSource {
  let [next, lookedAt] = [0, 0];
  let looked: readonly ServedWorkflow[] = [];
  return {
    async look() {
      const now = clock.now();
      const served = workflows();
      // A clock that was put back makes the next time another one.
      if (served === looked && lookedAt <= now && now < next) return { next, came: [] };
      const came: Arrival[] = [];
      next = Number.POSITIVE_INFINITY;
      await store.transact({ durable: true }, async (tx) => {
        for (const workflow of withFormerNames(served)) {
          for (const trigger of workflow.triggers.filter(isScheduled)) {
            const after = await lookAt(tx, workflow, trigger, now, came);
            next = Math.min(next, after ?? Number.POSITIVE_INFINITY);
          }
        }
      });
      [looked, lookedAt] = [served, now];
      return { next, came };
    },
  };
}

function isScheduled(trigger: ServedTrigger): trigger is Scheduled {
  return trigger.node.kind === "every" || trigger.node.kind === "cron";
}

async function lookAt(tx: StoreTx, workflow: RenamedWorkflow, trigger: Scheduled, now: number, came: Arrival[]): Promise<number | null> {
  const { name } = workflow.program;
  const { times, seenUntil, next } = lookAtSchedule(trigger.node, (await tx.getSchedule(name, trigger.name)) ?? (workflow.formerly === null ? null : await tx.getSchedule(workflow.formerly, trigger.name)), now);
  for (const time of times) {
    const at = new Date(time).toISOString();
    const arrival = await keepArrival(tx, workflow, trigger, { event: { kind: "schedule", at }, id: at, dueAt: time + jitterOf(trigger, name, at) }, now);
    if (arrival !== null) came.push(arrival);
  }
  await tx.putSchedule(name, trigger.name, seenUntil);
  return next;
}

/** The same for the same planned time, whoever looks: a run is not moved on by a restart. Ms. */
function jitterOf({ node, name }: Scheduled, workflow: string, at: string): number {
  if (node.jitterMs === undefined) return 0;
  return Number.parseInt(hashJson([workflow, name, at]).slice(0, 12), 16) % (node.jitterMs + 1);
}
