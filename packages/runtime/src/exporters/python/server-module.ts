import type { BundleFile, ExportSource } from "../../bundle/index.ts";
import { serverShape, type ToolOfServer, visibleLine } from "../../tools/index.ts";
import { clientNames } from "./client-names.ts";
import { DeclaredTypes } from "./declared-types.ts";
import { docstring } from "./docstring.ts";
import { assignmentText, importBlock } from "./layout-module.ts";
import { pythonImports } from "./python-imports.ts";
import { createToolPrinter } from "./tool-class.ts";
import { call, name as pyName, string } from "./tree.ts";

/** What clients are printed from. */
export interface ClientSource extends Pick<ExportSource, "lock" | "learnt"> {
  readonly profiles: readonly Pick<ExportSource["profiles"][number], "server" | "types">[];
}

/** The tools of a server that are used, and whether a call gives all arguments as one mapping. */
export type ToolUses = ReadonlyMap<string, { readonly isGivenWhole: boolean }>;

/** What every server's module has besides tools, where no tool is called so. */
const OFFERS = { read: "Resource", prompt: "Prompt" } as const;

/**
 * `servers/<server>.py`: what calls of the tools take and give, and the tools themselves. `uses`: the tools that are there, by server; all others are
 * left out, and all types that only they mention.
 */
export function printServers(source: ClientSource, uses: ReadonlyMap<string, ToolUses>): readonly BundleFile[] {
  const names = clientNames(uses);
  const modules = [...uses].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([server, tools]): BundleFile => ({ path: `servers/${names.module(server)}.py`, content: printServer(source, server, tools, (tool) => names.tool(server, tool)) }));
  return [{ path: "servers/__init__.py", content: '"""The servers that the workflow calls, by name."""\n' }, ...modules];
}

/** The module of one server. */
export function printServer({ lock, learnt, profiles }: ClientSource, server: string, uses: ToolUses, nameOf: (tool: string) => string): string {
  const locked = lock.servers.get(server);
  if (locked === undefined) return serverText(server, `The server ${visibleLine(server)}.`, [], { uses, nameOf }, new DeclaredTypes(() => "Any"));
  const shape = serverShape(server, locked, { learnt, profile: profiles.find((profile) => profile.server === server)?.types });
  const wanted = shape.tools.filter(({ name }) => uses.has(name));
  const names = new Map<string, string>();
  const types: DeclaredTypes = new DeclaredTypes((type) => {
    if (type.from !== "server") return "Any";
    const known = names.get(type.name);
    if (known !== undefined) return known;
    const name = types.take(type.name);
    names.set(type.name, name);
    const declared = shape.declarations.get(type.name);
    types.declare(name, declared ?? { type: { kind: "any" } });
    return name;
  }, ["SERVER", ...wanted.map(({ name }) => nameOf(name))]);
  // What a workflow may name is called as it is there, whatever else is declared on the way.
  for (const name of namesMentioned(wanted)) types.named({ kind: "named", from: "server", server, name }, () => "");
  const doc = `${visibleLine(locked.source)} (${visibleLine(locked.info.name)} ${visibleLine(locked.info.version)})`;
  return serverText(server, doc, wanted, { uses, nameOf }, types);
}

function namesMentioned(tools: readonly ToolOfServer[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) return node.forEach(visit);
    if ("kind" in node && node.kind === "named" && "name" in node && typeof node.name === "string") found.add(node.name);
    Object.values(node).forEach(visit);
  };
  for (const { special, general } of tools) visit([special, general]);
  return found;
}

function serverText(server: string, doc: string, tools: readonly ToolOfServer[], { uses, nameOf }: { readonly uses: ToolUses; readonly nameOf: (tool: string) => string }, types: DeclaredTypes): string {
  for (const name of Object.values(OFFERS)) types.needs(name);
  const printer = createToolPrinter(types);
  const classes = tools.map((tool) => ({ tool, printed: printer(tool, uses.get(tool.name)?.isGivenWhole === true) }));
  const taken = new Set(tools.map(({ name }) => nameOf(name)));
  const declared = types.print();
  const offers = Object.entries(OFFERS).filter(([name]) => !taken.has(name)).map(([name, made]) => assignmentText(name, call(made, pyName("SERVER")))).join("");
  const made = classes.map(({ tool, printed }) => assignmentText(nameOf(tool.name), call(printed.name, pyName("SERVER"), string(tool.name)))).join("");
  const parts = [
    ...(declared === "" ? [] : [declared]),
    ...classes.map(({ printed }) => printed.text),
    `${assignmentText("SERVER", string(server))}${offers}${made === "" ? "" : `\n${made}`}`,
  ];
  const body = parts.join("\n\n");
  // Two lines between what is imported and a class, one before anything else.
  return `${docstring(doc)}\nfrom __future__ import annotations\n\n${importBlock(pythonImports(types.needed))}\n\n${body.startsWith("class ") ? "\n" : ""}${body}`;
}
