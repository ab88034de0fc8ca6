import type { LockedTool } from "offstage/tools";

/** What the calls of a tool are: `read`, or each case with its class, because one tool often reads and writes by an argument. */
export function classText(tool: Pick<LockedTool, "classes">): string {
  const effects = new Set(tool.classes.map((entry) => entry.effect));
  return effects.size === 1 ? ([...effects][0] ?? "write") : tool.classes.map((entry) => `${entry.when ?? "else"}: ${entry.effect}`).join(", ");
}
