import type { TypeNode } from "./type-node.ts";

/** The type of the items of the list that `path` leads to in `node`; undefined when there is no list in sight. */
export function itemType(node: TypeNode, path: readonly string[]): TypeNode | undefined {
  const [name, ...rest] = path;
  for (const part of node.kind === "union" ? node.parts : [node]) {
    if (name === undefined) {
      if (part.kind === "array") return part.items;
    } else if (part.kind === "object") {
      const member = part.members.find((candidate) => candidate.name === name);
      if (member !== undefined) return itemType(member.type, rest);
    }
  }
  return undefined;
}

/** The same type, with the items of that list called `item`. */
export function withItemType(node: TypeNode, path: readonly string[], item: TypeNode): TypeNode {
  const [name, ...rest] = path;
  if (node.kind === "union") return { ...node, parts: node.parts.map((part) => withItemType(part, path, item)) };
  if (name === undefined) return node.kind === "array" ? { kind: "array", items: item } : node;
  if (node.kind !== "object") return node;
  return { ...node, members: node.members.map((member) => (member.name === name ? { ...member, type: withItemType(member.type, rest, item) } : member)) };
}
