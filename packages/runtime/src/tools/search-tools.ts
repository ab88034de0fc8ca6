import type { Catalogue, RawTool } from "./catalogue.ts";
import { differentTools } from "./same-tools.ts";
import { actionsIn, disagree } from "./search-actions.ts";
import { FIELD_WORTH, type IndexedTool, indexTool, type SearchField } from "./search-index.ts";
import { type SearchTerm, searchTerms } from "./search-terms.ts";
import type { Phrase } from "./synonyms.ts";
import { stemsOf } from "./word-stems.ts";

/** One tool that a search found. */
export interface FoundTool {
  readonly server: string;
  readonly tool: string;
  readonly definition: RawTool;
  /** The other servers with the same tool: its name, its description and its parameters. */
  readonly alsoOf: readonly string[];
  /** The higher the better; comparable within one search only. */
  readonly score: number;
}

// Okapi BM25, over the parts of a tool: how fast repeated words stop counting, and how much long parts are held down.
const SATURATION = 0.8;
const LENGTH = 0.6;

/** What a word is worth that only begins like the one that was asked for, and one that means the same. */
const BEGINNING = 0.35;
const SYNONYM = 0.55;

/** What it is worth that the server is called by its name. */
const SERVER = 3;

/** What is left of the worth of a tool that does something else than was asked for. */
const OTHER_ACTION = 0.75;

/** And of one that its server says not to use any more. */
const DEPRECATED = 0.5;

/** Searches the same tools for one text after another. */
export type ToolSearch = (words: string, limit?: number) => readonly FoundTool[];

/**
 * Ranks the tools of all servers for some words, best first, without a model: a word in a name counts most, rare words count
 * more than common ones, beginnings of words and other words for the same count less, and a tool that has something of
 * every word comes before one that has much of one. Tools in which nothing of it occurs are left out, and what several servers
 * offer alike is found once, with the names of all of them. The same input gives the same order. `conformance/finding` measures it.
 */
export function searchTools(catalogues: readonly Pick<Catalogue, "server" | "tools">[], words: string, limit?: number): readonly FoundTool[] {
  return createToolSearch(catalogues)(words, limit);
}

/** {@link searchTools} for whoever searches more than once: the tools are read only now. */
export function createToolSearch(catalogues: readonly Pick<Catalogue, "server" | "tools">[]): ToolSearch {
  const tools = catalogues.flatMap((catalogue) => [...catalogue.tools].map(([tool, definition]) => indexTool(catalogue.server, tool, definition)));
  const servers = catalogues.map(({ server }) => server);
  const average = averageLengths(tools);
  return (words, limit = 20) => {
    const terms = searchTerms(words).map((term) => rateTerm(term, tools, average, servers));
    const asked = actionsIn(words);
    const found = tools
      .map((one, index) => {
        const worths = terms.map((worthOf) => worthOf(one, index)).filter((worth) => worth > 0);
        const covered = Math.sqrt(worths.length / Math.max(1, terms.length));
        const score = worths.reduce((sum, worth) => sum + worth, 0) * covered * (disagree(asked, actionsIn(one.tool)) ? OTHER_ACTION : 1) * (one.deprecated ? DEPRECATED : 1);
        return { server: one.server, tool: one.tool, definition: one.definition, score };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || compareText(a.server, b.server) || compareText(a.tool, b.tool));
    return differentTools(found, limit);
  };
}

/** The words of which no tool and no server has anything, whatever the others found: who says them asks for something that is not there. */
export function wordsNowhere(catalogues: readonly Pick<Catalogue, "server" | "tools">[], words: readonly string[]): readonly string[] {
  const search = createToolSearch(catalogues);
  return words.filter((word) => searchTerms(word).length > 0 && search(word, 1).length === 0);
}

/** What one term is worth in each tool: in what the tool says, and in what its server is called. */
function rateTerm(term: SearchTerm, tools: readonly IndexedTool[], average: Lengths, servers: readonly string[]): (tool: IndexedTool, index: number) => number {
  const named = new Map(servers.flatMap((server) => {
    const worth = serverWorth(term, server);
    return worth === 0 ? [] : [[server, worth] as const];
  }));
  // A server's own name means the server: a file is nothing that the tools of `files` create as bugs are filed.
  const plain: SearchTerm = { ...term, synonyms: [] };
  const worths = tools.map((tool) => worthIn(named.get(tool.server) === SERVER ? plain : term, tool, average));
  const rarity = rarityOf(worths.filter((worth) => worth > 0).length, tools.length);
  const serverRarity = rarityOf(named.size, servers.length);
  return ({ server }, index) => (worths[index] ?? 0) * rarity + (named.get(server) ?? 0) * serverRarity;
}

function serverWorth(term: SearchTerm, server: string): number {
  const words = stemsOf(server);
  const names = (phrase: Phrase): boolean => phrase.every((word) => words.includes(word));
  return names(term.said) ? SERVER : term.synonyms.some(names) ? SERVER * SYNONYM : 0;
}

type Lengths = Readonly<Record<SearchField, number>>;

const FIELDS = Object.keys(FIELD_WORTH) as readonly SearchField[];

function averageLengths(tools: readonly IndexedTool[]): Lengths {
  const average = (name: SearchField): number => Math.max(1, tools.reduce((sum, { fields }) => sum + fields[name].length, 0) / Math.max(1, tools.length));
  return Object.fromEntries(FIELDS.map((name) => [name, average(name)])) as Lengths;
}

/** How much one tool says of what was asked for: the best of what was said and what means the same. */
function worthIn(term: SearchTerm, tool: IndexedTool, average: Lengths): number {
  return Math.max(phraseWorth(term.said, tool, average), ...term.synonyms.map((phrase) => SYNONYM * phraseWorth(phrase, tool, average)));
}

/** Words that are said together have to stand in the same part. */
function phraseWorth(phrase: Phrase, { fields }: IndexedTool, average: Lengths): number {
  let worth = 0;
  for (const name of FIELDS) {
    const { counts, length } = fields[name];
    const count = Math.min(...phrase.map((word) => occurrences(counts, word)));
    if (count > 0) worth += (FIELD_WORTH[name] * count) / (count + SATURATION * (1 - LENGTH + (LENGTH * length) / average[name]));
  }
  return worth;
}

function occurrences(counts: ReadonlyMap<string, number>, word: string): number {
  const exact = counts.get(word);
  if (exact !== undefined || word.length < 3) return exact ?? 0;
  let best = 0;
  for (const [other, count] of counts) if (other.startsWith(word)) best = Math.max(best, count * BEGINNING);
  return best;
}

function rarityOf(containing: number, all: number): number {
  return Math.log(1 + (all - containing + 0.5) / (containing + 0.5));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
