import type { Expression } from "./node.ts";

/** The literal part of a call's arguments: scalars by name (null when the arguments are no object in the text), and the names whose values are open; `any` when there may be others. */
export function knownArguments(args: Expression): { readonly known: { readonly [name: string]: string | number | boolean | null } | null; readonly open: readonly string[] | "any" } {
  if (args.kind !== "object") return { known: null, open: "any" };
  const known = new Map<string, string | number | boolean | null>();
  const open = new Set<string>();
  let any = false;
  for (const entry of args.entries) {
    if (entry.kind === "spread") {
      any = true;
      known.clear(); // What is spread later may replace what was said before.
      continue;
    }
    const { value } = entry;
    if (value.kind === "const" && (value.value === null || typeof value.value !== "object")) {
      known.set(entry.key, value.value as string | number | boolean | null);
      open.delete(entry.key);
    } else {
      known.delete(entry.key);
      open.add(entry.key);
    }
  }
  return { known: Object.fromEntries(known), open: any ? "any" : [...open] };
}
