import Database from "better-sqlite3";
import type { JiraComment, JiraIssue, JiraIssueFields, JiraRequest } from "./issue.ts";

/** The state of the emulated Jira in a SQLite file; another process may read the file while the emulator runs. */
export interface JiraDatabase {
  create(fields: JiraIssueFields): JiraIssue;
  /** By key or id; `undefined` when there is none. Immediate, unlike `indexed`. */
  get(keyOrId: string): JiraIssue | undefined;
  update(issue: JiraIssue, changes: Partial<JiraIssueFields & Pick<JiraIssue, "status">>): JiraIssue;
  delete(issue: JiraIssue): void;
  /** Every issue that exists, oldest first. */
  all(): readonly JiraIssue[];
  /** Every issue as the search index knows it now: each in the last state that is `lagMs` old. */
  indexed(): readonly JiraIssue[];
  addComment(issue: JiraIssue, body: unknown): JiraComment;
  comments(issue: JiraIssue): readonly JiraComment[];
  logRequest(method: string, path: string): JiraRequest;
  requests(): readonly JiraRequest[];
  close(): void;
}

export interface JiraDatabaseOptions {
  readonly file: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long after a write the search index shows it. */
  readonly lagMs: () => number;
}

// Keys and ids are never used again, not even after a delete: AUTOINCREMENT, and a counter for each project.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS issues (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, document TEXT);
  CREATE TABLE IF NOT EXISTS counters (project TEXT PRIMARY KEY, last INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS index_entries (seq INTEGER PRIMARY KEY AUTOINCREMENT, issue INTEGER NOT NULL, visible_at INTEGER NOT NULL, document TEXT);
  CREATE INDEX IF NOT EXISTS index_entries_by_issue ON index_entries (issue, seq);
  CREATE TABLE IF NOT EXISTS comments (id INTEGER PRIMARY KEY AUTOINCREMENT, issue INTEGER NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS requests (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL);
  INSERT OR IGNORE INTO sqlite_sequence (name, seq) SELECT 'issues', 10000 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'issues');
`;

// The newest entry of each issue that has become visible; a deleted issue's newest entry has no document.
const INDEXED = `
  SELECT document FROM index_entries AS entry
  WHERE document IS NOT NULL AND seq = (SELECT max(seq) FROM index_entries WHERE issue = entry.issue AND visible_at <= ?)
`;

/** Opens (and makes, when missing) the emulator's database. */
export function openJiraDatabase(options: JiraDatabaseOptions): JiraDatabase {
  const db = new Database(options.file);
  db.pragma("journal_mode = WAL");
  db.exec(SCHEMA);
  const issues = issueQueries(db, options);
  return { ...issues, ...commentQueries(db, options.now), ...requestQueries(db, options.now), close: () => void db.close() };
}

interface DocumentRow {
  readonly document: string;
}

const read = (row: DocumentRow): JiraIssue => JSON.parse(row.document) as JiraIssue;

type IssueQueries = Pick<JiraDatabase, "create" | "get" | "update" | "delete" | "all" | "indexed">;

function issueQueries(db: Database.Database, { now, lagMs }: JiraDatabaseOptions): IssueQueries {
  const count = db.prepare<[string], { last: number }>("INSERT INTO counters VALUES (?, 1) ON CONFLICT (project) DO UPDATE SET last = last + 1 RETURNING last");
  const insert = db.prepare<[string]>("INSERT INTO issues (key) VALUES (?)");
  const write = db.prepare<[string, string]>("UPDATE issues SET document = ? WHERE id = ?");
  const remove = db.prepare<[string]>("DELETE FROM issues WHERE id = ?");
  const find = db.prepare<[string, string], DocumentRow>("SELECT document FROM issues WHERE key = upper(?) OR CAST(id AS TEXT) = ?");
  const list = db.prepare<[], DocumentRow>("SELECT document FROM issues ORDER BY id");
  const index = db.prepare<[string, number, string | null]>("INSERT INTO index_entries (issue, visible_at, document) VALUES (?, ?, ?)");
  const search = db.prepare<[number], DocumentRow>(INDEXED);

  const put = (issue: JiraIssue): JiraIssue => {
    const document = JSON.stringify(issue);
    write.run(document, issue.id);
    index.run(issue.id, issue.updatedAt + lagMs(), document);
    return issue;
  };
  return {
    create: db.transaction((fields: JiraIssueFields) => {
      const key = `${fields.project}-${count.get(fields.project)?.last ?? 1}`;
      const id = String(insert.run(key).lastInsertRowid);
      return put({ ...fields, id, key, status: "To Do", createdAt: now(), updatedAt: now() });
    }),
    get: (keyOrId) => {
      const row = find.get(keyOrId, keyOrId);
      return row && read(row);
    },
    update: db.transaction((issue: JiraIssue, changes: Partial<JiraIssueFields & Pick<JiraIssue, "status">>) => put({ ...issue, ...changes, updatedAt: now() })),
    delete: db.transaction((issue: JiraIssue) => {
      remove.run(issue.id);
      index.run(issue.id, now() + lagMs(), null);
    }),
    all: () => list.all().map(read),
    indexed: () => search.all(now()).map(read),
  };
}

function commentQueries(db: Database.Database, now: () => number): Pick<JiraDatabase, "addComment" | "comments"> {
  const insert = db.prepare<[string, string, number]>("INSERT INTO comments (issue, body, created_at) VALUES (?, ?, ?)");
  const list = db.prepare<[string], { id: number; body: string; created_at: number }>("SELECT id, body, created_at FROM comments WHERE issue = ? ORDER BY id");
  return {
    addComment: (issue, body) => {
      const createdAt = now();
      const { lastInsertRowid } = insert.run(issue.id, JSON.stringify(body), createdAt);
      return { id: String(lastInsertRowid), body, createdAt };
    },
    comments: (issue) => list.all(issue.id).map((row) => ({ id: String(row.id), body: JSON.parse(row.body) as unknown, createdAt: row.created_at })),
  };
}

function requestQueries(db: Database.Database, now: () => number): Pick<JiraDatabase, "logRequest" | "requests"> {
  const insert = db.prepare<[number, string, string], JiraRequest>("INSERT INTO requests (at, method, path) VALUES (?, ?, ?) RETURNING seq, at, method, path");
  const list = db.prepare<[], JiraRequest>("SELECT seq, at, method, path FROM requests ORDER BY seq");
  return {
    logRequest: (method, path) => {
      const logged = insert.get(now(), method, path);
      if (logged === undefined) throw new Error("The request log gave no row back.");
      return logged;
    },
    requests: () => list.all(),
  };
}
