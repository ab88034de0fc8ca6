import { z } from "zod";
import type { Data, JsonObject } from "../../base/index.ts";
import type { Shown } from "../desk.ts";
import { isTooLong, tooLong } from "../permitted.ts";
import { studioTool, toldAnswer } from "../studio-tool.ts";
import { PLAN_PAGE } from "../views/plan-page.ts";

/** A run held at its writes. */
export const plan = studioTool({
  name: "plan",
  description: "Run a workflow with every write held, and show what it would write. Nothing is written. Show the person what it says.",
  input: z.object({ workflow: z.string(), inputs: z.record(z.string(), z.unknown()).default({}) }),
  readOnly: true,
  view: { page: PLAN_PAGE },
  async run(session, { workflow, inputs }, { signal }) {
    const told = await session.desk.plan(workflow, inputs as JsonObject, signal);
    const made = planIn(told.data);
    const shown = made === null || made.effects === 0 ? null : await session.desk.planned(made.id, signal);
    const reply = toldAnswer(session, told, made === null ? "" : nextStep(made, shown));
    // A page cannot show what was cut.
    return shown?.ok === true && told.isCut !== true ? { ...reply, about: shown.about } : reply;
  },
});

interface Made {
  readonly id: string;
  readonly effects: number;
}

function nextStep({ id, effects }: Made, shown: Shown | null): string {
  if (effects === 0) return "Nothing is to be written.";
  if (shown?.ok === true && isTooLong(shown)) return `Nothing was written. ${tooLong(shown)}`;
  return `Nothing was written. To perform exactly ${effects === 1 ? "this one" : `these ${effects}`}: apply with plan ${id}; a person is asked.`;
}

function planIn(data: Data): Made | null {
  const { plan: made } = (data ?? {}) as { readonly plan?: { readonly id: string; readonly effects: readonly unknown[] } };
  return made === undefined ? null : { id: made.id, effects: made.effects.length };
}
