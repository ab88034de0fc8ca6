import { createDeclarations } from "./declarations.ts";
import type { LockedTool, Lock, LockedServer } from "./lock.ts";
import { mergeLearnt } from "./learn.ts";
import type { Learnt } from "./learnt.ts";
import { textField } from "./catalogue.ts";
import { docComment, propertyName } from "./print-type.ts";
import type { ProfileTypeInfo } from "./profile-types.ts";
import { learntNames, toolTypes, type MergedType, type TypedTool } from "./tool-types.ts";
import { pascalName, serverIdentifiers, unused } from "./type-names.ts";
import { visibleLine } from "./visible-text.ts";

/** What the types of `#servers` are made of. */
export interface ServerTypesInput {
  readonly lock: Lock;
  readonly learnt: Learnt;
  /** One for each server that has a profile. */
  readonly profiles: readonly ProfileTypeInfo[];
}

/**
 * The text of the module that workflows import as `#servers`: for each server a constant and a namespace with the types
 * of its tools. A pure function of the lock, the learnt schemas and the profiles' types; nothing a server says can be
 * anything in it but a name, a literal or a comment.
 */
export function generateServerTypes(input: ServerTypesInput): string {
  const identifiers = serverIdentifiers(input.lock.servers.keys());
  const servers = [...identifiers].map(([name, identifier]) => {
    const server = input.lock.servers.get(name);
    return server === undefined ? "" : printedServer(name, identifier, server, input);
  });
  return [
    "// Made by Offstage from offstage.lock, offstage.learnt.json and the profiles: `offstage lock` makes it anew.\n",
    'import type { ServerBase, Tool, Unlearnt } from "offstage";\n',
    ...servers,
  ].join("\n");
}

interface Printed {
  readonly name: string;
  readonly identifier: string;
  readonly learnt: unknown;
  readonly text: string;
}

/** What was printed of a server that has no profile. A project is printed twice: its profiles are checked against the types without them. */
const printed = new WeakMap<LockedServer, Printed>();

function printedServer(name: string, identifier: string, server: LockedServer, input: ServerTypesInput): string {
  if (input.profiles.some((candidate) => candidate.server === name)) return printServer(name, identifier, server, input);
  const before = printed.get(server);
  const learnt = input.learnt.servers.get(name);
  if (before?.name === name && before.identifier === identifier && before.learnt === learnt) return before.text;
  const text = printServer(name, identifier, server, input);
  printed.set(server, { name, identifier, learnt, text });
  return text;
}

function printServer(name: string, identifier: string, server: LockedServer, input: ServerTypesInput): string {
  const profile = input.profiles.find((candidate) => candidate.server === name);
  const tools = typedTools(name, server, input, profile);
  const declarations = createDeclarations(profile?.names ?? {});
  const members = tools.map((tool) => {
    const types = toolTypes(tool, declarations);
    const pinned = server.tools.get(tool.name);
    const doc = pinned === undefined ? "" : docComment(toolDoc(pinned), "    ");
    const [only] = types;
    const text = types.length === 1 && only !== undefined ? ` ${only}` : types.map((type) => `\n      & ${type}`).join("");
    return `${doc}    ${propertyName(tool.name)}:${text};\n`;
  });
  const hidden = ["read", "prompt"].filter((member) => server.tools.has(member));
  const base = hidden.length === 0 ? "ServerBase" : `Omit<ServerBase, ${hidden.map((member) => `"${member}"`).join(" | ")}>`;
  const title = docComment(`${visibleLine(server.source)} (${visibleLine(server.info.name)} ${visibleLine(server.info.version)})`, "");
  return `${title}export declare const ${identifier}: ${identifier}.Server;\nexport declare namespace ${identifier} {\n${declarations.print("  ")}  interface Server extends ${base} {\n${members.join("")}  }\n}\n`;
}

/** What an editor shows of a tool: its server's words, and what its calls are. */
export function toolDoc(tool: LockedTool): string {
  const [first, ...others] = tool.classes;
  const classes = first === undefined ? "write" : others.length === 0 ? first.effect : tool.classes.map((entry) => `${entry.when ?? (entry.rule === null ? "else" : `rule ${entry.rule + 1}`)}: ${entry.effect}`).join(", ");
  const words = textField(tool.definition, "description") ?? textField(tool.definition, "title") ?? "";
  return `${words}${words === "" ? "" : "\n\n"}(${classes})`;
}

/** The tools of a server with what is known of each, sorted by name. */
export function typedTools(name: string, server: LockedServer, input: Pick<ServerTypesInput, "learnt">, profile: ProfileTypeInfo | undefined): readonly TypedTool[] {
  const bases = new Set<string>();
  const tools = [...server.tools].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tool, { definition }]): TypedTool => {
    const base = unused(pascalName(tool), bases);
    bases.add(base);
    const rules = profile !== undefined && Object.hasOwn(profile.tools, tool) ? (profile.tools[tool] ?? []) : [];
    return { server: name, name: tool, base, definition, rules, learnt: input.learnt.servers.get(name)?.get(tool) ?? new Map(), merged: new Map() };
  });
  const merged = mergedNames(tools, profile);
  return tools.map((tool) => ({ ...tool, merged }));
}

/** Where a profile gives several learnt types one name, each of them becomes what they all conform to. */
function mergedNames(tools: readonly TypedTool[], profile: ProfileTypeInfo | undefined): ReadonlyMap<string, MergedType> {
  const schemas = new Map(tools.flatMap((tool) => [...learntNames(tool)].map(([name, schema]) => [name, { schema, tool: tool.name }] as const)));
  const groups = Map.groupBy(Object.entries(profile?.names ?? {}).filter(([generated]) => schemas.has(generated)), ([, better]) => better);
  const merged = new Map<string, MergedType>();
  for (const group of groups.values()) {
    const all = group.flatMap(([generated]) => schemas.get(generated) ?? []).reduce<MergedType | undefined>((a, b) => (a === undefined ? b : { ...a, schema: mergeLearnt(a.schema, b.schema) }), undefined);
    for (const [generated] of group) if (all !== undefined) merged.set(generated, all);
  }
  return merged;
}
