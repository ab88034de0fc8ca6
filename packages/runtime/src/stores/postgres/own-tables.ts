import { TURNS } from "./turns-table.ts";

/**
 * What only this database needs. Who writes locks the first; `writers` says how far each process that writes has come, and
 * `whereabouts` where the store was when it was opened last.
 */
export const OWN_TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS ${TURNS} ()`,
  'CREATE TABLE IF NOT EXISTS writers (id TEXT COLLATE "C" PRIMARY KEY, last BIGINT NOT NULL, at TIMESTAMPTZ NOT NULL)',
  'CREATE TABLE IF NOT EXISTS whereabouts (one BIGINT PRIMARY KEY CHECK (one = 1), place TEXT COLLATE "C" NOT NULL)',
];
