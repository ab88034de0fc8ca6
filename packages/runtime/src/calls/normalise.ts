import { type Data, isOffstageError, OffstageError, parseExact, type Redactor, stringifyExact } from "../base/index.ts";
import type { ContentBlock, RawReply, Rule, RuleReply } from "./ports.ts";
import { removeSensitive } from "./sensitive.ts";

/** A reply of the server, redacted and without what is sensitive: what rules see, and the value when no rule makes another. */
export interface NormalReply {
  readonly seen: RuleReply;
  readonly value: Data;
}

type ResultReply = Extract<RawReply, { kind: "result" }>;

/**
 * LANGUAGE.md §4: the structured content when there is one; else the JSON when the content is exactly one block of text
 * that is JSON; else `{ text, content }`. Nothing else is guessed. `data` of the rules' view is null in the last case.
 */
export function normaliseResult(reply: ResultReply, sensitive: Rule["sensitive"], redactor: Redactor): NormalReply {
  const content = redactor.redactData(reply.content) as readonly ContentBlock[];
  const text = content.flatMap((block) => (isText(block) ? [block.text] : [])).join("\n");
  // Servers that write every field say null for "there is none".
  const isNone = reply.structured === undefined || (reply.structured === null && content.length > 0);
  const raw = isNone ? jsonOf(content) : { data: reply.structured as Data };
  if (raw === null) {
    const value = removeSensitive({ text, content }, sensitive);
    const isTextKept = typeof value === "object" && value !== null && "text" in value;
    return { seen: { text: isTextKept ? text : "", data: null, isError: reply.isError }, value };
  }
  // Once more after reading, for what JSON had escaped.
  const value = removeSensitive(redactor.redactData(raw.data), sensitive);
  return { seen: { text: sensitive.length === 0 ? text : withoutSensitive(text, sensitive), data: value, isError: reply.isError }, value };
}

/** A protocol error as rules see it. */
export function normaliseError(text: string, redactor: Redactor): RuleReply {
  return { text: redactor.redact(text), data: null, isError: true };
}

function isText(block: ContentBlock): block is { readonly type: "text"; readonly text: string } {
  return block.type === "text" && typeof block["text"] === "string";
}

/** The JSON of a single block of text; null when it is something else. */
function jsonOf(content: readonly ContentBlock[]): { readonly data: Data } | null {
  const [block, ...others] = content;
  return block !== undefined && others.length === 0 && isText(block) ? parseJson(block.text) : null;
}

/** Cheap, because most texts are prose. */
const JSON_BEGINS = /^\s*["{[\-\dtfn]/;

/** The JSON that a text is, whole and exact; null when it is none. Errors: `LIMIT_DEPTH`. */
export function parseJson(text: string): { readonly data: Data } | null {
  if (!JSON_BEGINS.test(text)) return null;
  try {
    return { data: parseExact(text) };
  } catch (error) {
    if (!isOffstageError(error)) throw error;
    if (error.code === "VALUE_INVALID") return null;
    throw new OffstageError("LIMIT_DEPTH", error.message, { cause: error });
  }
}

/** Servers repeat their structured content as text: what is sensitive must not come back through it. */
function withoutSensitive(text: string, sensitive: Rule["sensitive"]): string {
  const parsed = parseJson(text);
  return parsed === null ? text : stringifyExact(removeSensitive(parsed.data, sensitive));
}
