export { movedNote } from "./moved-note.ts";
export { openSqliteStore, type SqliteStoreOptions } from "./open-sqlite-store.ts";
