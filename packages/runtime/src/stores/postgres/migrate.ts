import { OffstageError } from "../../base/index.ts";
import { foreignStore, MIGRATIONS } from "../../sql/index.ts";
import { quoted, schemaForPostgres } from "./dialect.ts";
import { OWN_TABLES } from "./own-tables.ts";
import type { Session } from "./session.ts";
import { ANY_TURNS, TURNS } from "./turns-table.ts";

/** Numbers of a lock that only migrations take: "OFFS", and the schema's name. */
const LOCK = `pg_advisory_xact_lock(${0x4f464653}, hashtext(?))`;

/** The oldest server on which all of this is tried, as PostgreSQL numbers its versions. */
const OLDEST = 140_000;

/** What {@link migrate} needs besides the session. */
export interface MigrateOptions {
  readonly schema: string;
  /** Server and database, for messages. */
  readonly place: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Becomes the store's id when the store is new. */
  readonly newId: () => string;
  readonly lockTimeoutMs: number;
  /** The oldest version of a server that does; for tests. */
  readonly oldest?: number;
}

/**
 * Brings the store to this version's schema, whole or not at all. Any number of processes may open a new store at once: one of them
 * makes it, the others find it made. Errors: `STORE_NEWER`; `STORE_UNAVAILABLE` for a schema that is not ours; `STORE_REFUSED` for a server that does not do.
 */
export async function migrate(session: Session, options: MigrateOptions): Promise<void> {
  await refuseOtherServers(session, options);
  if ((await versionOf(session, options)) === MIGRATIONS.length) return;
  try {
    await beginAlone(session, options);
    const version = await versionOf(session, options);
    const foreign = version === 0 ? null : await foreignStore(session, options.place);
    // Brought to another version it would be driven by nobody.
    if (foreign !== null) throw foreign;
    await applyMigrations(session, version, options);
    await session.execute("COMMIT");
  } catch (error) {
    await session.rollback();
    throw error;
  }
}

/** Begins a transaction in which nobody else changes the schema. */
export async function beginAlone(session: Session, { schema, lockTimeoutMs }: Pick<MigrateOptions, "schema" | "lockTimeoutMs">): Promise<void> {
  await session.begin(`BEGIN; SET LOCAL lock_timeout = '${lockTimeoutMs}ms'; SET LOCAL synchronous_commit = on; SET LOCAL search_path TO ${quoted(schema)}`);
  await session.all({ sql: `SELECT ${LOCK}`, parameters: [schema] });
}

/** Refuses a server on which a store cannot be. */
export async function refuseOtherServers(session: Session, { place, oldest = OLDEST }: Pick<MigrateOptions, "place" | "oldest">): Promise<void> {
  const [row] = await session.all<{ number: string; version: string; encoding: string; standby: boolean }>({
    sql: "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version, current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby", parameters: [],
  });
  if (Number(row?.number) < oldest) throw new OffstageError("STORE_REFUSED", `PostgreSQL at ${place} is version ${row?.version}; a store needs ${Math.floor(oldest / 10_000)} or newer.`, { hint: "Update the server, or name another one." });
  if (row?.encoding !== "UTF8") throw new OffstageError("STORE_REFUSED", `The database ${place} has the encoding ${row?.encoding}; a store needs UTF8.`, { hint: "Make a database for it: createdb --encoding UTF8 --template template0 offstage" });
  if (row.standby) throw new OffstageError("STORE_UNAVAILABLE", `PostgreSQL at ${place} is a standby and takes no writes.`, { hint: "Name the primary in store.postgres of offstage.yaml." });
}

/** The version of the store in the schema; 0: there is nothing yet. */
export async function versionOf(session: Session, { schema, place }: Pick<MigrateOptions, "schema" | "place">): Promise<number> {
  const inSchema = quoted(schema);
  const [found] = await session.all<{ ours: boolean; others: number }>({
    sql: "SELECT to_regclass(?) IS NOT NULL AND to_regclass(?) IS NOT NULL AND to_regclass(?) IS NOT NULL AS ours, (SELECT COUNT(*) FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace(?)) AS others",
    parameters: [`${inSchema}.migrations`, `${inSchema}.meta`, `${inSchema}.fences`, inSchema],
  });
  if (found?.ours !== true) {
    if (found?.others === 0) return 0;
    throw new OffstageError("STORE_UNAVAILABLE", `The schema ${schema} of ${place} has something in it, but no store of Offstage.`, { hint: "Give another name in store.schema of offstage.yaml; this schema was left as it is." });
  }
  const [row] = await session.all<{ last: number | null }>({ sql: `SELECT MAX(number) AS last FROM ${inSchema}.migrations`, parameters: [] });
  const version = row?.last ?? 0;
  if (version > MIGRATIONS.length) {
    throw new OffstageError("STORE_NEWER", `The store at ${place} has version ${version}; this Offstage knows versions up to ${MIGRATIONS.length}.`, { hint: "Update Offstage, or use the version that made the store. It was left as it is." });
  }
  return version;
}

/** Makes the steps that are missing after `version`, in a transaction of the caller's. */
export async function applyMigrations(session: Session, version: number, { schema, now, newId }: Pick<MigrateOptions, "schema" | "now" | "newId">): Promise<void> {
  const [there] = await session.all<{ schema: string | null }>({ sql: "SELECT to_regnamespace(?)::text AS schema", parameters: [quoted(schema)] });
  // Asked first: who may not make one may still use one that is there.
  if (there?.schema === null) await session.execute(`CREATE SCHEMA ${quoted(schema)}`);
  if (version > 0 && version < MIGRATIONS.length) await renameTurns(session, schema);
  for (const [index, statements] of MIGRATIONS.entries()) {
    if (index < version) continue;
    await session.execute(statements.map(schemaForPostgres).join(";\n"));
    await session.run({ sql: "INSERT INTO migrations (number, applied_at) VALUES (?, ?)", parameters: [index + 1, now] });
  }
  if (version === 0) {
    await session.run({ sql: "INSERT INTO meta (name, meta_value) VALUES ('store-id', ?)", parameters: [newId()] });
    await session.execute(OWN_TABLES.join("; "));
  }
}

/** First of all: whoever writes has that table, and waits for the others when it has not. */
async function renameTurns(session: Session, schema: string): Promise<void> {
  const [turns] = await session.all<{ name: string }>({ sql: "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = ? AND tablename ~ ?", parameters: [schema, `^${ANY_TURNS}$`] });
  if (turns !== undefined) await session.execute(`ALTER TABLE ${quoted(turns.name)} RENAME TO ${TURNS}`);
}
