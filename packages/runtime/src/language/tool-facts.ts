import type { JsonObject } from "../base/index.ts";

/** What profile and server say of one call, as far as the text of a workflow tells which call it is. */
export interface CallFacts {
  /** How it pages; null when nobody says that it does. */
  readonly pages: CallPages | null;
  /** How long a write may stay unseen by this read, in milliseconds; null when nobody says. */
  readonly lagMs: number | null;
  /** Reads of the same server that this write makes stale. */
  readonly affects: readonly string[];
}

/** See {@link CallFacts.pages}. */
export interface CallPages {
  /** The argument that moves from page to page: who passes it pages by hand. null when there is none. */
  readonly param: string | null;
  /** The members of the answer that lead to its list, `["issues"]`; none when the answer is the list, null when it is not known. */
  readonly path: readonly string[] | null;
}

/** What the checks know of tools besides their types: asked, so that an editor, a browser and the command line can each answer. */
export interface ToolFacts {
  /** `known` and `open` are the arguments in the text: see `WorkflowSource.mayWrite`. null when it cannot be told which rule of a profile holds. */
  call(server: string, tool: string, known: JsonObject | null, open: readonly string[] | "any"): CallFacts | null;
  /** The tool's `inputSchema` as the server gave it; null when there is none. */
  inputSchema(server: string, tool: string): JsonObject | null;
}

/** Answers nothing: the checks that need more than types keep silent. */
export const NO_FACTS: ToolFacts = { call: () => null, inputSchema: () => null };
