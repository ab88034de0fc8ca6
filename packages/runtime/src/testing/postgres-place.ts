import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import type { Clock } from "../base/index.ts";
import type { Store } from "../state/index.ts";
import { openPostgresStore, type PostgresStoreOptions } from "../stores/postgres/index.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The URL of the PostgreSQL that a test run shares. */
    readonly postgres: string;
  }
}

/** A schema of the shared server that nobody has used. */
export interface PostgresPlace {
  readonly url: string;
  readonly schema: string;
  open(more?: Partial<PostgresStoreOptions>): Promise<Store>;
  remove(): Promise<void>;
  /** Runs SQL in the schema, and gives back the rows of the last statement. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends the connections that the place's stores have: those in a transaction, or all. */
  disconnect(which?: "in a transaction"): Promise<void>;
}

/** A new {@link PostgresPlace}, on the shared server or on that of `url`. */
export function newPostgresPlace(clock: Clock, url: string = inject("postgres")): PostgresPlace {
  const schema = `s_${randomBytes(6).toString("hex")}`;
  const query: PostgresPlace["query"] = async (sql) => {
    const { default: pg } = await import("pg");
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(`SET search_path TO ${schema}`);
      const result = await client.query<Record<string, unknown>>(sql);
      return (Array.isArray(result) ? (result as (typeof result)[]).at(-1) ?? result : result).rows;
    } finally {
      await client.end();
    }
  };
  const named = new URL(url);
  named.searchParams.set("application_name", schema);
  return {
    url: named.href, schema, query,
    open: (more = {}) => openPostgresStore({ url: named.href, schema, clock, ...more }),
    disconnect: async (which) => void (await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${schema}'${which === undefined ? "" : " AND state = 'idle in transaction'"}`)),
    remove: async () => void (await query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)),
  };
}
