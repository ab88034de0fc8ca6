import { closeSync, openSync } from "node:fs";
import { OffstageError } from "../../base/index.ts";
import type { Store, StoreTx, TransactOptions } from "../../state/index.ts";
import { migrate, type MigrateOptions } from "./migrate.ts";
import { assertFence } from "./sql/lease-rows.ts";
import type { SqlConnection } from "./sql/prepared-query.ts";
import { refuseLostLog } from "./refuse-lost-log.ts";
import { watchSameFile } from "./same-file.ts";
import { createStoreTx } from "./sql/store-tx.ts";
import { connectSqlite, type SqliteConnection } from "./sqlite-connection.ts";
import { markBeside, meetMark } from "./store-mark.ts";
import { createTurnTaking } from "./turn-taking.ts";

/** Opens, migrates and wraps one SQLite file. */
export async function createSqliteStore(options: MigrateOptions & { readonly lockTimeoutMs: number }): Promise<Store> {
  const isFile = options.file !== ":memory:";
  if (isFile) {
    makePrivate(options.file);
    await refuseLostLog(options.file, options.lockTimeoutMs);
  }
  const connection = await connectSqlite(options.file, options.lockTimeoutMs);
  const mark = isFile ? markBeside(options.file) : null;
  let id: string;
  try {
    id = await migrate(connection, options);
    if (mark !== null) await meetMark(connection, id, mark, options.now);
  } catch (error) {
    connection.close();
    throw error;
  }
  const assertSameFile = isFile ? watchSameFile(options.file) : null;
  const inTurn = createTurnTaking();
  let closed = false;
  return {
    id,
    transact: (how, body) =>
      inTurn(() => {
        if (closed) throw new OffstageError("STORE_UNAVAILABLE", `The store ${options.file} was closed already.`);
        return transact(connection, how, body, { assertSameFile, onFence: (fence, epoch) => mark?.write({ store: id, fence, epoch }) });
      }),
    close: () =>
      inTurn(async () => {
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
  readonly assertSameFile: (() => void) | null;
  /** Told of a fencing token that was handed out, when that is durable. */
  readonly onFence: (fence: number, epoch: number) => void;
}

async function transact<T>(connection: SqliteConnection, how: TransactOptions, body: (tx: StoreTx) => Promise<T>, { assertSameFile, onFence }: Watch): Promise<T> {
  await connection.begin(how);
  const guarded = guardTransaction(connection);
  try {
    // Who drives runs writes outside of this store too, and must not do so by a ledger that is gone. Looked at after the wait for
    // other processes; not again for the last look before a send, which follows its intent at once.
    if (how.fence !== undefined && how.reads !== true) assertSameFile?.();
    if (how.fence !== undefined) await assertFence(guarded.connection, how.fence);
    const tx = createStoreTx(guarded.connection);
    let handedOut: readonly [fence: number, epoch: number] | null = null;
    const { nextFence } = tx;
    tx.nextFence = async () => {
      const fence = await nextFence();
      handedOut = [fence, Number(await tx.getMeta("epoch"))];
      return fence;
    };
    const result = await body(tx);
    guarded.end();
    connection.commit();
    if (handedOut !== null) onFence(...(handedOut as [number, number]));
    return result;
  } catch (error) {
    guarded.end(false);
    connection.rollback();
    throw error;
  }
}

/**
 * The connection as one transaction sees it: dead when the transaction has ended, so that a forgotten `await` cannot write into
 * the next one; and a transaction in which a statement failed cannot commit what is left, should its body have caught the error.
 */
function guardTransaction(connection: SqlConnection): { readonly connection: SqlConnection; end(asserted?: boolean): void } {
  let ended = false;
  let failure: { readonly error: unknown } | null = null;
  const guard = async <T>(run: () => Promise<T>): Promise<T> => {
    if (ended) throw new OffstageError("BUG", "A transaction was used after it had ended: an await is missing.");
    try {
      return await run();
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  return {
    connection: { all: (query) => guard(() => connection.all(query)), run: (query) => guard(() => connection.run(query)) },
    end(asserted = true) {
      ended = true;
      if (asserted && failure !== null) throw failure.error;
    },
  };
}
