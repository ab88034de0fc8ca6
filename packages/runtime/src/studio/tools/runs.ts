import { z } from "zod";
import type { Data } from "../../base/index.ts";
import type { Run } from "../../model/index.ts";
import { studioTool, toldAnswer } from "../studio-tool.ts";
import { RUNS_PAGE } from "../views/runs-page.ts";
import type { ShownRun } from "../views/runs-view.ts";

/** What ran, and why it went as it did. */
export const runs = studioTool({
  name: "runs",
  description: "The newest runs; with `run`, the story of one: what started it, what it read and wrote, why it failed, what it waits for.",
  input: z.object({ workflow: z.string().optional(), run: z.string().optional().describe("id, or its beginning; `last`") }),
  readOnly: true,
  view: { page: RUNS_PAGE },
  async run(session, { workflow, run }, { signal }) {
    if (run === undefined) {
      const told = await session.desk.runs(workflow ?? null, signal);
      return { ...toldAnswer(session, told), data: runsIn(told.data) };
    }
    const told = await session.desk.show(run === "last" ? null : run, signal);
    return { ...toldAnswer(session, told), data: told.data === null ? null : { story: told.text } };
  },
});

function runsIn(data: Data): Data {
  const { runs: found } = (data ?? {}) as { readonly runs?: readonly Run[] };
  return found === undefined ? null : { runs: found.map((run): Data & ShownRun => ({ id: run.id, workflow: run.workflow, phase: run.phase, status: run.status, writes: run.counts.writes, started: `${new Date(run.createdAt).toISOString().slice(0, 16).replace("T", " ")}Z` })) };
}
