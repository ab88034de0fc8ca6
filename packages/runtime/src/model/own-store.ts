/**
 * How the starting of a run stands among calls: as one of Offstage's own, `offstage.start.<workflow>`, on the store. No server is
 * asked, whatever one in `mcp.json` is called: an effect of this kind is told by its identity.
 */
export const OWN_SERVER = "offstage";

/** Where such an effect is made. */
export const OWN_TARGET = "store";

/** The name of the starting of a workflow, for policies and for people. */
export function startTool(workflow: string): string {
  return `start.${workflow}`;
}
