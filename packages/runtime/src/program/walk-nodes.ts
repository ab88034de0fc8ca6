import type { Expression, FunctionNode, Statement } from "./node.ts";

/** What {@link walkNodes} meets: whatever has a kind, and functions, which have none. */
export type MetNode = Expression | Statement | (FunctionNode & { readonly kind?: undefined });

/** What of a Program is no code of it: the workflows that it calls are programs of their own. */
const ASIDE: ReadonlySet<string> = new Set(["debug", "calls"]);

/** Meets every node below `root`, outer ones first. `meet` says whether to go on into it. */
export function walkNodes(root: unknown, meet: (node: MetNode) => boolean): void {
  if (typeof root !== "object" || root === null) return;
  if (isNode(root) && !meet(root)) return;
  // The value of a constant is data, whatever its fields are called.
  if ("kind" in root && root.kind === "const") return;
  for (const [name, child] of Object.entries(root)) if (!ASIDE.has(name)) walkNodes(child, meet);
}

function isNode(node: object): node is MetNode {
  return "kind" in node || "parameters" in node;
}
