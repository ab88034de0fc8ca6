import type { Data } from "../base/index.ts";
import { field, isRecord } from "./catalogue.ts";
import { isList } from "./pinned-json.ts";

/** What a `$ref` points at inside its own document; undefined when it points elsewhere or at nothing. */
export function resolvePointer(root: Data, pointer: string): Data | undefined {
  if (pointer === "#") return root;
  if (!pointer.startsWith("#/")) return undefined;
  let at: Data | undefined = root;
  for (const part of pointer.slice(2).split("/")) {
    const name = decodePart(part);
    at = isList(at) ? at[/^\d+$/.test(name) ? Number(name) : -1] : field(at, name);
  }
  return at;
}

/** The last name of a pointer, for naming the type: `#/$defs/richText` → `richText`. Indices and `items` are passed over. */
export function pointerName(pointer: string): string | null {
  const names = pointer.split("/").slice(1).map(decodePart).filter((name) => !/^(?:\d+|items|properties|anyOf|oneOf|allOf)$/.test(name));
  return names.at(-1) ?? null;
}

/** True when a definition can mean the same wherever its `$defs` are the same: every `$ref` below them stays among them. */
export function isSelfContained(definitions: Data): boolean {
  if (isList(definitions)) return definitions.every(isSelfContained);
  if (!isRecord(definitions)) return true;
  return Object.entries(definitions).every(([name, value]) => (name === "$ref" && typeof value === "string" ? /^#\/(?:\$defs|definitions)\//.test(value) : isSelfContained(value)));
}

function decodePart(part: string): string {
  let decoded = part;
  try {
    decoded = decodeURIComponent(part);
  } catch {
    // Not percent-encoded after all: the text stands for itself.
  }
  return decoded.replaceAll("~1", "/").replaceAll("~0", "~");
}
