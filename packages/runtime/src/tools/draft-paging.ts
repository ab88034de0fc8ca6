import type { Data } from "../base/index.ts";
import { field, isRecord, type RawTool } from "./catalogue.ts";
import type { LearntSchema } from "./learnt-schema.ts";

/** How a tool seems to page, from its arguments' names and the shape of its results. */
export type PagingGuess =
  /** As it stands in a profile: `{ by: "page", param: "page" }`. */
  | { readonly kind: "pages"; readonly text: string }
  /** It takes the argument; how its results go with it is not known. */
  | { readonly kind: "unclear"; readonly param: string };

const CURSOR = /^(?:(?:next_?|start_?|page_?)?cursor|(?:next_?)?page_?token|continuation_?token|continue|starting_after|after)$/i;
const NEXT = /^(?:next_?(?:page_?)?(?:cursor|token)|end_?cursor|cursor|continue|next)$/i;
const PAGE = /^(?:page|page_?number|page_?index)$/i;
const OFFSET = /^(?:offset|skip|start_?at)$/i;
const SIZE = /^(?:per_?page|page_?size|limit|max_?results|max_?items|count|first)$/i;

/** Guesses how a tool pages; null when none of its arguments says that it does. */
export function guessPaging(definition: RawTool, learnt: LearntSchema | undefined): PagingGuess | null {
  const properties = field(definition["inputSchema"], "properties");
  const names = isRecord(properties) ? Object.keys(properties).filter(isPlainName) : [];
  const [by, param] = firstOf([["page", PAGE], ["offset", OFFSET], ["cursor", CURSOR]], names);
  if (by === null) return null;
  const shape = resultShape(definition, learnt);
  const items = shape.isList ? [] : shape.lists.length === 1 ? [`items: (r) => r.${shape.lists[0] ?? ""}`] : null;
  const next = by === "cursor" ? shape.members.find((name) => NEXT.test(name)) : undefined;
  if (items === null || (by === "cursor" && next === undefined)) return { kind: "unclear", param };
  const size = names.find((name) => SIZE.test(name));
  const most = size === undefined ? undefined : field(field(properties, size), "maximum");
  const sized = size === undefined || typeof most !== "number" || !Number.isInteger(most) || most < 1 || most > 10_000 ? [] : [`size: ["${size}", ${most}]`];
  return { kind: "pages", text: `{ ${[`by: "${by}"`, `param: "${param}"`, ...sized, ...items, ...(next === undefined ? [] : [`next: (r) => r.${next} ?? null`])].join(", ")} }` };
}

function firstOf(kinds: readonly (readonly ["page" | "offset" | "cursor", RegExp])[], names: readonly string[]): readonly ["page" | "offset" | "cursor" | null, string] {
  for (const [by, pattern] of kinds) {
    const param = names.find((name) => pattern.test(name));
    if (param !== undefined) return [by, param];
  }
  return [null, ""];
}

interface ResultShape {
  readonly isList: boolean;
  /** Members, and those of them that are lists. */
  readonly members: readonly string[];
  readonly lists: readonly string[];
}

/** From what the server declares, else from what was learnt; nothing is known of the rest. */
function resultShape(definition: RawTool, learnt: LearntSchema | undefined): ResultShape {
  const declared = definition["outputSchema"];
  if (declared !== undefined) {
    const properties = field(declared, "properties");
    const members = isRecord(properties) ? Object.entries(properties).filter(([name]) => isPlainName(name)) : [];
    return { isList: isType(declared, "array"), members: members.map(([name]) => name), lists: members.filter(([, schema]) => isType(schema, "array")).map(([name]) => name) };
  }
  const members = [...(learnt?.properties ?? [])].filter(([name]) => isPlainName(name));
  return { isList: learnt?.type?.includes("array") === true, members: members.map(([name]) => name), lists: members.filter(([, schema]) => schema.type?.includes("array") === true).map(([name]) => name) };
}

function isType(schema: Data, type: string): boolean {
  return field(schema, "type") === type;
}

/** Such a name stands in a profile as it is. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !["__proto__", "constructor", "prototype"].includes(name);
}
