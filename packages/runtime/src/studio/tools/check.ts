import { z } from "zod";
import type { Data } from "../../base/index.ts";
import { studioTool, toldAnswer } from "../studio-tool.ts";
import { FLOW_PAGE } from "../views/flow-page.ts";

/** All faults, of one workflow or of all. */
export const check = studioTool({
  name: "check",
  description: "All faults of a workflow, or of all of them, each with what to write instead; of one that checks, how it goes, step by step.",
  input: z.object({ workflow: z.string().optional() }),
  readOnly: true,
  view: { page: FLOW_PAGE },
  async run(session, { workflow }, { signal }) {
    const told = await session.desk.check(workflow ?? null, signal);
    return { ...toldAnswer(session, told), data: workflow === undefined ? null : flowIn(told.data) };
  },
});

/** How the one workflow goes that was checked, with what is said of it and of what is beside it; null where it does not check. */
function flowIn(data: Data): Data {
  const checked = (Array.isArray(data) ? data : []) as readonly { readonly flow?: Data; readonly diagnostics?: readonly Data[] }[];
  const flow = checked[0]?.flow;
  return flow === undefined ? null : { flow, diagnostics: checked.flatMap(({ diagnostics = [] }) => diagnostics) };
}
