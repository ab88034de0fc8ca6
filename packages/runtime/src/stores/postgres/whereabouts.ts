import { OffstageError } from "../../base/index.ts";
import { beginEpoch, corrupt, isBehind, type MarkFile } from "../../sql/index.ts";
import { quoted } from "./dialect.ts";
import type { Session } from "./session.ts";

/** Which store this is, and where: the cluster, its history (a number that rises when a standby or a backup becomes the primary), the database and its tables. */
export interface Whereabouts {
  readonly id: string;
  readonly place: string;
}

/** Asks a session where it is. Throws `STORE_CORRUPT` when the store has no id, `STORE_MOVED` when it has not arrived there, and what the server says when it has no store. */
export async function whereaboutsOf(session: Session, schema: string): Promise<Whereabouts> {
  const [row] = await session.all<{ id: string | null; place: string; arriving: boolean }>({
    sql: `SELECT (SELECT meta_value FROM ${quoted(schema)}.meta WHERE name = 'store-id') AS id, concat_ws('/',
      (SELECT system_identifier::text FROM pg_control_system()), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
      (SELECT oid::text FROM pg_database WHERE datname = current_database()), to_regclass(?)::oid::text) AS place,
      to_regclass(?) IS NOT NULL AS arriving`,
    parameters: [`${quoted(schema)}.meta`, `${quoted(schema)}.arriving`],
  });
  if (row?.id === null || row === undefined) throw corrupt("The store has no id.");
  if (row.arriving) throw new OffstageError("STORE_MOVED", "A store is being moved to this database, and has not arrived yet.", { hint: "If nobody moves it now, finish it, or begin anew: offstage migrate --from sqlite --to postgres" });
  return { id: row.id, place: row.place };
}

/** Refuses a connection that leads to another store, or to another state of it, than this process began with. */
export function refuseOtherPlace(before: Whereabouts, now: Whereabouts, place: string): void {
  if (before.id === now.id && before.place === now.place) return;
  throw new OffstageError("STORE_UNAVAILABLE", `The store at ${place} was replaced while this process used it: a standby took over, or a backup was put in its place. Nothing more is written by this process.`, {
    hint: "Run the same command again: what the store may have forgotten is then asked about, and not done twice.",
  });
}

/** What {@link meetPlace} needs besides the session. */
export interface MeetOptions {
  readonly mark: MarkFile | null;
  readonly now: number;
  /** The statements that begin a transaction. */
  readonly begin: { readonly read: string; readonly write: string };
}

/**
 * Looks whether the store is where it was when it was opened last, and has been no further than it knows, as far as this machine's mark
 * tells. If not, it may have forgotten the newest writes (a restored backup, a standby that had not everything), and its epoch rises.
 */
export async function meetPlace(session: Session, here: Whereabouts, { mark, now, begin }: MeetOptions): Promise<void> {
  const seen = mark?.read() ?? null;
  const look = async (): Promise<{ readonly isKnown: boolean; readonly forgot: boolean }> => {
    const [row] = await session.all<{ place: string }>({ sql: "SELECT place FROM whereabouts", parameters: [] });
    return { isKnown: row?.place === here.place, forgot: (row !== undefined && row.place !== here.place) || (seen !== null && (await isBehind(session, here.id, seen))) };
  };
  try {
    await session.begin(begin.read);
    const first = await look();
    await session.execute("COMMIT");
    if (first.isKnown && !first.forgot) return;
    await session.begin(begin.write);
    // Another process may have opened it meanwhile, and said so.
    const { isKnown, forgot } = await look();
    const next = forgot ? await beginEpoch(session, here.id, seen, now) : null;
    if (!isKnown) await session.run({ sql: "INSERT INTO whereabouts (one, place) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET place = excluded.place", parameters: [here.place] });
    await session.execute("COMMIT");
    if (next !== null) mark?.write(next);
  } catch (error) {
    await session.rollback();
    throw error;
  }
}
