import { OffstageError } from "../base/index.ts";

/** A thing that a deployment needs, and the name under which a target keeps it. */
export interface KeptName {
  /** As the project names it: what is the same thing has the same text here. */
  readonly what: string;
  readonly name: string;
}

/** Different things under one name would be one thing there, and a server would get what is another's. Errors: `EXPORT_REFUSED`. */
export function requireOwnNames(target: string, kept: readonly KeptName[]): void {
  const before = new Map<string, string>();
  for (const { what, name } of kept) {
    const other = before.get(name) ?? what;
    if (other !== what) throw new OffstageError("EXPORT_REFUSED", `${target} would have ${other} and ${what} under one name: ${name}.`, { hint: "Give one of them another name." });
    before.set(name, what);
  }
}
