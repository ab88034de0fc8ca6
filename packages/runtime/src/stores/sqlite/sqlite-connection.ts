import { setTimeout as wait } from "node:timers/promises";
import type Sqlite from "better-sqlite3";
import { type BoundQuery, refuseUnkeepable, type SqlConnection } from "../../sql/index.ts";
import type { TransactOptions } from "../../state/index.ts";
import { isBusy, storeError } from "./sqlite-errors.ts";

/** The longest pause between two attempts to get at a busy file, in milliseconds. */
const LONGEST_PAUSE_MS = 25;

/** How many statements stay compiled: more than there are fixed ones; lists with filters come and go. */
const STATEMENTS = 200;

/** better-sqlite3 behind {@link SqlConnection}, with the transaction commands. One per store: callers take turns. */
export interface SqliteConnection extends SqlConnection {
  /** Begins a transaction, waiting for other processes without blocking this one. */
  begin(how: Pick<TransactOptions, "durable" | "reads">): Promise<void>;
  commit(): void;
  /** Does nothing when SQLite has rolled back by itself. */
  rollback(): void;
  /** The first column of a pragma's first row, or undefined. */
  pragma(text: string): Promise<unknown>;
  execute(sql: string): void;
  close(): void;
}

/**
 * Opens the file without looking into it. `file` is `:memory:` for a store that ends with the process. `lockTimeoutMs` is how
 * long a transaction waits for those of other processes.
 */
export async function connectSqlite(file: string, lockTimeoutMs: number): Promise<SqliteConnection> {
  const { default: Database } = await import("better-sqlite3");
  return guard(file, () => connectionOver(new Database(file, { timeout: 0 }), file, lockTimeoutMs));
}

function connectionOver(database: Sqlite.Database, file: string, lockTimeoutMs: number): SqliteConnection {
  const statements = new Map<string, Sqlite.Statement>();
  let durability: boolean | null = null;

  const statementFor = (sql: string): Sqlite.Statement => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      if (statements.size >= STATEMENTS) statements.delete(statements.keys().next().value ?? "");
      statements.set(sql, statement);
    }
    return statement;
  };
  const patiently = <T>(attempt: () => T): Promise<T> => retryBusy(attempt, file, lockTimeoutMs);
  const execute = (sql: string): void => guard(file, () => void statementFor(sql).run());

  return {
    async all<R>(query: BoundQuery): Promise<readonly R[]> {
      const look = (): readonly R[] => statementFor(query.sql).all(valuesOf(query)) as R[];
      // Outside of a transaction others may have the file to themselves for a moment: they make the store, or look whether it is closed.
      return database.inTransaction ? guard(file, look) : patiently(look);
    },
    run: async (query) => guard(file, () => statementFor(query.sql).run(valuesOf(query)).changes),
    execute,
    async begin({ durable, reads }) {
      if (reads === true) return void (await patiently(() => statementFor("BEGIN").run()));
      // Outside a transaction only. FULL waits for the disk at each commit, NORMAL leaves it to the next one that does.
      if (durability !== durable) await patiently(() => database.pragma(`synchronous = ${durable ? "FULL" : "NORMAL"}`));
      durability = durable;
      await patiently(() => statementFor("BEGIN IMMEDIATE").run());
    },
    commit: () => execute("COMMIT"),
    rollback() {
      if (database.inTransaction) execute("ROLLBACK");
    },
    pragma: (text) => patiently(() => database.pragma(text, { simple: true })),
    close: () => guard(file, () => void database.close()),
  };
}

function valuesOf(query: BoundQuery): readonly unknown[] {
  refuseUnkeepable(query);
  return query.parameters;
}

/** Waits with growing pauses, and without blocking this process as SQLite's own busy handler would. */
async function retryBusy<T>(attempt: () => T, file: string, lockTimeoutMs: number): Promise<T> {
  let pause = 0;
  for (let waited = 0; ; waited += pause) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || waited >= lockTimeoutMs) throw storeError(error, file);
    }
    pause = Math.min(pause + 1, LONGEST_PAUSE_MS);
    await wait(pause);
  }
}

function guard<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw storeError(error, file);
  }
}
