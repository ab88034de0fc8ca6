import { namedServers, type Program, programFamily, walkNodes } from "../../program/index.ts";
import { isKeyword } from "./names.ts";
import type { ToolUses } from "./server-module.ts";

/** The tools that a program and all that it leads to name, by server. */
export function toolUses(program: Program): ReadonlyMap<string, ToolUses> {
  const family = programFamily(program);
  const uses = new Map<string, Map<string, { isGivenWhole: boolean }>>(family.flatMap((one) => namedServers(one)).toSorted().map((server) => [server, new Map<string, { isGivenWhole: boolean }>()]));
  for (const { tools } of family) for (const { server, tool } of tools) uses.get(server)?.set(tool, { isGivenWhole: false });
  for (const one of family) walkNodes(one, (node) => {
    if (node.kind !== "tool" && node.kind !== "pages") return true;
    const use = uses.get(node.server)?.get(node.tool);
    const isByName = node.args.kind === "object" && node.args.entries.every((entry) => entry.kind === "property" && isKeyword(entry.key));
    if (use !== undefined && !isByName) use.isGivenWhole = true;
    return true;
  });
  return uses;
}
