import type { Data } from "../base/index.ts";
import { type Catalogue, field, isRecord, type RawTool, textField } from "./catalogue.ts";

/** One tool that a search found. */
export interface FoundTool {
  readonly server: string;
  readonly tool: string;
  readonly definition: RawTool;
  /** The higher the better; comparable within one search only. */
  readonly score: number;
}

/** Where a word stands decides what it is worth. */
const WEIGHTS = { name: 4, server: 2, title: 2, argument: 1, description: 1, argumentDescription: 0.5 } as const;

// Okapi BM25: how fast repeated words stop counting, and how much long documents are held down.
const SATURATION = 1.2;
const LENGTH = 0.75;

/**
 * Ranks the tools of all servers for some words, best first: a word in a name counts most, rare words count more than
 * common ones, and the beginning of a word counts as half of it. Tools in which no word occurs are left out. The same
 * input gives the same order.
 */
export function searchTools(catalogues: readonly Pick<Catalogue, "server" | "tools">[], words: string, limit = 20): readonly FoundTool[] {
  const documents = catalogues.flatMap(({ server, tools }) => [...tools].map(([tool, definition]) => indexTool(server, tool, definition)));
  const average = documents.reduce((sum, document) => sum + document.length, 0) / Math.max(1, documents.length);
  const asked = [...new Set(wordsOf(words))];
  const scores = new Map<Indexed, number>();
  for (const word of asked) {
    const counts = documents.map((document) => weightOf(document, word));
    const containing = counts.filter((count) => count > 0).length;
    const rarity = Math.log(1 + (documents.length - containing + 0.5) / (containing + 0.5));
    for (const [index, document] of documents.entries()) {
      const count = counts[index] ?? 0;
      if (count === 0) continue;
      const damped = (count * (SATURATION + 1)) / (count + SATURATION * (1 - LENGTH + (LENGTH * document.length) / average));
      scores.set(document, (scores.get(document) ?? 0) + rarity * damped);
    }
  }
  return [...scores]
    .map(([{ server, tool, definition }, score]) => ({ server, tool, definition, score }))
    .sort((a, b) => b.score - a.score || compareText(a.server, b.server) || compareText(a.tool, b.tool))
    .slice(0, limit);
}

interface Indexed {
  readonly server: string;
  readonly tool: string;
  readonly definition: RawTool;
  /** Word → what its occurrences are worth. */
  readonly words: ReadonlyMap<string, number>;
  readonly length: number;
}

function indexTool(server: string, tool: string, definition: RawTool): Indexed {
  const words = new Map<string, number>();
  let length = 0;
  const add = (text: string | undefined, weight: number): void => {
    for (const word of wordsOf(text ?? "")) {
      words.set(word, (words.get(word) ?? 0) + weight);
      length += 1;
    }
  };
  add(tool, WEIGHTS.name);
  add(server, WEIGHTS.server);
  add(textField(definition, "title"), WEIGHTS.title);
  add(textField(definition, "description"), WEIGHTS.description);
  const properties: Data | undefined = field(field(definition, "inputSchema"), "properties");
  for (const [name, schema] of isRecord(properties) ? Object.entries(properties) : []) {
    add(name, WEIGHTS.argument);
    add(textField(schema, "description"), WEIGHTS.argumentDescription);
  }
  return { server, tool, definition, words, length };
}

function weightOf(document: Indexed, word: string): number {
  const exact = document.words.get(word);
  if (exact !== undefined || word.length < 3) return exact ?? 0;
  let best = 0;
  for (const [other, weight] of document.words) if (other.startsWith(word)) best = Math.max(best, weight / 2);
  return best;
}

/** Words of a text: parts of `snake_case` and `camelCase` names too, without case and plural. At most 2,000. */
function wordsOf(text: string): readonly string[] {
  const parts = text.slice(0, 20_000).replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.slice(0, 2000).map(singular);
}

function singular(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  return word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
