export { backUpSqliteStore } from "./back-up-sqlite-store.ts";
export type { BackupOptions } from "./backup.ts";
export { compactSqliteStore } from "./compact-sqlite-store.ts";
export { movedNote } from "./moved-note.ts";
export { useSqliteSource, type SqliteSourceOptions } from "./open-move-source.ts";
export { openSqliteStore, type SqliteStoreOptions } from "./open-sqlite-store.ts";
