import { z } from "zod";
import { permitted } from "../permitted.ts";
import { answer, studioTool } from "../studio-tool.ts";

/** What a person chose in the view of a plan. Clients without views list it too: what counts is the permit, which no model was ever shown. */
export const decide = studioTool({
  name: "decide",
  description: "For the plan's own view; use apply.",
  input: z.object({ plan: z.string(), permit: z.string(), answer: z.enum(["yes", "no"]), without: z.array(z.string()).default([]) }),
  readOnly: false,
  view: { onlyFor: "view" },
  async run(session, { plan, permit, answer: chosen, without }, context) {
    const { desk } = session;
    const shown = await desk.planned(plan, context.signal);
    if (!context.permits(shown.about, permit)) return answer("Only the view of this plan can answer for the person. Use apply: they are asked.", false);
    return permitted(session, { ...context, said: { about: shown.about, yes: chosen === "yes" } }, { shown, yes: "", act: () => desk.apply(plan, without, context.signal) });
  },
});
