import type { Failure } from "../errors.ts";
import { problemOf } from "./reload-problem.ts";

/** What becomes of an edit of the files of a project that is served. */
export type ReloadNews =
  /** It counts from now on, as a whole. `left`: events that wait for workflows that are not listened to any more. */
  | { readonly kind: "reloaded"; readonly at: number; readonly files: readonly string[]; readonly added: readonly string[]; readonly changed: readonly string[]; readonly removed: readonly string[]; readonly left: readonly { readonly workflow: string; readonly waiting: number }[] }
  /** Somebody asked, or an edit that was refused is undone, and nothing is otherwise than before. */
  | { readonly kind: "reload-unneeded"; readonly at: number }
  /** Something of it does not check: what was read before goes on. */
  | { readonly kind: "reload-refused"; readonly at: number; readonly code: string; readonly failure: Failure }
  /** Parts that count only in a process that is started anew. */
  | { readonly kind: "restart-needed"; readonly what: readonly string[] };

/** How the last edit ended; before the first one, with what the process began. */
export interface LastReload {
  /** Ms since the epoch. */
  readonly at: number;
  /** Why it was refused; null: it was taken. */
  readonly problem: string | null;
}

/** What news tell of it; null when they are about something else. */
export function lastReload(news: { readonly kind: string } | ReloadNews): LastReload | null {
  if (!("at" in news)) return null;
  return { at: news.at, problem: news.kind === "reload-refused" ? problemOf(news.failure) : null };
}
