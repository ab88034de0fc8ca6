import { OffstageError } from "offstage/base";

/** What can be paused. */
export interface Pausable {
  readonly workflows: readonly string[];
  readonly servers: readonly string[];
  /** What is paused now: it may be gone from the project, and can be named all the same. */
  readonly paused: readonly string[];
}

/** The name under which something is paused: `*` for `all`, `workflow:x`, `server:y`. Errors: `USAGE`. */
export function pauseName(what: string, { workflows, servers, paused }: Pausable): string {
  if (what === "all") return "*";
  const known = [...new Set([...workflows.map((name) => `workflow:${name}`), ...servers.map((name) => `server:${name}`), ...paused])];
  const found = known.filter((name) => name === what || name.slice(name.indexOf(":") + 1) === what);
  if (found.length === 1) return found[0] as string;
  if (found.length > 1) throw new OffstageError("USAGE", `${what} is a workflow and a server.`, { hint: `Say which: ${found.join(" or ")}.` });
  throw new OffstageError("USAGE", `There is no workflow and no server ${what}.`, { hint: `There are: all, ${known.join(", ")}.` });
}
