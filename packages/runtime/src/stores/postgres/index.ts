export { type PostgresTargetOptions, usePostgresTarget } from "./open-move-target.ts";
export { openPostgresStore, type PostgresStoreOptions } from "./open-postgres-store.ts";
