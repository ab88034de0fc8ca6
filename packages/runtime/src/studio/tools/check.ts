import { z } from "zod";
import { answer, studioTool } from "../studio-tool.ts";

/** All faults, of one workflow or of all. */
export const check = studioTool({
  name: "check",
  description: "All faults of a workflow, or of all of them, each with what to write instead.",
  input: z.object({ workflow: z.string().optional() }),
  readOnly: true,
  async run({ desk }, { workflow }) {
    const told = await desk.check(workflow ?? null);
    return answer([told.text, told.notes].filter((part) => part !== "").join("\n"), told.ok);
  },
});
