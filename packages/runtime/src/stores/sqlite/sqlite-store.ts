import { closeSync, openSync } from "node:fs";
import { OffstageError } from "../../base/index.ts";
import { markIn } from "../../sql/index.ts";
import type { Store } from "../../state/index.ts";
import { meetBackup } from "./backup-note.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createGroupTurns } from "./group-turns.ts";
import { createLogSync } from "./log-sync.ts";
import { migrate, type MigrateOptions, refuseMigrated } from "./migrate.ts";
import { refuseLostLog } from "./refuse-lost-log.ts";
import { watchSameFile } from "./same-file.ts";
import { connectSqlite } from "./sqlite-connection.ts";
import { storeMoved } from "./sqlite-errors.ts";
import { meetMark } from "./store-mark.ts";

/** Opens, migrates and wraps one SQLite file. */
export async function createSqliteStore(options: MigrateOptions & { readonly lockTimeoutMs: number; readonly createLog?: typeof createLogSync }): Promise<Store> {
  const isFile = options.file !== ":memory:";
  if (isFile) {
    makePrivate(options.file);
    await refuseLostLog(options.file, options.lockTimeoutMs);
  }
  const connection = await connectSqlite(options.file, options.lockTimeoutMs);
  const mark = isFile ? markIn(`${options.file}.mark`) : null;
  let id: string;
  try {
    const migrated = await migrate(connection, options);
    if (migrated.movedTo !== null) throw storeMoved(options.file, migrated.movedTo);
    id = migrated.id;
    if (mark !== null) await meetMark(connection, id, mark, options.now);
    await meetBackup(connection, id, mark, options.now);
  } catch (error) {
    connection.close();
    throw error;
  }
  const assertSameFile = isFile ? watchSameFile(options.file) : null;
  const log = isFile ? (options.createLog ?? createLogSync)(options.file) : null;
  let closed = false;
  const refuse = (): OffstageError => new OffstageError("STORE_UNAVAILABLE", `The store ${options.file} was closed already.`);
  const commit = createGroupCommit({ connection, assertSameFile, assertVersion: () => refuseMigrated(connection, options.file), log, onFence: (fence, epoch) => mark?.write({ store: id, fence, epoch }) });
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
