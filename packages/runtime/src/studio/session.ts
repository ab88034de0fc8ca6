import type { Desk } from "./desk.ts";
import type { DraftShelf } from "./drafts.ts";

/** A design session over one project. It remembers nothing itself: drafts are on the shelf, plans and runs in the project's store, so that it goes on after a restart and beside another one. */
export interface Session {
  readonly desk: Desk;
  readonly shelf: DraftShelf;
  readonly documents: Documents;
  /** A few random letters, others each time. */
  readonly nonce: () => string;
}

/** What can be read besides drafts: the language, examples, and the project's own workflows and profiles. */
export interface Documents {
  readonly list: () => readonly DocumentEntry[];
  /** null when there is none of that name. */
  readonly read: (name: string) => string | null;
}

export interface DocumentEntry {
  readonly name: string;
  readonly about: string;
}
