import { freeName, memberName } from "./names.ts";

/** What the servers that a workflow names, and their tools, are called in Python: no two alike. */
export interface ClientNames {
  /** The module in `servers/`, without `.py`. */
  module(server: string): string;
  /** The tool, in that module. */
  tool(server: string, tool: string): string;
}

/** What every server's module has besides its tools. */
const OF_EACH_MODULE = ["SERVER"];

/** `uses`: all tools that the package has, by server. */
export function clientNames(uses: ReadonlyMap<string, ReadonlyMap<string, unknown>>): ClientNames {
  const modules = moduleNames(uses.keys());
  const tools = new Map([...uses].map(([server, used]) => [server, namesOf(used.keys(), (name) => name, OF_EACH_MODULE)]));
  return {
    module: (server) => modules.get(server) ?? memberName(server),
    tool: (server, tool) => tools.get(server)?.get(tool) ?? memberName(tool),
  };
}

/** The modules of servers or profiles. Not every disk tells `myBox.py` from `mybox.py`. */
export function moduleNames(servers: Iterable<string>): ReadonlyMap<string, string> {
  return namesOf(servers, (name) => name.toLowerCase(), []);
}

/** Those that Python can have as they are keep their name; others take a free one. */
function namesOf(names: Iterable<string>, told: (name: string) => string, reserved: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(reserved.map(told));
  const found = new Map<string, string>();
  const asTheyAre = (name: string): number => (memberName(name) === name ? 0 : 1);
  for (const name of [...names].toSorted((a, b) => asTheyAre(a) - asTheyAre(b) || (a < b ? -1 : 1))) {
    const free = freeName(memberName(name), (one) => taken.has(told(one)));
    taken.add(told(free));
    found.set(name, free);
  }
  return found;
}
