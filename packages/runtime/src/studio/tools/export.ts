import { z } from "zod";
import { studioTool, toldAnswer } from "../studio-tool.ts";

/** A workflow as code that is taken away. */
export const exportTo = studioTool({
  name: "export",
  description: "Write a workflow as files that run without this project, into export/<workflow>-<target>.",
  input: z.object({ workflow: z.string(), target: z.string().describe("typescript, python, kubernetes, compose, systemd, github-actions …") }),
  readOnly: false,
  async run(session, { workflow, target }) {
    return toldAnswer(session, await session.desk.export(workflow, target));
  },
});
