import { z } from "zod";
import { EXPORT_TARGETS } from "../export-targets.ts";
import { studioTool, toldAnswer } from "../studio-tool.ts";

/** A workflow as code that is taken away. */
export const exportTo = studioTool({
  name: "export",
  description: "Write a workflow as files that run without this project, into export/<workflow>-<target>.",
  input: z.object({ workflow: z.string(), target: z.enum(EXPORT_TARGETS) }),
  readOnly: false,
  adds: true,
  async run(session, { workflow, target }, { signal }) {
    return toldAnswer(session, await session.desk.export(workflow, target, signal));
  },
});
