import { visibleText } from "../../tools/index.ts";
import type { ProgramDebug } from "../../program/index.ts";
import type { PyStatement } from "./tree.ts";

/** The comments of a source, given out in their order. */
export interface Comments {
  /** Those that stand before an offset and were not given out yet. */
  before(offset: number | undefined): readonly PyStatement[];
  /** The one behind what ends its line at or after an offset, before another statement begins. */
  behind(offset: number | undefined, next: number | undefined): string | undefined;
  /** How far it came, and a way back: what was printed then was thrown away. */
  place(): number;
  back(place: number): void;
}

/** Comments of a Program; one of an earlier version has none. */
export function createComments({ comments = [], source }: ProgramDebug): Comments {
  let next = 0;
  return {
    place: () => next,
    back: (place) => void (next = place),
    before: (offset) => {
      const found: string[] = [];
      for (; offset !== undefined && next < comments.length && (comments[next]?.at ?? 0) < offset; next++) found.push(...visibleText(comments[next]?.text ?? "").split("\n"));
      return found.length === 0 ? [] : [{ kind: "comment", lines: found }];
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
