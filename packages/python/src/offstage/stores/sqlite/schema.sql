-- Printed from the migrations of the TypeScript package: node --conditions=offstage-src scripts/write-store-schemas.ts
-- version 14

CREATE TABLE arrivals (
      place INTEGER PRIMARY KEY AUTOINCREMENT, workflow TEXT NOT NULL, trigger TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, overlap TEXT NOT NULL,
      sweep INTEGER NOT NULL, each INTEGER NOT NULL, arrived_at INTEGER NOT NULL, due_at INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('waiting', 'started', 'dropped')),
      run_id TEXT, why TEXT, event_value TEXT NOT NULL, UNIQUE (workflow, trigger, id)
    ) STRICT;

CREATE TABLE bindings (
      scope TEXT NOT NULL, record TEXT NOT NULL, key TEXT NOT NULL, generation INTEGER NOT NULL, revision INTEGER NOT NULL,
      kept_value TEXT NOT NULL, target_key TEXT NOT NULL, adopted INTEGER NOT NULL, server TEXT NOT NULL, target TEXT NOT NULL,
      bound_at INTEGER NOT NULL, released_at INTEGER, gone_since INTEGER, not_converging TEXT, workflow TEXT NOT NULL, inputs_hash TEXT NOT NULL,
      last_seen_at INTEGER NOT NULL, last_seen_run TEXT NOT NULL, missed_sweeps INTEGER NOT NULL, epoch INTEGER NOT NULL,
      PRIMARY KEY (scope, record, key, generation)
    ) STRICT;

CREATE TABLE blobs (hash TEXT NOT NULL PRIMARY KEY, kept_at INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;

CREATE TABLE effects (
      place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL, scope TEXT, record TEXT, key TEXT, generation INTEGER, action TEXT, revision INTEGER, once_window INTEGER,
      identity_root_run TEXT, identity_step TEXT,
      status TEXT NOT NULL CHECK (status IN ('intended', 'done', 'failed', 'ambiguous')), run_id TEXT NOT NULL, root_run_id TEXT NOT NULL, step TEXT NOT NULL,
      server TEXT NOT NULL, tool TEXT, target TEXT NOT NULL, args_hash TEXT NOT NULL, args_value TEXT NOT NULL,
      attempt INTEGER NOT NULL, fence INTEGER NOT NULL, epoch INTEGER NOT NULL, idempotent INTEGER NOT NULL,
      intended_at INTEGER NOT NULL, deadline_at INTEGER NOT NULL, settled_at INTEGER, outcome_value TEXT NOT NULL, settled_by TEXT, completion TEXT
    ) STRICT;

CREATE TABLE event_ids (run_id TEXT NOT NULL, topic TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (run_id, topic, id)) STRICT, WITHOUT ROWID;

CREATE TABLE events (
      place INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, step TEXT NOT NULL, id TEXT NOT NULL, offered_at INTEGER NOT NULL, event_value TEXT,
      UNIQUE (run_id, step, id)
    ) STRICT;

CREATE TABLE fences (one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL) STRICT;

CREATE TABLE journal (
      place INTEGER PRIMARY KEY, run_id TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, hash TEXT NOT NULL, value TEXT NOT NULL,
      UNIQUE (run_id, key)
    ) STRICT;

CREATE TABLE lanes (credential TEXT NOT NULL PRIMARY KEY, lane_value TEXT NOT NULL) STRICT;

CREATE TABLE leases (
      one INTEGER PRIMARY KEY CHECK (one = 1), fence INTEGER NOT NULL, host TEXT NOT NULL, boot TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT,
      taken_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
    ) STRICT;

CREATE TABLE leavings (run_id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, meta_value TEXT NOT NULL) STRICT;

CREATE TABLE migrations (number INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT;

CREATE TABLE plans (
      id TEXT NOT NULL PRIMARY KEY, workflow TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, applied_at INTEGER,
      plan_value TEXT NOT NULL, error_value TEXT NOT NULL
    ) STRICT;

CREATE TABLE programs (hash TEXT NOT NULL PRIMARY KEY, program_value TEXT NOT NULL) STRICT;

CREATE TABLE requests (
      id TEXT NOT NULL PRIMARY KEY, effect TEXT NOT NULL, args_hash TEXT NOT NULL, args_value TEXT NOT NULL, workflow TEXT NOT NULL,
      run_id TEXT NOT NULL, root_run_id TEXT NOT NULL, label TEXT NOT NULL, reason TEXT NOT NULL, opened_at INTEGER NOT NULL,
      status TEXT NOT NULL, answered_at INTEGER, answered_by TEXT, expires_at INTEGER
    , server TEXT NOT NULL DEFAULT '', tool TEXT, target TEXT NOT NULL DEFAULT '', answered_why TEXT, by_value TEXT NOT NULL DEFAULT 'null', count INTEGER NOT NULL DEFAULT 1, answers_value TEXT NOT NULL DEFAULT '[]', continued_by TEXT, notice TEXT) STRICT;

CREATE TABLE runs (
      id TEXT NOT NULL PRIMARY KEY, root_run_id TEXT NOT NULL, workflow TEXT NOT NULL, scope TEXT NOT NULL, program_hash TEXT NOT NULL,
      phase TEXT NOT NULL, status TEXT NOT NULL, created_at INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
      inputs_value TEXT NOT NULL, event_value TEXT NOT NULL, output_value TEXT NOT NULL, error_value TEXT NOT NULL, failures_value TEXT NOT NULL,
      held_value TEXT NOT NULL, ambiguous_value TEXT NOT NULL, counts_value TEXT NOT NULL
    , waits_value TEXT NOT NULL DEFAULT '[]', driven_ms INTEGER NOT NULL DEFAULT 0, sweep INTEGER NOT NULL DEFAULT 0, turn TEXT) STRICT;

CREATE TABLE schedules (workflow TEXT NOT NULL, trigger TEXT NOT NULL, seen_until INTEGER NOT NULL, PRIMARY KEY (workflow, trigger)) STRICT;

CREATE TABLE scopes (workflow TEXT NOT NULL PRIMARY KEY, scope TEXT NOT NULL) STRICT;

CREATE TABLE states (
      scope TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (scope, name, key)
    ) STRICT;

CREATE TABLE waits (
      run_id TEXT NOT NULL, step TEXT NOT NULL, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('open', 'ready', 'over')),
      topic TEXT, since INTEGER NOT NULL, until INTEGER, wait_value TEXT NOT NULL, PRIMARY KEY (run_id, step)
    ) STRICT;

CREATE UNIQUE INDEX arrivals_of_run ON arrivals (run_id) WHERE run_id IS NOT NULL;

CREATE INDEX arrivals_of_turn ON arrivals (workflow, key, due_at, place) WHERE status = 'waiting';

CREATE INDEX arrivals_unsteady ON arrivals (place) WHERE status = 'waiting' AND (overlap <> 'queue' OR each = 0);

CREATE INDEX arrivals_waiting ON arrivals (place) WHERE status = 'waiting';

CREATE UNIQUE INDEX bindings_one_live ON bindings (scope, record, key) WHERE released_at IS NULL;

CREATE UNIQUE INDEX bindings_one_live_of_target ON bindings (scope, record, target_key) WHERE released_at IS NULL;

CREATE INDEX effects_newest ON effects (intended_at, server, tool);

CREATE INDEX effects_of_record ON effects (scope, record, key) WHERE kind = 'record';

CREATE INDEX effects_of_root ON effects (root_run_id);

CREATE INDEX effects_of_run ON effects (run_id);

CREATE INDEX effects_windowed ON effects (intended_at) WHERE kind = 'once' AND once_window > 0;

CREATE INDEX events_in_order ON events (run_id, step, place);

CREATE INDEX requests_newest ON requests (opened_at);

CREATE INDEX requests_of_effect ON requests (effect, opened_at);

CREATE INDEX requests_of_root ON requests (root_run_id);

CREATE UNIQUE INDEX requests_one_open ON requests (effect) WHERE status = 'open';

CREATE INDEX requests_open ON requests (opened_at, id) WHERE status = 'open';

CREATE INDEX requests_owed ON requests (root_run_id) WHERE status = 'approved' AND continued_by IS NULL;

CREATE INDEX runs_by_status ON runs (status, created_at, id);

CREATE INDEX runs_newest ON runs (created_at, id);

CREATE INDEX runs_of_program ON runs (program_hash);

CREATE INDEX runs_of_root ON runs (root_run_id);

CREATE INDEX runs_of_turn ON runs (workflow, turn) WHERE status IN ('queued', 'running', 'parked');

CREATE INDEX runs_of_workflow ON runs (workflow, created_at, id);

CREATE INDEX waits_by_wake ON waits (until) WHERE status = 'open';

CREATE INDEX waits_of_topic ON waits (topic, since) WHERE topic IS NOT NULL;

CREATE INDEX waits_ready ON waits (run_id) WHERE status = 'ready';

INSERT INTO fences (one, last) VALUES (1, 0);
