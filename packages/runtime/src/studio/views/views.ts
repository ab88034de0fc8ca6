import { FLOW_PAGE, flowPage } from "./flow-page.ts";
import { PLAN_PAGE, planPage } from "./plan-page.ts";
import { RUNS_PAGE, runsPage } from "./runs-page.ts";

/** A page that shows answers, in clients that have frames for such. */
interface View {
  readonly name: string;
  readonly uri: string;
  readonly description: string;
  readonly text: () => string;
}

/** All of them. */
export const VIEWS: readonly View[] = [
  { name: "plan-view", uri: PLAN_PAGE, description: "Shows a plan.", text: kept(planPage) },
  { name: "workflow-view", uri: FLOW_PAGE, description: "Shows a workflow as a graph.", text: kept(flowPage) },
  { name: "runs-view", uri: RUNS_PAGE, description: "Lists runs, and tells the story of one.", text: kept(runsPage) },
];

/** Made when it is first asked for. */
function kept(make: () => string): () => string {
  let made: string | null = null;
  return () => (made ??= make());
}
