import { createDraw, seedOf } from "./draw.ts";
import type { FuzzPart } from "./part.ts";
import { PlanWorkflowGrower } from "./plan-workflows.ts";
import { judgePlan } from "./plan-verdict.ts";

const WORKFLOWS = 5;

/** Generated workflows, planned and applied over a world that changes and fails: writes done are writes planned. */
export const plans: FuzzPart = {
  name: "plans",
  unit: "workflows",
  turn: async (seed, index) => {
    const counts = new Map<string, number>();
    const count = (name: string, by = 1): void => void counts.set(name, (counts.get(name) ?? 0) + by);
    const failures: string[] = [];
    for (let each = 0; each < WORKFLOWS; each++) {
      const draw = createDraw(seedOf(seed, index * WORKFLOWS + each));
      const grower = new PlanWorkflowGrower(draw);
      const source = grower.workflow();
      const { checked, planned, performed, ends, faults } = await judgePlan(source, draw).catch((error: unknown) => ({ checked: true, planned: 0, performed: 0, ends: [], faults: [`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`] }));
      if (!checked) count("refused");
      else for (const [shape, times] of grower.shapes) count(`with ${shape}`, Math.min(1, times));
      count("planned", planned);
      count("performed", performed);
      for (const end of ends) count(`ended ${end}`);
      failures.push(...faults.map((fault) => `${fault}\n${source}`));
    }
    return { inputs: WORKFLOWS, counts: Object.fromEntries(counts), failures };
  },
};
