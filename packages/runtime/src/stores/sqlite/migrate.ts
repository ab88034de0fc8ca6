import { rm } from "node:fs/promises";
import { OffstageError } from "../../base/index.ts";
import { corrupt, foreignStore, MIGRATIONS, type MovedTo } from "../../sql/index.ts";
import { backUp } from "./backup.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** "OFFS": tells a store of ours from any other SQLite file. */
const APPLICATION_ID = 0x4f464653;

/**
 * How long the log grows before it is folded into the file. Measured: waiting for the disk takes half as long again where the log
 * grows than where it is written over, so a short log (1.6 MB) is the fastest; below 200 pages the folding itself shows.
 */
const CHECKPOINT_PAGES = 400;

/** Looking through a store takes about 2.5 ms a megabyte. */
const CHECKED_BYTES = 16 << 20;

/** Readers wait for nobody. Ms. */
const BACKUP_LOCK_MS = 1_000;

/** What {@link migrate} needs besides the connection. */
export interface MigrateOptions {
  readonly file: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Becomes the store's id when the store is new. */
  readonly newStoreId: () => string;
}

/** A store of this version's schema. */
export interface Migrated {
  readonly id: string;
  /** Where it went; null: it is driven here. */
  readonly movedTo: MovedTo | null;
  /** What writes are refused with, where another language's runtime made it; null: it is ours. */
  readonly foreign: OffstageError | null;
}

/**
 * Brings the store to this version's schema, whole or not at all. Several processes may open a new store at
 * once: one of them makes it, the others find it made. What the store was before is beside it, as `store.db.before-14`: a
 * backup like any other, which whoever is content with the new version may delete.
 *
 * Errors: `STORE_NEWER`; `STORE_UNAVAILABLE` for a database that is not ours; `STORE_CORRUPT`, which is looked for in stores up to 16 MB.
 */
export async function migrate(connection: SqliteConnection, options: MigrateOptions): Promise<Migrated> {
  // Looked at before anything is changed, the journal mode included: a file that is not ours stays as it is.
  let version = await versionOf(connection, options.file);
  const mode = await connection.pragma("journal_mode = WAL");
  if (mode !== "wal" && mode !== "memory") {
    throw new OffstageError("STORE_UNAVAILABLE", `The store ${options.file} cannot keep a write-ahead log (its journal mode stays ${String(mode)}).`, { hint: "Put the store on a local disk; network file systems do not do." });
  }
  await connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  if (version < MIGRATIONS.length) {
    await connection.begin({ durable: true });
    try {
      version = await versionOf(connection, options.file);
      if (version > 0) {
        await refuseOtherPast(connection, version, options.file);
        const foreign = await foreignStore(connection, options.file);
        // Brought to another version it would be driven by nobody.
        if (foreign !== null) throw foreign;
        if (version < MIGRATIONS.length && (await movedTo(connection)) === null) await keepBefore(options);
      }
      await apply(connection, version, options);
      connection.commit();
    } catch (error) {
      connection.rollback();
      throw error;
    }
  }
  await checkWhole(connection, options.file);
  const [row] = await connection.all<{ meta_value: string }>({ sql: "SELECT meta_value FROM meta WHERE name = 'store-id'", parameters: [] });
  if (row === undefined) throw corrupt(`The store ${options.file} has no id.`);
  return { id: row.meta_value, movedTo: await movedTo(connection), foreign: await foreignStore(connection, options.file) };
}

/** One state of the store as the version before had it: nobody else writes meanwhile. One that is there is of an attempt that was killed, or of an upgrade that was taken back. */
async function keepBefore({ file, now }: MigrateOptions): Promise<void> {
  if (file === ":memory:") return;
  const to = `${file}.before-${MIGRATIONS.length}`;
  await rm(to, { force: true });
  await backUp({ file, to, now, lockTimeoutMs: BACKUP_LOCK_MS });
}

async function movedTo(connection: SqliteConnection): Promise<MovedTo | null> {
  if ((await connection.all({ sql: "SELECT 1 FROM sqlite_schema WHERE name = 'moved'", parameters: [] })).length === 0) return null;
  const [row] = await connection.all<{ note: string }>({ sql: "SELECT note FROM moved", parameters: [] });
  return JSON.parse(row?.note ?? "null") as MovedTo | null;
}

/** A damaged index would hide a row of the ledger, and its write would be made again: so small stores are looked through at each opening. */
async function checkWhole(connection: SqliteConnection, file: string): Promise<void> {
  const bytes = Number(await connection.pragma("page_count")) * Number(await connection.pragma("page_size"));
  if (bytes > CHECKED_BYTES) return;
  const found = await connection.pragma("integrity_check(1)");
  if (found !== "ok") throw corrupt(`The store ${file} is damaged (${String(found)}).`);
}

/** Refuses (`STORE_NEWER`) to write on in a store that a newer version migrated while this process had it open: rows mean something else now. Asked in each transaction that writes. */
export async function refuseMigrated(connection: SqliteConnection, file: string): Promise<void> {
  const [row] = await connection.all<{ user_version: number }>({ sql: "PRAGMA user_version", parameters: [] });
  if (row?.user_version === MIGRATIONS.length) return;
  throw new OffstageError("STORE_NEWER", `The store ${file} was brought to version ${row?.user_version} while this process used it, and this Offstage knows versions up to ${MIGRATIONS.length}. Nothing more is written by this process.`, { hint: "Update this Offstage too, then start it again: every process of a store has to be of one version." });
}

/** A version that was damaged would have migrations made again. */
async function refuseOtherPast(connection: SqliteConnection, version: number, file: string): Promise<void> {
  const [row] = await connection.all<{ last: number | null }>({ sql: "SELECT MAX(number) AS last FROM migrations", parameters: [] });
  if (row?.last !== version) throw corrupt(`The store ${file} says that it has version ${version}, and was brought to ${row?.last ?? "none"}.`);
}

async function apply(connection: SqliteConnection, version: number, { now, newStoreId }: MigrateOptions): Promise<void> {
  for (const [index, statements] of MIGRATIONS.entries()) {
    if (index < version) continue;
    for (const statement of statements) connection.execute(statement);
    await connection.run({ sql: "INSERT INTO migrations (number, applied_at) VALUES (?, ?)", parameters: [index + 1, now] });
  }
  if (version === 0) await connection.run({ sql: "INSERT INTO meta (name, meta_value) VALUES ('store-id', ?)", parameters: [newStoreId()] });
  await connection.pragma(`application_id = ${APPLICATION_ID}`);
  await connection.pragma(`user_version = ${MIGRATIONS.length}`);
}

async function versionOf(connection: SqliteConnection, file: string): Promise<number> {
  const { version, application, made } = await lookAt(connection);
  if (application !== APPLICATION_ID && (version !== 0 || application !== 0 || made === 1)) {
    throw new OffstageError("STORE_UNAVAILABLE", `${file} is a database, but not a store of Offstage.`, { hint: "Give another path for the store; this file was left as it is." });
  }
  if (application === APPLICATION_ID && version < 1) throw corrupt(`The store ${file} has lost its version.`);
  if (version > MIGRATIONS.length) {
    throw new OffstageError("STORE_NEWER", `The store ${file} has version ${version}; this Offstage knows versions up to ${MIGRATIONS.length}.`, { hint: "Update Offstage, or use the version that made the store. The file was left as it is." });
  }
  return version;
}

/** In one statement, so that what is seen is of one moment: another process may make the store meanwhile. */
async function lookAt(connection: SqliteConnection): Promise<{ readonly version: number; readonly application: number; readonly made: number }> {
  const [seen] = await connection.all<{ version: number; application: number; made: number }>({
    sql: "SELECT EXISTS (SELECT 1 FROM sqlite_schema) AS made, (SELECT user_version FROM pragma_user_version) AS version, (SELECT application_id FROM pragma_application_id) AS application", parameters: [],
  });
  return seen ?? { version: 0, application: 0, made: 0 };
}
