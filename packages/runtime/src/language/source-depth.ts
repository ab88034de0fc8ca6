import { ts } from "./typescript.ts";

/** Far below where a recursive reader runs out of stack, far above what people write. */
const MAX_DEPTH = 300;

/** The first node that nests too deeply for the readers behind us, which are recursive; null when there is none. */
export function deepNode(source: ts.SourceFile): ts.Node | null {
  const open: (readonly [node: ts.Node, depth: number])[] = [[source, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    if (depth > MAX_DEPTH) return node;
    ts.forEachChild(node, (child) => void open.push([child, depth + 1]));
  }
  return null;
}
