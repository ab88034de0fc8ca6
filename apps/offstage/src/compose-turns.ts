import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { RateLimit, Turns } from "offstage/calls";
import { createStoreLanes } from "offstage/host";
import type { Store } from "offstage/state";
import type { CommandIo } from "./command-io.ts";
import { openStore } from "./compose-store.ts";
import { credentialKey } from "./config/credential-key.ts";
import { holderIsAlive, thisProcess } from "./lease-holder.ts";
import type { Project } from "./project/load-project.ts";
import { escapeControls } from "./terminal.ts";

/** Limits of calls that every process over a store keeps together. */
export interface SharedTurns {
  readonly turns: Turns;
  /** To be called before the store is closed. */
  close(): Promise<void>;
}

/** Turns in the lanes of a store. */
export function turnsOver({ clock, terminal }: Pick<CommandIo, "clock" | "terminal">, project: Project, store: Store): SharedTurns {
  const lanes = createStoreLanes({
    store, clock,
    me: thisProcess(),
    alive: holderIsAlive,
    random: randomBytes,
    onTrouble: (why) => terminal.note(why === null ? "The rates of calls are shared with other processes again." : `The store cannot be asked whose turn it is, and this process keeps the rates of its calls alone meanwhile: ${escapeControls(`${why.code}: ${why.message}`)}`),
  });
  const keys = new Map<string, string>();
  const credentialOf = (server: string): string => {
    const key = keys.get(server) ?? credentialKey(project.server(server), store.id);
    keys.set(server, key);
    return key;
  };
  return { turns: { lanes, credentialOf, rateOf: (server) => rateOf(project, server), onLongWait: (server) => terminal.note(`Calls of ${server} have waited for their turn for five seconds and more: its rate lets no more begin, or it asked to be left alone for a while.`) }, close: () => lanes.close() };
}

/**
 * For calls outside of runs. The store is opened only when such a call has a limit, and only where there is one: who has none shares nothing. One that cannot be
 * opened keeps nobody from calling, and that is said.
 */
export async function withTurns<T>(io: CommandIo, project: Project, call: { readonly server: string; readonly rate: RateLimit }, use: (turns: Turns | null) => Promise<T>): Promise<T> {
  const isLimited = [call.rate, rateOf(project, call.server)].some(({ perSecond, concurrent }) => perSecond !== undefined || concurrent !== undefined);
  const shared = isLimited ? await openTurns(io, project) : null;
  try {
    return await use(shared?.turns ?? null);
  } finally {
    await shared?.close();
  }
}

/** Turns over the project's store, for who does not use it besides; null where there is none yet, or where it cannot be opened. */
export async function openTurns(io: CommandIo, project: Project): Promise<SharedTurns | null> {
  const { postgres, file } = project.settings.store;
  if (postgres === null && !existsSync(file)) return null;
  try {
    const store = await openStore(project);
    const shared = turnsOver(io, project, store);
    return {
      ...shared,
      async close() {
        await shared.close();
        await store.close();
      },
    };
  } catch (error) {
    io.terminal.note(`The rates of calls are not shared with other processes: ${escapeControls((error as Error).message)}`);
    return null;
  }
}

function rateOf(project: Project, server: string): RateLimit {
  return project.settings.rates.get(server) ?? {};
}
