import { closeSync, openSync } from "node:fs";
import { OffstageError } from "../../base/index.ts";
import { createTurnTaking, markIn, runBody } from "../../sql/index.ts";
import type { Store, StoreTx, TransactOptions } from "../../state/index.ts";
import { meetBackup } from "./backup-note.ts";
import { createLogSync, type LogSync } from "./log-sync.ts";
import { migrate, type MigrateOptions } from "./migrate.ts";
import { refuseLostLog } from "./refuse-lost-log.ts";
import { watchSameFile } from "./same-file.ts";
import { connectSqlite, type SqliteConnection } from "./sqlite-connection.ts";
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
  const inTurn = createTurnTaking();
  const log = isFile ? (options.createLog ?? createLogSync)(options.file) : null;
  let closed = false;
  let inLine = 0;
  return {
    id,
    async transact(how, body) {
      inLine += 1;
      const committed = await inTurn(() => {
        if (closed) throw new OffstageError("STORE_UNAVAILABLE", `The store ${options.file} was closed already.`);
        return transact(connection, how, body, { assertSameFile, log, isAlone: () => inLine === 1, onFence: (fence, epoch) => mark?.write({ store: id, fence, epoch }) });
      }).finally(() => (inLine -= 1));
      // Others have their turns meanwhile; what they commit is behind this in the log.
      await committed.durable;
      return committed.result;
    },
    close: () =>
      inTurn(async () => {
        await log?.close();
        if (!closed) connection.close();
        closed = true;
      }),
  };
}

/** Arguments and results are in a store: a new one is its owner's alone, and SQLite gives the files beside it the same rights. */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch {
    // It is there already, and its rights are its owner's matter; or it cannot be made, which SQLite tells better.
  }
}

interface Watch {
  /** null for a store of this process only. */
  readonly log: LogSync | null;
  /** No other transaction is in line: a COMMIT that waits itself keeps nobody waiting, and costs less. */
  readonly isAlone: () => boolean;
  readonly assertSameFile: (() => void) | null;
  /** Told of a fencing token that was handed out, when that is durable. */
  readonly onFence: (fence: number, epoch: number) => void;
}

/** What a transaction came to; `durable` resolves when it may be relied upon. */
interface Committed<T> {
  readonly result: T;
  readonly durable: Promise<void> | null;
}

async function transact<T>(connection: SqliteConnection, how: TransactOptions, body: (tx: StoreTx) => Promise<T>, { assertSameFile, log, isAlone, onFence }: Watch): Promise<Committed<T>> {
  const waits = how.durable && how.reads !== true;
  if (waits) log?.refuseBroken();
  const isLater = waits && log?.isOpen() === true && (log.isBusy() || !isAlone());
  await connection.begin({ ...how, durable: waits && !isLater });
  try {
    // Who drives runs writes outside of this store too, and must not do so by a ledger that is gone. Looked at after the wait for
    // other processes; not again for the last look before a send, which follows its intent at once.
    if (how.fence !== undefined && how.reads !== true) assertSameFile?.();
    const { result, handedOut } = await runBody(connection, how, body);
    connection.commit();
    if (waits && !isLater) await log?.open();
    const durable = isLater ? log.wait() : null;
    // The mark must not know of a token that the store may still forget.
    if (handedOut !== null) await durable;
    if (handedOut !== null) onFence(handedOut.fence, handedOut.epoch);
    return { result, durable };
  } catch (error) {
    connection.rollback();
    throw error;
  }
}
