import type { ProvenCall } from "./prove-profile.ts";

/** What the calls find: a table, a sequence, and a function that writes down outside of any transaction that it was called. */
export const POSTGRES_SEED = `
CREATE TABLE notes (id serial PRIMARY KEY, body text NOT NULL, tags jsonb NOT NULL DEFAULT '[]', big bigint NOT NULL DEFAULT 9007199254740993);
INSERT INTO notes (body) VALUES ('one'), ('two');
CREATE VIEW short AS SELECT id, left(body, 1) AS body FROM notes;
CREATE FUNCTION touch() RETURNS int LANGUAGE sql AS 'SELECT pg_advisory_lock(99); SELECT 1';
CREATE SCHEMA other;
CREATE FUNCTION other.count(int) RETURNS int LANGUAGE sql AS 'SELECT pg_advisory_lock(98); SELECT 1';
CREATE FUNCTION other."count "(int) RETURNS int LANGUAGE sql AS 'SELECT pg_advisory_lock(97); SELECT 1';
CREATE FUNCTION "écount"(int) RETURNS int LANGUAGE sql AS 'SELECT pg_advisory_lock(96); SELECT 1';
CREATE FUNCTION "x\u00a0count"(int) RETURNS int LANGUAGE sql AS 'SELECT pg_advisory_lock(95); SELECT 1'`;

/** All of it that a call could change: rows, relations, sequences, locks that outlive a transaction. */
export const POSTGRES_STATE = `
SELECT string_agg(id || ':' || body || ':' || tags, ',' ORDER BY id) FROM notes;
SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace;
SELECT last_value, is_called FROM notes_id_seq;
SELECT count(*) FROM pg_largeobject_metadata;
SELECT string_agg(objid::text, ',' ORDER BY objid) FROM pg_locks WHERE locktype = 'advisory'`;

const READS = [
  "SELECT * FROM notes", "select body from notes where id in (1, 2);", "SELECT count(*), max(big) FROM notes WHERE body LIKE 'o%' AND (id = 1 OR (id = 2))", "TABLE notes", "VALUES (1), (2)", "SHOW work_mem",
  "WITH few AS (SELECT * FROM notes LIMIT 1) SELECT body FROM few", "(SELECT 1) UNION (SELECT 2)", "EXPLAIN SELECT * FROM notes", "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM notes", "SELECT \"body\" FROM \"notes\" WHERE \"id\" IN (SELECT id FROM short)",
  "SELECT id, row_number() OVER (PARTITION BY body ORDER BY id) FROM notes", "SELECT jsonb_array_length(tags), round(1.234::numeric(10, 2), 1), CAST(id AS varchar(10)) FROM notes", "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
  // The transaction is what keeps these from writing; they fail.
  "WITH made AS (INSERT INTO notes (body) VALUES ('three') RETURNING id) SELECT id FROM made", "EXPLAIN ANALYZE DELETE FROM notes", "SELECT 1 INTO made", "SELECT * FROM notes FOR UPDATE", "SELECT * FROM none",
];

/** Texts that end with the transaction, or never begin: PostgreSQL says why, and nothing happened. */
const NEVER_BEGUN = [
  "INSERT INTO notes (body) VALUES ('three')", "UPDATE notes SET body = upper(body) WHERE id = 1;", "DELETE FROM notes", "MERGE INTO notes n USING (VALUES (1)) AS v ON n.id = v.column1 WHEN MATCHED THEN DELETE", "TRUNCATE notes",
  "CREATE TABLE made AS SELECT * FROM notes", "ALTER TABLE notes ADD extra text", "DROP TABLE notes", "GRANT SELECT ON notes TO public", "COMMENT ON TABLE notes IS 'x'",
];

/** Texts that may do something, and those that did. */
const WRITES: readonly (readonly [sql: string, is: "written" | "open"])[] = [
  ["COMMIT; INSERT INTO notes (body) VALUES ('committed')", "written"],
  ["SELECT * FROM notes WHERE body = ''; COMMIT; DELETE FROM notes WHERE body = 'committed'; --'", "written"],
  ["SET TRANSACTION READ WRITE; INSERT INTO notes (body) VALUES ('set'); COMMIT", "written"],
  ["COMMIT; INSERT INTO notes (body) VALUES ('half'); COMMIT; BEGIN READ ONLY; INSERT INTO notes (body) VALUES ('never')", "open"],
  ["SELECT 1; SELECT 2", "written"], ["SELECT 1 -- nothing", "written"], ["", "written"], ["SELEC 1", "open"],
  // Functions that a read-only transaction lets do what they do.
  ["SELECT pg_advisory_lock(1)", "written"], ["SELECT pg_advisory_lock (2)", "written"], ["SELECT pg_advisory_lock/*count*/(3)", "written"], ["SELECT \"pg_advisory_lock\"(4)", "written"], ["SELECT U&\"pg\\005fadvisory_lock\"(5)", "written"],
  ["SELECT touch()", "written"], ["SELECT other . count(1)", "written"], ["SELECT other.\"count \"(1)", "written"], ["SELECT écount(1)", "written"], ["SELECT x\u00a0count(1)", "written"], ["WITH x AS (SELECT touch() AS y) SELECT count(*) FROM x", "written"], ["EXPLAIN ANALYZE SELECT touch()", "written"],
  ["SELECT nextval('notes_id_seq')", "open"], ["INSERT INTO notes (body) VALUES (touch()::text)", "open"],
  ["DO $$ BEGIN PERFORM touch(); END $$", "written"], ["COPY notes TO PROGRAM 'cat > /dev/null'", "written"], ["CHECKPOINT", "written"], ["COMMIT", "written"],
];

/** The one tool of the reference server for PostgreSQL, with texts that read, that cannot write, and that can. */
export function postgresCalls(): readonly ProvenCall[] {
  const all = (texts: readonly string[], is: ProvenCall["is"]): readonly ProvenCall[] => texts.map((sql) => ({ tool: "query", args: { sql }, is }));
  return [...all(READS, "read"), ...all(NEVER_BEGUN, "refused"), ...WRITES.map(([sql, is]): ProvenCall => ({ tool: "query", args: { sql }, is })), ...all(READS, "read"), { tool: "query", args: {}, is: "open" }];
}
