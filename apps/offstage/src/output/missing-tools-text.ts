import { nearestName } from "offstage/base";
import { type Catalogue, searchTools, wordsNowhere } from "offstage/tools";
import { escapeControls } from "../terminal.ts";

/** Where was looked. */
export interface Looked {
  readonly offered: readonly Pick<Catalogue, "server" | "tools">[];
  /** Servers of `mcp.json` whose tools nobody knows yet. */
  readonly unlocked: readonly string[];
  /** The command that locks them. */
  readonly lock: string;
}

/** Names that are told for one that is none. */
const MOST_NAMES = 12;

/** What is said of `server.tool` when the server has no such tool, and what is called like it; null when the words name no tool of these servers. */
export function noSuchToolText([word = "", ...others]: readonly string[], { offered }: Looked): string | null {
  const named = others.length > 0 ? undefined : offered.find(({ server }) => word.startsWith(`${server}.`));
  if (named === undefined) return null;
  const tool = word.slice(named.server.length + 1);
  const all = [...named.tools.keys()];
  const near = [...new Set([nearestName(tool, all) ?? [], searchTools([named], tool, MOST_NAMES).map((one) => one.tool)].flat())].slice(0, MOST_NAMES);
  const more = all.length - MOST_NAMES;
  const names = near.length > 0 ? `Nearest: ${near.join(", ")}` : `It has ${all.slice(0, MOST_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return escapeControls(`The server ${named.server} has no tool ${tool}. ${names}.`);
}

/** What was asked for and is nowhere, and where was looked for it: weak finds would look like an answer. Empty when there is something of each word. */
export function nowhereText(words: readonly string[], { offered, unlocked, lock }: Looked): string {
  const nowhere = wordsNowhere(offered, words);
  const named = unlocked.some((server) => words.some((word) => word === server || word.startsWith(`${server}.`)));
  if (nowhere.length === 0 && !named) return "";
  return escapeControls([
    ...(nowhere.length === 0 ? [] : [`No tool and no server has ${nowhere.map((word) => `"${word}"`).join(" or ")}.`]),
    `Locked are ${offered.map(({ server }) => server).join(", ")}.`,
    ...(unlocked.length === 0 ? [] : [`Not locked yet: ${unlocked.join(", ")} (${lock}).`]),
  ].join(" "));
}
