import { visibleText } from "../../tools/index.ts";
import type { Comment, ProgramDebug } from "../../program/index.ts";
import type { PyStatement } from "./tree.ts";

/** The comments of a source, given out in their order. */
export interface Comments {
  /** Those that stand before an offset and were not given out yet. */
  before(offset: number | undefined): readonly PyStatement[];
  /** The same, each by itself that an empty line keeps from what comes next: what is said at the head of a module is of no definition. */
  apart(offset: number | undefined): readonly PyStatement[];
  /** The one behind what ends its line at or after an offset, before another statement begins. */
  behind(offset: number | undefined, next: number | undefined): string | undefined;
  /** How far it came, and a way back: what was printed then was thrown away. */
  place(): number;
  back(place: number): void;
}

/** Comments of a Program; one of an earlier version has none. */
export function createComments({ comments = [], source }: ProgramDebug): Comments {
  let next = 0;
  const taken = (offset: number | undefined): readonly Comment[] => {
    const from = next;
    while (offset !== undefined && next < comments.length && (comments[next]?.at ?? 0) < offset) next += 1;
    return comments.slice(from, next);
  };
  return {
    place: () => next,
    back: (place) => void (next = place),
    before: (offset) => {
      const lines = taken(offset).flatMap(linesOf);
      return lines.length === 0 ? [] : [{ kind: "comment", lines }];
    },
    apart: (offset) => {
      const found: { lines: string[]; apart: boolean }[] = [];
      for (const comment of taken(offset)) {
        const last = found.at(-1);
        const isApart = isKeptApart(source, comment);
        if (last === undefined || last.apart) found.push({ lines: [...linesOf(comment)], apart: isApart });
        else Object.assign(last, { lines: [...last.lines, ...linesOf(comment)], apart: isApart });
      }
      return found.map(({ lines, apart }) => ({ kind: "comment", lines, ...(apart ? { apart } : {}) }));
    },
    behind: (offset, limit) => {
      const comment = comments[next];
      if (comment === undefined || offset === undefined || !comment.behind || comment.text.includes("\n") || comment.at < offset || (limit !== undefined && comment.at > limit)) return undefined;
      if (limit === undefined && source.slice(offset, comment.at).includes("\n")) return undefined;
      next += 1;
      return visibleText(comment.text);
    },
  };
}

function linesOf({ text }: Comment): readonly string[] {
  return visibleText(text).split("\n");
}

/** Whether an empty line stands behind a comment. */
function isKeptApart(source: string, { at }: Comment): boolean {
  const end = source.startsWith("/*", at) ? source.indexOf("*/", at) + 2 : source.slice(at).search(/[\n\r]|$/) + at;
  return /^[^\S\n]*\n[^\S\n]*\n/.test(source.slice(end).replaceAll("\r", ""));
}
