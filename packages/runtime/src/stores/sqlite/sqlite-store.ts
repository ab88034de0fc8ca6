import { closeSync, openSync } from "node:fs";
import { type Clock, OffstageError } from "../../base/index.ts";
import { type MarkFile, markIn, onlyReading } from "../../sql/index.ts";
import type { Store } from "../../state/index.ts";
import { meetBackup } from "./backup-note.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createGroupTurns } from "./group-turns.ts";
import { createLogSync } from "./log-sync.ts";
import { migrate, type Migrated, type MigrateOptions, refuseMigrated } from "./migrate.ts";
import { refuseLostLog } from "./refuse-lost-log.ts";
import { watchSameFile } from "./same-file.ts";
import { connectSqlite, type SqliteConnection } from "./sqlite-connection.ts";
import { storeMoved } from "./sqlite-errors.ts";
import { meetMark } from "./store-mark.ts";

/** Opens, migrates and wraps one SQLite file. */
export async function createSqliteStore({ clock, ...settings }: Omit<MigrateOptions, "now"> & { readonly clock: Pick<Clock, "now">; readonly lockTimeoutMs: number; readonly createLog?: typeof createLogSync }): Promise<Store> {
  const options = { ...settings, now: clock.now() };
  const isFile = options.file !== ":memory:";
  if (isFile) {
    makePrivate(options.file);
    await refuseLostLog(options.file, options.lockTimeoutMs);
  }
  const connection = await connectSqlite(options.file, options.lockTimeoutMs);
  const mark = isFile ? markIn(`${options.file}.mark`) : null;
  let migrated: Migrated;
  try {
    migrated = await migrate(connection, options);
    if (migrated.movedTo !== null) throw storeMoved(options.file, migrated.movedTo);
    if (migrated.foreign === null) await meetPast(connection, migrated.id, mark, options.now);
  } catch (error) {
    connection.close();
    throw error;
  }
  const { id, foreign } = migrated;
  const assertSameFile = isFile ? watchSameFile(options.file) : null;
  const log = isFile ? (options.createLog ?? createLogSync)(options.file) : null;
  let closed = false;
  const refuse = (): OffstageError => new OffstageError("STORE_UNAVAILABLE", `The store ${options.file} was closed already.`);
  const commit = createGroupCommit({ clock, connection: foreign === null ? connection : { ...connection, ...onlyReading(connection, foreign) }, assertSameFile, assertVersion: () => refuseMigrated(connection, options.file), log, onFence: (fence, epoch) => mark?.write({ store: id, fence, epoch }) });
  const turns = createGroupTurns(async (group, othersWait) => (closed ? group.forEach(({ reject }) => reject(refuse())) : commit(group, othersWait)), isFile ? oneTurn : async () => undefined);
  return {
    id,
    transact: turns.transact,
    close: () =>
      turns.inTurn(async () => {
        await log?.close();
        if (!closed) connection.close();
        closed = true;
      }),
  };
}

/** Whether it has been further than it knows. */
async function meetPast(connection: SqliteConnection, id: string, mark: MarkFile | null, now: number): Promise<void> {
  if (mark !== null) await meetMark(connection, id, mark, now);
  await meetBackup(connection, id, mark, now);
}

/** Until what came in over the network meanwhile was taken, too. */
function oneTurn(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve); });
}

/** Arguments and results are in a store: a new one is its owner's alone, and SQLite gives the files beside it the same rights. */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch {
    // It is there already, and its rights are its owner's matter; or it cannot be made, which SQLite tells better.
  }
}
