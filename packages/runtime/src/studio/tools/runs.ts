import { z } from "zod";
import { studioTool, toldAnswer } from "../studio-tool.ts";

/** What ran, and why it went as it did. */
export const runs = studioTool({
  name: "runs",
  description: "The newest runs; with `run`, the story of one: what started it, what it read and wrote, why it failed, what it waits for.",
  input: z.object({ workflow: z.string().optional(), run: z.string().optional().describe("id, or its beginning; `last`") }),
  readOnly: true,
  async run(session, { workflow, run }) {
    if (run === undefined) return toldAnswer(session, await session.desk.runs(workflow ?? null));
    return toldAnswer(session, await session.desk.show(run === "last" ? null : run));
  },
});
