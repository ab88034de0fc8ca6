import { z } from "zod";
import { permitted } from "../permitted.ts";
import { studioTool } from "../studio-tool.ts";

/** The writes of a plan, after a person's yes. */
export const apply = studioTool({
  name: "apply",
  description: "Perform exactly the writes of a plan. The person is asked first; without their yes nothing is written.",
  input: z.object({ plan: z.string() }),
  readOnly: false,
  async run(session, { plan }, context) {
    const { desk } = session;
    return permitted(session, context, { shown: await desk.planned(plan, context.signal), yes: "Perform these writes", act: () => desk.apply(plan, [], context.signal) });
  },
});
