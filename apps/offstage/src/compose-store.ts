import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { OffstageError } from "offstage/base";
import type { Store } from "offstage/state";
import { movedNote, openSqliteStore } from "offstage/stores/sqlite";
import type { Project } from "./project/load-project.ts";
import { createSystemClock } from "./system-clock.ts";

/** The project's store. Errors: those of its adapter, `STORE_MOVED`. */
export async function openStore(project: Project): Promise<Store> {
  const postgres = project.postgres();
  const { file } = project.settings.store;
  const folder = dirname(postgres?.markFile ?? file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (postgres === null) throw new OffstageError("STORE_UNAVAILABLE", `The store's folder ${folder} cannot be made: ${(error as Error).message}`, { hint: "See that this user may write there and that no file is in the way, or set store.file in offstage.yaml.", cause: error });
  }
  const clock = createSystemClock();
  if (postgres === null) return openSqliteStore({ file, clock });
  refuseStoreLeft(file);
  // Only who names one needs it.
  return (await import("offstage/stores/postgres")).openPostgresStore({ ...postgres, clock });
}

/** A command over the project's store alone: for those that only look or append. */
export async function withStore<T>(project: Project, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(project);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** A ledger that stays behind knows writes that would be made again. */
function refuseStoreLeft(file: string): void {
  if (!existsSync(file) || existsSync(movedNote(file))) return;
  throw new OffstageError("STORE_MOVED", `offstage.yaml names a store in PostgreSQL, and the store ${file} was not moved there: what it knows would be done again.`, {
    hint: "Move it: offstage migrate --from sqlite --to postgres. If nothing in it matters, put the file somewhere else.",
  });
}
