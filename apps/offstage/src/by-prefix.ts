import { type ErrorCode, OffstageError } from "offstage/base";

/** Shorter beginnings are slips: an empty variable of a script would name whatever is there. */
const LEAST = 4;

/** What is looked for, for errors. */
export interface Looked {
  readonly code: ErrorCode;
  /** `open request`, `open effect`. */
  readonly noun: string;
  /** The command that lists them. */
  readonly listing: string;
}

/** The one whose id is `prefix` or begins with it. Errors: `code` when none does; `USAGE` when several do, or it is too short to mean one. */
export function byPrefix<T extends { readonly id: string }>(all: readonly T[], prefix: string, { code, noun, listing }: Looked): T {
  const found = all.filter(({ id }) => id.startsWith(prefix));
  const [only] = found;
  if (prefix.length < LEAST && only?.id !== prefix) throw new OffstageError("USAGE", `"${prefix}" is too short to name one ${noun}.`, { hint: `Give at least ${LEAST} characters of its id; \`${listing}\` lists them.` });
  if (only === undefined) throw new OffstageError(code, `No ${noun} begins with ${prefix}.`, { hint: `\`${listing}\` lists them.` });
  if (found.length > 1) throw new OffstageError("USAGE", `${found.length} ${noun}s begin with ${prefix}.`, { hint: "Give more of the id." });
  return only;
}
