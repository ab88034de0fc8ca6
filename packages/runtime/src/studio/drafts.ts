import { OffstageError } from "../base/index.ts";
import type { DraftFile } from "./draft-file.ts";

/** One text of a draft. Revisions count from 1; what the project's file held when it was begun is its revision 0. */
export interface Draft {
  readonly file: string;
  readonly revision: number;
  readonly text: string;
}

/** Where drafts lie, apart from the project's files: whoever serves those must not run what is half written. */
export interface DraftShelf {
  /** The files that are drafted, sorted. */
  files(): readonly string[];
  /** The newest text; null where nothing is drafted. */
  newest(file: string): Draft | null;
  /** What the project's file held when the draft was begun, or begun anew; null where there was none, or nothing is drafted. */
  base(file: string): string | null;
  /** What the project's file holds now; null when there is none. */
  adopted(file: string): string | null;
  /**
   * Puts a text after the revision that its writer has seen, 0 for none; `begun`: what the project's file holds now is what it was begun from. Null when somebody else has put one there meanwhile: of two
   * processes at once, one.
   */
  put(file: string, after: number, text: string, begun?: "anew"): Draft | null;
  /** Takes a draft away with all its revisions, if `revision` is its newest. False when it is not. */
  remove(file: string, revision: number): boolean;
}

/** UTF-16 units. A workflow of 64 KiB is beyond what anybody reviews. */
export const LONGEST_DRAFT = 65_536;

/**
 * Writes a whole text. A draft that is there is replaced by whoever has seen it: `over` is the revision that was read last. A workflow
 * that the project has and nobody drafts is begun anew without that, since it is changed only by adopting. A whole text was written in view of the project's file as it is now.
 * Errors: `DRAFT_CHANGED`, `USAGE` for a text that is empty or too long.
 */
export function writeDraft(shelf: DraftShelf, { file }: DraftFile, text: string, over?: number): Draft {
  refuseOdd(text);
  const newest = shelf.newest(file);
  const seen = newest?.revision ?? 0;
  if (newest !== null && over !== seen) throw changed(newest, over);
  return shelf.put(file, seen, text, "anew") ?? raced(shelf, file);
}

/** Puts what was made of a draft in its place: that was begun from what it was begun from. Errors: as {@link writeDraft}. */
export function replaceDraft(shelf: DraftShelf, { file, revision }: Draft, text: string): Draft {
  refuseOdd(text);
  return shelf.put(file, revision, text) ?? raced(shelf, file);
}

/**
 * Replaces a piece of the newest text, or of the project's file where nothing is drafted yet. `old` has to be there exactly once.
 * Errors: `EDIT_NOT_FOUND`, `DRAFT_CHANGED` when another one was put meanwhile that does not have it, `USAGE`.
 */
export function editDraft(shelf: DraftShelf, { file }: DraftFile, old: string, next: string): Draft {
  for (;;) {
    const newest = shelf.newest(file);
    const before = newest?.text ?? shelf.adopted(file);
    if (before === null) throw new OffstageError("EDIT_NOT_FOUND", `There is no ${file} yet, so nothing in it can be replaced.`, { hint: "Write it whole first." });
    const text = replaceOnce(file, before, old, next);
    refuseOdd(text);
    // What somebody else put meanwhile is looked at anew: it may still have the piece.
    const put = shelf.put(file, newest?.revision ?? 0, text);
    if (put !== null) return put;
  }
}

/**
 * Takes a draft back: what the project's file holds, if there is one, counts again. Only by whoever has seen it: `over` is the revision that was read last.
 * Errors: `DRAFT_UNKNOWN`, `DRAFT_CHANGED`.
 */
export function discardDraft(shelf: DraftShelf, { file }: DraftFile, over?: number): void {
  const newest = shelf.newest(file);
  if (newest === null) throw new OffstageError("DRAFT_UNKNOWN", `Nothing is drafted as ${file}.`, { hint: "Read without a name lists what is." });
  if (over !== newest.revision) throw changed(newest, over);
  if (!shelf.remove(file, over)) raced(shelf, file);
}

function replaceOnce(file: string, before: string, old: string, next: string): string {
  const at = old === "" ? -1 : before.indexOf(old);
  if (at < 0) throw new OffstageError("EDIT_NOT_FOUND", `${file} does not have this piece${nearby(before, old)}.`, { hint: "Give it exactly as it stands, spaces and line breaks included; read the file to see it." });
  const count = before.split(old).length - 1;
  if (count > 1) throw new OffstageError("EDIT_NOT_FOUND", `${file} has this piece ${count} times.`, { hint: "Give more of what is around the one that is meant." });
  return before.slice(0, at) + next + before.slice(at + old.length);
}

/** Where all but the white space is there, that is said: it is what goes wrong most often. */
function nearby(before: string, old: string): string {
  const bare = (text: string): string => text.replaceAll(/\s+/g, "");
  return old.trim() !== "" && bare(before).includes(bare(old)) ? ", but for its white space" : "";
}

function refuseOdd(text: string): void {
  // On the shelf an empty text says that there is no draft any more.
  if (text.trim() === "") throw new OffstageError("USAGE", "The text is empty.", { hint: "Write a whole module. A draft that is not wanted any more is taken back by discard." });
  if (text.length > LONGEST_DRAFT) throw new OffstageError("USAGE", `The text has ${text.length} characters; ${LONGEST_DRAFT} are the most.`, { hint: "Divide the workflow: one can call another." });
}

function raced(shelf: DraftShelf, file: string): never {
  const newest = shelf.newest(file);
  throw newest === null ? new OffstageError("DRAFT_CHANGED", `The draft of ${file} was taken away meanwhile.`, { hint: "Read the file, and write it again if it is still meant." }) : changed(newest, undefined);
}

function changed({ file, revision }: Draft, over: number | undefined): OffstageError {
  const seen = over === undefined ? "" : `, not ${over}`;
  return new OffstageError("DRAFT_CHANGED", `The draft of ${file} is at revision ${revision}${seen}: another text would be lost.`, { hint: `Read ${file}, and give revision ${revision}; or replace a piece of it.` });
}
