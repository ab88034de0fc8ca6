import type { Client, QueryResult } from "pg";
import { refuseUnkeepable, type SqlConnection } from "../../sql/index.ts";
import { connectPostgres, dropPostgres } from "./connect.ts";
import { queryForPostgres, textForPostgres } from "./dialect.ts";
import { endsConnection, isConflict, postgresError } from "./postgres-errors.ts";

/** How many statements a connection keeps prepared: more than there are fixed ones; lists with filters come and go. */
const STATEMENTS = 300;

/** One connection to the server, and what became of it. */
export interface Session extends SqlConnection {
  /** It is gone, or of no use any more. */
  readonly lost: boolean;
  /** Since {@link begin}: the server asked for the transaction to be made again. */
  readonly conflicted: boolean;
  /** Since {@link begin}: something was changed. */
  readonly wrote: boolean;
  /** Runs the statements that begin a transaction, in one message. */
  begin(statements: string): Promise<void>;
  /** Runs statements without values, in one message. */
  execute(statements: string): Promise<void>;
  /** Ends the transaction without effect; a connection on which that fails is lost. */
  rollback(): Promise<void>;
  /** Ends the connection, in the middle of whatever it does. */
  end(): void;
}

/** Opens a session. `place` is for messages. Throws an OffstageError. */
export async function openSession(url: string, place: string): Promise<Session> {
  const client = await connectPostgres(url).catch((error: unknown) => {
    throw postgresError(error, place);
  });
  return sessionOver(client, place);
}

function sessionOver(client: Client, place: string): Session {
  const texts = new Map<string, { readonly text: string; readonly name: string | undefined }>();
  const state = { lost: false, conflicted: false, wrote: false };
  const end = (): void => {
    state.lost = true;
    dropPostgres(client);
  };
  client.once("end", () => (state.lost = true));
  client.on("error", () => (state.lost = true));

  const guard = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      if (isConflict(error)) state.conflicted = true;
      // An answer that comes later would be taken for that of the next statement.
      if (endsConnection(error)) end();
      throw postgresError(error, place);
    }
  };
  const textOf = (sql: string): { readonly text: string; readonly name: string | undefined } => {
    const known = texts.get(sql);
    if (known !== undefined) return known;
    const made = { text: queryForPostgres(sql), name: texts.size < STATEMENTS ? `s${texts.size}` : undefined };
    if (made.name !== undefined) texts.set(sql, made);
    return made;
  };
  const query = (bound: { readonly sql: string; readonly parameters: readonly unknown[] }): Promise<QueryResult> => {
    const { text, name } = textOf(bound.sql);
    const values = bound.parameters.map((value) => (typeof value === "string" ? textForPostgres(value) : value));
    return client.query({ text, values, ...(name === undefined ? {} : { name }) });
  };
  const execute = (statements: string): Promise<void> => guard(async () => void (await client.query(statements)));
  return {
    get lost() { return state.lost; },
    get conflicted() { return state.conflicted; },
    get wrote() { return state.wrote; },
    all: async <R>(bound: Parameters<SqlConnection["all"]>[0]): Promise<readonly R[]> => {
      refuseUnkeepable(bound);
      return guard(async () => (await query(bound)).rows as R[]);
    },
    run: async (bound) => {
      refuseUnkeepable(bound);
      state.wrote = true;
      return guard(async () => (await query(bound)).rowCount ?? 0);
    },
    async begin(statements) {
      state.conflicted = false;
      state.wrote = false;
      await execute(statements);
    },
    execute,
    async rollback() {
      if (!state.lost) await execute("ROLLBACK").catch(end);
    },
    end,
  };
}
