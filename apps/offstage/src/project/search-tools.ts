/** A tool as the search sees it. */
export interface FoundTool {
  readonly server: string;
  readonly tool: string;
  readonly description: string;
  /** What its calls are: `read`, or `action=get: read, else: write`. */
  readonly effect: string;
}

/**
 * The tools that have every word somewhere, the best first: a name that is the word, then names, then descriptions; equally
 * good ones by name. Without words all of them, by name. Plural and case make no difference.
 */
export function searchTools(tools: readonly FoundTool[], words: readonly string[]): readonly FoundTool[] {
  const wanted = words.flatMap((word) => partsOf(word));
  return tools
    .map((tool) => ({ tool, score: scoreOf(tool, wanted) }))
    .filter(({ score }) => score !== null)
    .toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0) || (nameOf(a.tool) < nameOf(b.tool) ? -1 : 1))
    .map(({ tool }) => tool);
}

function nameOf({ server, tool }: FoundTool): string {
  return `${server}.${tool}`;
}

function scoreOf(tool: FoundTool, wanted: readonly string[]): number | null {
  if (wanted.length === 0) return 0;
  const names = [...partsOf(tool.server), ...partsOf(tool.tool)];
  const text = tool.description.toLowerCase();
  let score = 0;
  for (const word of wanted) {
    if (names.includes(word)) score += 4;
    else if (names.some((name) => name.includes(word))) score += 2;
    else if (text.includes(word)) score += 1;
    else return null;
  }
  // Of two names with the same words the shorter one is meant more often.
  return score - names.length / 100;
}

function partsOf(text: string): readonly string[] {
  const words = text.replace(/(?<=[a-z\d])(?=[A-Z])/g, " ").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  return words.map((word) => (word.length > 3 ? word.replace(/(?<=[^s])s$/, "") : word));
}
