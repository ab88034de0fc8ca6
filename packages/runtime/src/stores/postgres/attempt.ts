import type { OffstageError } from "../../base/index.ts";
import { onlyReading, type RanBody, runBody } from "../../sql/index.ts";
import type { StoreTx, TransactOptions } from "../../state/index.ts";
import { quoted } from "./dialect.ts";
import { TURNS } from "./turns-table.ts";
import type { Session } from "./session.ts";

/** The statements that begin transactions on a schema, each in one message. */
export interface Beginnings {
  /** It sees one state, and holds nobody up. */
  readonly read: string;
  /**
   * Writers take turns, in all processes: a place that was given is committed before a later one is, and nothing has to be made twice.
   * The lock is taken before anything is looked at, because serialisable transactions see the state of their first look. All of them wait for the
   * disk: a server that crashes comes back while this process lives on, and it would have forgotten what this process takes for stored.
   */
  readonly write: string;
  /** For what nothing depends on: it waits neither for its turn nor for the disk. */
  readonly aside: string;
}

/** The {@link Beginnings} of a schema. A process that stops in the middle of a transaction loses its turn before the others lose their patience. */
export function beginningsOf(schema: string, lockTimeoutMs: number): Beginnings {
  const path = `SET LOCAL search_path TO ${quoted(schema)}`;
  const idle = Math.max(1, Math.round(lockTimeoutMs * 0.8));
  return {
    read: `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${path}`,
    write: `BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; ${path}; SET LOCAL lock_timeout = '${lockTimeoutMs}ms'; SET LOCAL idle_in_transaction_session_timeout = '${idle}ms'; SET LOCAL synchronous_commit = on; LOCK TABLE ${TURNS} IN EXCLUSIVE MODE`,
    aside: `BEGIN; ${path}; SET LOCAL synchronous_commit = off`,
  };
}

/** What the writer of these transactions is called in the store, and how many it made. */
export interface Writer {
  readonly id: string;
  made: number;
}

/** How one try of a transaction ended; anything else is thrown. */
export type Attempt<T> =
  | { readonly kind: "committed"; readonly ran: RanBody<T> }
  /** Nothing of it is stored, and it may be made again. */
  | { readonly kind: "again"; readonly error: unknown }
  /** COMMIT was sent and its answer is lost. */
  | { readonly kind: "unknown"; readonly ran: RanBody<T>; readonly number: number; readonly error: unknown };

/** Tries a transaction once. What is written is committed together with the number of the writer's transaction, by which {@link wasCommitted} knows it. */
export async function attempt<T>(session: Session, begin: Beginnings, writer: Writer, { foreign, ...how }: TransactOptions & { readonly foreign: OffstageError | null; readonly now: number }, body: (tx: StoreTx) => Promise<T>): Promise<Attempt<T>> {
  try {
    await session.begin(how.reads === true ? begin.read : begin.write);
    const ran = await runBody(foreign === null ? session : onlyReading(session, foreign), how, body);
    if (!session.wrote) {
      await session.execute("COMMIT");
      return { kind: "committed", ran };
    }
    const number = (writer.made += 1);
    try {
      await session.execute(`${numbered(writer)}; COMMIT`);
    } catch (error) {
      if (session.lost) return { kind: "unknown", ran, number, error };
      throw error;
    }
    return { kind: "committed", ran };
  } catch (error) {
    await session.rollback();
    if (session.lost || session.conflicted) return { kind: "again", error };
    throw error;
  }
}

/** Whether the writer's transaction of this number is stored. Waits for the turn, and so for the end of that transaction, should the server still be at it. */
export async function wasCommitted(session: Session, begin: Beginnings, writer: Writer, number: number): Promise<boolean> {
  try {
    await session.begin(begin.write);
    const [row] = await session.all<{ last: number }>({ sql: "SELECT last FROM writers WHERE id = ?", parameters: [writer.id] });
    return row !== undefined && row.last >= number;
  } finally {
    await session.rollback();
  }
}

/** Forgets a writer that is at its end, and those that ended without a word. */
export async function forgetWriter(session: Session, begin: Beginnings, writer: Writer): Promise<void> {
  await session.begin(`${begin.aside}; DELETE FROM writers WHERE id = '${writer.id}' OR at < now() - interval '7 days'; COMMIT`);
}

function numbered({ id, made }: Writer): string {
  return `INSERT INTO writers (id, last, at) VALUES ('${id}', ${made}, now()) ON CONFLICT (id) DO UPDATE SET last = excluded.last, at = excluded.at`;
}
