import type { Comment } from "../../program/index.ts";
import { ts } from "../typescript.ts";

/** The comments of a source, for those who print the Program: the language itself never looks at them. */
export function commentsOf(source: ts.SourceFile): readonly Comment[] {
  const { text } = source;
  const found = new Map<number, Comment>();
  const visit = (node: ts.Node): void => {
    // Comments stand before tokens only; inside of a template they are text.
    if (node.getChildCount(source) === 0) {
      if (node.kind === ts.SyntaxKind.JsxText) return;
      for (const range of [...(ts.getLeadingCommentRanges(text, node.pos) ?? []), ...(ts.getTrailingCommentRanges(text, node.pos) ?? [])]) {
        found.set(range.pos, commentAt(text, range));
      }
    }
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return [...found.values()].toSorted((a, b) => a.at - b.at).filter((comment) => comment.text !== "");
}

function commentAt(text: string, { pos, end, kind }: ts.CommentRange): Comment {
  const lines = text.slice(pos, end).split(/\r\n|[\n\r\u2028\u2029]/);
  const bare = kind === ts.SyntaxKind.SingleLineCommentTrivia ? lines.map((line) => line.slice(2)) : lines.map((line) => line.replace(/^\s*\/\*+/, "").replace(/\*+\/\s*$/, "").replace(/^\s*\* ?/, ""));
  const before = text.slice(Math.max(text.lastIndexOf("\n", pos - 1), text.lastIndexOf("\r", pos - 1)) + 1, pos);
  return { at: pos, text: bare.map((line) => line.trim()).join("\n").replace(/^\n+|\n+$/g, ""), behind: before.trim() !== "" };
}
