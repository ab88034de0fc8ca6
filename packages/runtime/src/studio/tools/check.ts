import { z } from "zod";
import { studioTool, toldAnswer } from "../studio-tool.ts";

/** All faults, of one workflow or of all. */
export const check = studioTool({
  name: "check",
  description: "All faults of a workflow, or of all of them, each with what to write instead.",
  input: z.object({ workflow: z.string().optional() }),
  readOnly: true,
  async run(session, { workflow }) {
    return toldAnswer(session, await session.desk.check(workflow ?? null));
  },
});
