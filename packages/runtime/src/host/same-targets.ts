import { OffstageError } from "../base/index.ts";
import type { Journal } from "../engine/index.ts";
import type { Run } from "../model/index.ts";
import { namedServers, type Program } from "../program/index.ts";

/** Beside the keys of steps, which have a number. */
const KEY = "targets";

/**
 * A run goes on where it began: what it read from one site says nothing about another, and its writes belong where it read. The
 * first time, it remembers to whom its servers speak. Errors: `TARGET_CHANGED`; the run stays as it is, and goes on when they do again.
 */
export async function refuseOtherTargets(run: Run, program: Program, journal: Pick<Journal, "once">, targetOf: (server: string) => string): Promise<void> {
  const servers = namedServers(program);
  if (servers.length === 0) return;
  const now = Object.fromEntries(servers.map((server) => [server, targetOf(server)]));
  const began = (await journal.once(KEY, "", () => Promise.resolve(now))) as typeof now;
  const moved = servers.find((server) => began[server] !== now[server]);
  if (moved === undefined) return;
  throw new OffstageError("TARGET_CHANGED", `Run ${run.id} of ${run.workflow} began when ${moved} spoke to ${began[moved]}; it speaks to ${now[moved]} now.`, {
    hint: "Point the server in mcp.json back, and it goes on. For the other one, start a new run.",
  });
}
