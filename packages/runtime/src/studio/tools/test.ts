import { z } from "zod";
import type { JsonObject } from "../../base/index.ts";
import { studioTool, toldAnswer } from "../studio-tool.ts";

const data = z.record(z.string(), z.unknown()).default({});

/** A draft without its servers. */
export const test = studioTool({
  name: "test",
  description: "Plan a workflow offline over what the servers told its last plan. `answers` replaces results (`{\"github.list_issues\": []}`), or those of calls with some arguments (`\"github.get_issue {\\\"number\\\":1}\"`): try what is empty, twice, missing. Answer its writes too, and it runs twice: the second time should write nothing.",
  input: z.object({ workflow: z.string(), answers: data, inputs: data }),
  readOnly: true,
  async run(session, { workflow, answers, inputs }, { signal }) {
    return toldAnswer(session, await session.desk.test(workflow, answers as JsonObject, inputs as JsonObject, signal));
  },
});
