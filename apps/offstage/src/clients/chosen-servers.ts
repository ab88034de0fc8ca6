import { OffstageError } from "offstage/base";
import type { FoundServer } from "./find-servers.ts";

/**
 * The servers that `all`, `none` or a list of names means; `cursor:github` is the one of that client, where several clients have
 * another one of the same name. Errors: `USAGE`.
 */
export function chosenServers(which: string, found: readonly FoundServer[]): readonly FoundServer[] {
  if (which === "none") return [];
  if (which === "all") return found.filter(({ collides }) => collides === null);
  const chosen = which.split(/[\s,]+/).filter((word) => word !== "").map((word) => one(word, found));
  const twice = chosen.find(({ name }, index) => chosen.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw new OffstageError("USAGE", `--import names ${twice.name} twice.`, { hint: "A project has one server of a name." });
  return chosen;
}

/** The same for what a person answers; nothing, or no, is none. */
export function answeredServers(answer: string, found: readonly FoundServer[]): readonly FoundServer[] {
  const said = answer.trim();
  return chosenServers(/^(?:no?)?$/i.test(said) ? "none" : /^y(?:es)?$/i.test(said) ? "all" : said, found);
}

function one(word: string, found: readonly FoundServer[]): FoundServer {
  const [client, name = null] = word.includes(":") ? [word.slice(0, word.indexOf(":")), word.slice(word.indexOf(":") + 1)] : [null, word];
  const server = found.find((each) => each.name === name && (client === null || each.client === client));
  if (server !== undefined) return server;
  const names = [...new Set(found.map((each) => each.name))].join(", ");
  throw new OffstageError("USAGE", `--import: no client has a server ${word}.`, { hint: names === "" ? "None was found: name your servers in mcp.json." : `Found were: ${names}. Write their names with commas between them, or all, or none.` });
}
