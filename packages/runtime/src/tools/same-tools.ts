import { field, type RawTool } from "./catalogue.ts";
import { sameData } from "./compare-schemas.ts";

/** A tool of a server. */
interface OfServer {
  readonly server: string;
  readonly tool: string;
  readonly definition: RawTool;
}

/** With the other servers that have the same tool, in the order in which they came; none, mostly. */
export type WithOthers<Tool extends OfServer> = Tool & { readonly alsoOf: readonly string[] };

/**
 * The first `limit` tools that differ. What several servers offer under one name, with one description and the same parameters (two accounts at one
 * service, the same program for two folders) is one tool, that of the first of them.
 */
export function differentTools<Tool extends OfServer>(tools: readonly Tool[], limit: number): readonly WithOthers<Tool>[] {
  const kept: (Tool & { alsoOf: string[] })[] = [];
  const byName = new Map<string, (Tool & { alsoOf: string[] })[]>();
  for (const one of tools) {
    const others = byName.get(one.tool) ?? [];
    const same = others.find((other) => other.server !== one.server && isSame(other.definition, one.definition));
    if (same !== undefined) {
      same.alsoOf.push(one.server);
    } else if (kept.length < limit) {
      const first = { ...one, alsoOf: [] };
      kept.push(first);
      byName.set(one.tool, [...others, first]);
    }
  }
  return kept;
}

function isSame(a: RawTool, b: RawTool): boolean {
  return ["description", "inputSchema"].every((name) => sameData(field(a, name), field(b, name)));
}
