import { randomUUID } from "node:crypto";
import { type FoundTarget, markIn, type MovedTable, type MoveTarget } from "../../sql/index.ts";
import { beginningsOf } from "./attempt.ts";
import { placeOf } from "./connect.ts";
import { quoted } from "./dialect.ts";
import { applyMigrations, beginAlone, refuseOtherServers, versionOf } from "./migrate.ts";
import { openSession, type Session } from "./session.ts";

/** What {@link withMoveTarget} needs. */
export interface MoveTargetOptions {
  readonly url: string;
  readonly schema: string;
  readonly markFile: string;
  readonly now: number;
}

const LOCK_TIMEOUT_MS = 5_000;

/** See `usePostgresTarget`. */
export async function withMoveTarget<T>(options: MoveTargetOptions, use: (target: MoveTarget) => Promise<T>): Promise<T> {
  const place = placeOf(options.url);
  const session = await openSession(options.url, place);
  try {
    await refuseOtherServers(session, { place });
    return await use(targetOver(session, options, place));
  } finally {
    session.end();
  }
}

function targetOver(session: Session, { schema, markFile, now }: MoveTargetOptions, place: string): MoveTarget {
  const named = quoted(schema);
  const options = { schema, place, now, newId: randomUUID, lockTimeoutMs: LOCK_TIMEOUT_MS };
  const begin = beginningsOf(schema, LOCK_TIMEOUT_MS);
  const look = async (): Promise<FoundTarget> => {
    if ((await versionOf(session, options)) === 0) return { kind: "empty" };
    const [there] = await session.all<{ arriving: boolean }>({ sql: "SELECT to_regclass(?) IS NOT NULL AS arriving", parameters: [`${named}.arriving`] });
    if (there?.arriving === true) return { kind: "arriving", move: (await session.all<{ move: string }>({ sql: `SELECT move FROM ${named}.arriving`, parameters: [] }))[0]?.move ?? "" };
    return { kind: "store", id: (await session.all<{ id: string }>({ sql: `SELECT meta_value AS id FROM ${named}.meta WHERE name = 'store-id'`, parameters: [] }))[0]?.id ?? "" };
  };
  return {
    place: `${place}, schema ${schema}`,
    look,
    async begin() {
      await beginAlone(session, options);
      // Looked at again, alone: another process may have been faster.
      if ((await look()).kind === "arriving") for (const { name } of await tablesIn(session, schema)) await session.execute(`DROP TABLE ${named}.${quoted(name)} CASCADE`);
      await applyMigrations(session, await versionOf(session, options), options);
      for (const { name } of await tablesIn(session, schema)) if (name !== "migrations") await session.execute(`DELETE FROM ${quoted(name)}`);
      return session;
    },
    async arrive(move, tables) {
      for (const table of tables) await goOnAfter(session, table);
      await session.execute(`CREATE TABLE arriving (move TEXT NOT NULL)`);
      await session.run({ sql: "INSERT INTO arriving (move) VALUES (?)", parameters: [move] });
      await session.execute("COMMIT");
    },
    async read() {
      await session.begin(begin.read);
      return session;
    },
    async finish() {
      await session.rollback();
      await beginAlone(session, options);
      const [far] = await session.all<{ id: string; fence: number; epoch: string | null }>({ sql: "SELECT (SELECT meta_value FROM meta WHERE name = 'store-id') AS id, last AS fence, (SELECT meta_value FROM meta WHERE name = 'epoch') AS epoch FROM fences", parameters: [] });
      await session.execute("DROP TABLE arriving; COMMIT");
      if (far !== undefined) markIn(markFile).write({ store: far.id, fence: far.fence, epoch: Number(far.epoch ?? 1) });
    },
  };
}

async function tablesIn(session: Session, schema: string): Promise<readonly { readonly name: string }[]> {
  return session.all({ sql: "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = ?", parameters: [schema] });
}

/** A place that was given is never given again. */
async function goOnAfter(session: Session, { name, lastPlace }: MovedTable): Promise<void> {
  if (lastPlace === null || lastPlace === 0) return;
  await session.all({ sql: "SELECT setval(pg_get_serial_sequence(?, 'place'), ?)", parameters: [quoted(name), lastPlace] });
}

