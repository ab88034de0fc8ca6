import { installOnDebian } from "../../scripts/house/debian.ts";
import { findPostgres, type PostgresServer, startPostgres } from "../../packages/runtime/src/testing/postgres.ts";

/** PostgreSQL for as long as `use` takes: this machine's, else Debian's package, which root may install. Throws where there is neither. */
export async function withPostgres<T>(env: Readonly<Record<string, string>>, use: (postgres: PostgresServer) => Promise<T>): Promise<T> {
  if (findPostgres() === null) installOnDebian(["postgresql"]);
  const postgres = await startPostgres(env);
  try {
    return await use(postgres);
  } finally {
    await postgres.stop();
  }
}
