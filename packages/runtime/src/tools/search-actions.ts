import { stemsOf } from "./word-stems.ts";

/** What a person wants to happen, or what a tool's name says that it does, in the coarsest way. */
export type Action = keyof typeof WORDS;

/** A question wants to read, whatever else is in it. */
const WORDS = {
  read: "get read show fetch retrieve view list search find query look describe count explain check which what who why how when where is am are",
  make: "create make add new write put post send insert book schedule upload append attach raise save copy fork",
  change: "update change edit modify set move rename mark patch approve unapprove merge scale protect unprotect toggle resolve",
  remove: "delete remove drop erase destroy discard throw clear",
} as const;

const ACTIONS: ReadonlyMap<string, Action> = new Map(Object.entries(WORDS).flatMap(([action, words]) => stemsOf(words).map((word) => [word, action as Action] as const)));

/** The actions of a text; empty when it names none. */
export function actionsIn(text: string): ReadonlySet<Action> {
  return new Set(stemsOf(text).flatMap((word) => ACTIONS.get(word) ?? []));
}

/** True when both say what they do and it is not the same: whoever asks for a list does not want to delete one. */
export function disagree(asked: ReadonlySet<Action>, done: ReadonlySet<Action>): boolean {
  return asked.size > 0 && done.size > 0 && [...asked].every((action) => !done.has(action));
}
