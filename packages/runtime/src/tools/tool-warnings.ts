import { type Data, shorten } from "../base/index.ts";
import { isRecord, type RawTool } from "./catalogue.ts";
import { hashData } from "./pinned-json.ts";
import { type Suspicion, suspicions } from "./suspicious-text.ts";
import { visibleLine } from "./visible-text.ts";

/** What a person should look at before a server's texts reach a model. A warning stops nothing by itself. */
export interface ToolWarning {
  readonly server: string;
  /** Null when it is about what the server says of itself, or about its tools together. */
  readonly tool: string | null;
  /** Which text: `description`, `inputSchema.properties.path.description`, `instructions`. */
  readonly where: string;
  /**
   * A {@link Suspicion}, or `same-name`: another server has other tools of the same names, which a model may take for these; or
   * `speaks-of-others`: the text names a tool of another server.
   */
  readonly kind: Suspicion["kind"] | "same-name" | "speaks-of-others";
  /** What was found, on one line, escaped. */
  readonly found: string;
}

/** What is looked at: servers with their tools, and what each says of itself. */
export interface WarnedServer {
  readonly server: string;
  readonly tools: ReadonlyMap<string, RawTool>;
  readonly instructions?: string | null;
}

const MOST_PER_TOOL = 10;

/** What is odd in any text of a tool: names, titles, descriptions, values, whatever a server puts there. */
export function toolWarnings(server: string, tool: string, definition: RawTool): readonly ToolWarning[] {
  const found: ToolWarning[] = [];
  eachText(definition, (where, text) => {
    for (const one of found.length < MOST_PER_TOOL ? suspicions(text) : []) found.push({ server, tool, where, ...one });
  });
  return found;
}

/** {@link toolWarnings} of all, what servers say of themselves, and what they say of each other. */
export function allWarnings(servers: readonly WarnedServer[]): readonly ToolWarning[] {
  const owners = ownersOf(servers);
  return servers.flatMap((one) => [
    ...suspicions(one.instructions ?? "").map((suspicion): ToolWarning => ({ server: one.server, tool: null, where: "instructions", ...suspicion })),
    ...[...one.tools].flatMap(([tool, definition]) => toolWarnings(one.server, tool, definition)),
    ...sameNames(one, servers),
    ...namedOthers(one, owners),
  ]);
}

/** Names that are no ordinary words → a server that has such a tool. */
function ownersOf(servers: readonly WarnedServer[]): ReadonlyMap<string, string> {
  return new Map(servers.flatMap(({ server, tools }) => [...tools.keys()].filter(isDistinct).map((name) => [name, server] as const)));
}

function sameNames({ server, tools }: WarnedServer, servers: readonly WarnedServer[]): readonly ToolWarning[] {
  return servers.filter((other) => other.server !== server).flatMap((other) => {
    // The very same tool is the same server twice, for two accounts: nothing is taken for something else.
    const same = [...tools].flatMap(([name, tool]) => (isOther(tool, other.tools.get(name)) ? [name] : []));
    return same.length === 0 ? [] : [{ server, tool: null, where: "names", kind: "same-name" as const, found: `${other.server} has them too: ${shorten(same.map(visibleLine).join(", "), 200)}` }];
  });
}

function isOther(tool: RawTool, namesake: RawTool | undefined): boolean {
  return namesake !== undefined && hashData(tool) !== hashData(namesake);
}

/** One warning a tool; only names that the server's own tools do not have. */
function namedOthers({ server, tools, instructions }: WarnedServer, owners: ReadonlyMap<string, string>): readonly ToolWarning[] {
  const look = (tool: string | null, texts: Data): readonly ToolWarning[] => {
    const found: ToolWarning[] = [];
    eachText(texts, (where, text) => {
      if (!/\s/.test(text)) return; // Names of arguments are often those of other servers' tools; sentences are not.
      const named = (text.match(/[A-Za-z][\w-]*/g) ?? []).find((word) => owners.has(word) && !tools.has(word));
      if (named !== undefined && found.length === 0) found.push({ server, tool, where, kind: "speaks-of-others", found: `${owners.get(named) ?? ""}.${named}` });
    });
    return found;
  };
  return [...look(null, { instructions: instructions ?? "" }), ...[...tools].flatMap(([tool, definition]) => look(tool, definition))];
}

/** `send_email`, `createIssue`; not `search`, which every text may say. */
function isDistinct(name: string): boolean {
  return name.length >= 8 && /[a-z\d][_-][a-z]|\p{Ll}\p{Lu}/u.test(name);
}

/** Every string of a value with its place; names of members are strings too. */
function eachText(value: Data, look: (where: string, text: string) => void, where = ""): void {
  if (typeof value === "string") look(where, value);
  else if (Array.isArray(value)) value.forEach((item, index) => eachText(item as Data, look, `${where}[${index}]`));
  else if (isRecord(value)) {
    for (const [name, member] of Object.entries(value)) {
      const at = where === "" ? visibleLine(name) : `${where}.${shorten(visibleLine(name), 60)}`;
      look(at, name);
      eachText(member, look, at);
    }
  }
}
