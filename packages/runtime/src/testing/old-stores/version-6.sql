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
CREATE TABLE leases (
      one INTEGER PRIMARY KEY CHECK (one = 1), fence INTEGER NOT NULL, host TEXT NOT NULL, boot TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT,
      taken_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
    ) STRICT;
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
    , server TEXT NOT NULL DEFAULT '', tool TEXT, target TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE runs (
      id TEXT NOT NULL PRIMARY KEY, root_run_id TEXT NOT NULL, workflow TEXT NOT NULL, scope TEXT NOT NULL, program_hash TEXT NOT NULL,
      phase TEXT NOT NULL, status TEXT NOT NULL, created_at INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
      inputs_value TEXT NOT NULL, event_value TEXT NOT NULL, output_value TEXT NOT NULL, error_value TEXT NOT NULL, failures_value TEXT NOT NULL,
      held_value TEXT NOT NULL, ambiguous_value TEXT NOT NULL, counts_value TEXT NOT NULL
    , waits_value TEXT NOT NULL DEFAULT '[]', driven_ms INTEGER NOT NULL DEFAULT 0) STRICT;
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
CREATE INDEX arrivals_waiting ON arrivals (place) WHERE status = 'waiting';
CREATE UNIQUE INDEX bindings_one_live ON bindings (scope, record, key) WHERE released_at IS NULL;
CREATE UNIQUE INDEX bindings_one_live_of_target ON bindings (scope, record, target_key) WHERE released_at IS NULL;
CREATE INDEX effects_of_record ON effects (scope, record, key) WHERE kind = 'record';
CREATE INDEX effects_of_run ON effects (run_id);
CREATE INDEX events_in_order ON events (run_id, step, place);
CREATE INDEX requests_newest ON requests (opened_at);
CREATE INDEX requests_of_effect ON requests (effect, opened_at);
CREATE UNIQUE INDEX requests_one_open ON requests (effect) WHERE status = 'open';
CREATE INDEX runs_by_status ON runs (status);
CREATE INDEX runs_newest ON runs (created_at, id);
CREATE INDEX runs_of_root ON runs (root_run_id);
CREATE INDEX runs_of_workflow ON runs (workflow, created_at, id);
CREATE INDEX waits_by_wake ON waits (until) WHERE status = 'open';
CREATE INDEX waits_of_topic ON waits (topic, since) WHERE topic IS NOT NULL;
CREATE INDEX waits_ready ON waits (run_id) WHERE status = 'ready';
INSERT INTO "arrivals" ("place", "workflow", "trigger", "id", "key", "overlap", "sweep", "each", "arrived_at", "due_at", "status", "run_id", "why", "event_value") VALUES (1, 'leaks', 'every 10m', 'status-runId', '', 'queue', 0, 0, 1000, 2000, 'started', 'parked', NULL, '{"kind":"schedule","at":"status-runId"}');
INSERT INTO "arrivals" ("place", "workflow", "trigger", "id", "key", "overlap", "sweep", "each", "arrived_at", "due_at", "status", "run_id", "why", "event_value") VALUES (2, 'leaks', 'every 10m', '', '', 'queue', 0, 0, 1000, 2000, 'waiting', NULL, NULL, '{"kind":"schedule","at":""}');
INSERT INTO "bindings" ("scope", "record", "key", "generation", "revision", "kept_value", "target_key", "adopted", "server", "target", "bound_at", "released_at", "gone_since", "not_converging", "workflow", "inputs_hash", "last_seen_at", "last_seen_run", "missed_sweeps", "epoch") VALUES ('leaks', 'ticket', 'PR_7', 1, 0, '{"key":"PROD-PR_7"}', 'target-PR_7', 0, 'jira', 'https://jira.test/', 1000, NULL, NULL, NULL, 'leaks', 'iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii', 1000, 'run-1', 0, 1);
INSERT INTO "bindings" ("scope", "record", "key", "generation", "revision", "kept_value", "target_key", "adopted", "server", "target", "bound_at", "released_at", "gone_since", "not_converging", "workflow", "inputs_hash", "last_seen_at", "last_seen_run", "missed_sweeps", "epoch") VALUES ('leaks', 'ticket', 'PR_8', 1, 0, '{"key":"PROD-PR_8"}', 'target-PR_8', 1, 'jira', 'https://jira.test/', 1000, 9, NULL, NULL, 'leaks', 'iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii', 1000, 'run-1', 0, 1);
INSERT INTO "blobs" ("hash", "kept_at", "bytes") VALUES ('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 3, x'0001ff');
INSERT INTO "effects" ("place", "id", "kind", "scope", "record", "key", "generation", "action", "revision", "once_window", "identity_root_run", "identity_step", "status", "run_id", "root_run_id", "step", "server", "tool", "target", "args_hash", "args_value", "attempt", "fence", "epoch", "idempotent", "intended_at", "deadline_at", "settled_at", "outcome_value", "settled_by", "completion") VALUES (1, 'b989fd832bf612b7a878f5d072468067807a536868d7f769634966dbf879e40f', 'once', 'leaks', NULL, 'told', NULL, NULL, NULL, NULL, NULL, NULL, 'done', 'run-1', 'run-1', 'each#1[PR_7]/once#1', 'jira', 'create_issue', 'https://jira.test/', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"summary":"memory leak"}', 1, 1, 1, 0, 1000, 61000, 2000, '{"kind":"done","value":{"ok":true},"unreadable":false}', 'answer', '"recorded"');
INSERT INTO "effects" ("place", "id", "kind", "scope", "record", "key", "generation", "action", "revision", "once_window", "identity_root_run", "identity_step", "status", "run_id", "root_run_id", "step", "server", "tool", "target", "args_hash", "args_value", "attempt", "fence", "epoch", "idempotent", "intended_at", "deadline_at", "settled_at", "outcome_value", "settled_by", "completion") VALUES (2, 'b76443888188cb388489f5662b183395934d1f17f5cf29d39431d8ced7be992a', 'record', 'leaks', 'ticket', 'PR_7', 1, 'create', 0, NULL, NULL, NULL, 'done', 'run-1', 'run-1', 'each#1[PR_7]/once#1', 'jira', 'create_issue', 'https://jira.test/', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"summary":"memory leak"}', 1, 1, 1, 0, 1000, 61000, 2000, '{"kind":"done","value":{"key":"PROD-1"},"unreadable":false}', 'answer', '"bound"');
INSERT INTO "effects" ("place", "id", "kind", "scope", "record", "key", "generation", "action", "revision", "once_window", "identity_root_run", "identity_step", "status", "run_id", "root_run_id", "step", "server", "tool", "target", "args_hash", "args_value", "attempt", "fence", "epoch", "idempotent", "intended_at", "deadline_at", "settled_at", "outcome_value", "settled_by", "completion") VALUES (3, '804d61e256185f4b3ef61851212af754738cbefc1292bc3fbb913e99b204a905', 'once', 'leaks', NULL, 'lost', NULL, NULL, NULL, NULL, NULL, NULL, 'ambiguous', 'doubt', 'doubt', 'each#1[PR_7]/once#1', 'jira', 'create_issue', 'https://jira.test/', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"summary":"memory leak"}', 1, 1, 1, 0, 1000, 61000, 2000, '{"kind":"ambiguous","error":{"code":"FAILED","message":"it broke"}}', NULL, NULL);
INSERT INTO "effects" ("place", "id", "kind", "scope", "record", "key", "generation", "action", "revision", "once_window", "identity_root_run", "identity_step", "status", "run_id", "root_run_id", "step", "server", "tool", "target", "args_hash", "args_value", "attempt", "fence", "epoch", "idempotent", "intended_at", "deadline_at", "settled_at", "outcome_value", "settled_by", "completion") VALUES (4, '046b5f7fdc88db4f5a18fca88f2041c3fee2f78dca6c446aff9c9ed2b499c87e', 'once', 'leaks', NULL, 'sent', NULL, NULL, NULL, NULL, NULL, NULL, 'intended', 'running', 'running', 'each#1[PR_7]/once#1', 'jira', 'create_issue', 'https://jira.test/', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"summary":"memory leak"}', 1, 1, 1, 0, 1000, 61000, NULL, 'null', NULL, NULL);
INSERT INTO "effects" ("place", "id", "kind", "scope", "record", "key", "generation", "action", "revision", "once_window", "identity_root_run", "identity_step", "status", "run_id", "root_run_id", "step", "server", "tool", "target", "args_hash", "args_value", "attempt", "fence", "epoch", "idempotent", "intended_at", "deadline_at", "settled_at", "outcome_value", "settled_by", "completion") VALUES (5, '54fae68577ecf93eed00d7a171f039cb9679a081da7d89d21e571cad314afefb', 'step', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'done', 'notify#1', 'failed', 'done', 'done', 'each#1[PR_7]/once#1', 'jira', 'create_issue', 'https://jira.test/', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"summary":"memory leak"}', 1, 1, 1, 0, 1000, 61000, 2000, '{"kind":"failed","error":{"code":"FAILED","message":"it broke"}}', 'answer', NULL);
INSERT INTO "event_ids" ("run_id", "topic", "id") VALUES ('parked', 'webhook:github', 'd1');
INSERT INTO "events" ("place", "run_id", "step", "id", "offered_at", "event_value") VALUES (1, 'parked', 'waitFor#1', 'd1', 3, '{"kind":"webhook","source":"github","headers":{},"body":1}');
INSERT INTO "fences" ("one", "last") VALUES (1, 1);
INSERT INTO "journal" ("place", "run_id", "key", "kind", "hash", "value") VALUES (1, 'parked', 'now#1', 'now', 'h', '1');
INSERT INTO "journal" ("place", "run_id", "key", "kind", "hash", "value") VALUES (2, 'parked', 'each#1[é]/x#1', 'step', 'h', '"漢字"');
INSERT INTO "meta" ("name", "meta_value") VALUES ('store-id', 'aa0d7785-d23e-43f6-9c63-ad114c04d20a');
INSERT INTO "meta" ("name", "meta_value") VALUES ('paused', '["server:jira"]');
INSERT INTO "migrations" ("number", "applied_at") VALUES (1, 1793610000000);
INSERT INTO "migrations" ("number", "applied_at") VALUES (2, 1793610000000);
INSERT INTO "migrations" ("number", "applied_at") VALUES (3, 1793610000000);
INSERT INTO "migrations" ("number", "applied_at") VALUES (4, 1793610000000);
INSERT INTO "migrations" ("number", "applied_at") VALUES (5, 1793610000000);
INSERT INTO "migrations" ("number", "applied_at") VALUES (6, 1793610000000);
INSERT INTO "plans" ("id", "workflow", "created_at", "expires_at", "applied_at", "plan_value", "error_value") VALUES ('plan', 'leaks', 1000, 3601000, NULL, '{"version":1,"id":"plan","storeId":"store","workflow":"leaks","createdAt":1000,"expiresAt":3601000,"basis":{"program":"p","classes":"c","profiles":"f","policy":"y","targets":{"jira":"https://jira.test/"}},"unchanged":3,"effects":[{"id":"448af0fe78d1c440d177d63569e82034fcde9cdcfdfd73b87130b41d074700df","identity":{"kind":"once","scope":"leaks","key":"comment:PR_7","window":null},"identityKnown":true,"step":"once#1","sign":"+","label":"comment","server":"github","tool":"add_issue_comment","target":"github.com/o","args":{"value":{"body":null},"unknown":[{"path":["body"],"from":["ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"]}]},"knownHash":"k","certainty":"sure","undo":null,"why":{"kind":"planning"}}]}', 'null');
INSERT INTO "programs" ("hash", "program_value") VALUES ('pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp', '{"kind":"workflow","semantics":1,"name":"leaks","description":"","triggers":[],"inputs":{},"limits":{},"globals":[],"records":[],"states":[],"tools":[{"server":"jira","tool":"create_issue"}],"body":{"parameters":[],"slots":0,"steps":false,"body":[]},"debug":{"file":"workflows/leaks.ts","source":"export default …","names":{},"globals":[]}}');
INSERT INTO "requests" ("id", "effect", "args_hash", "args_value", "workflow", "run_id", "root_run_id", "label", "reason", "opened_at", "status", "answered_at", "answered_by", "expires_at", "server", "tool", "target") VALUES ('open', 'open000000000000000000000000000000000000000000000000000000000000', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"summary":"x"}', 'leaks', 'pending', 'pending', 'ticket PR_7', 'policy', 1000, 'open', NULL, NULL, NULL, 'jira', 'create_issue', 'https://jira.test/');
INSERT INTO "requests" ("id", "effect", "args_hash", "args_value", "workflow", "run_id", "root_run_id", "label", "reason", "opened_at", "status", "answered_at", "answered_by", "expires_at", "server", "tool", "target") VALUES ('granted', 'granted000000000000000000000000000000000000000000000000000000000', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"summary":"x"}', 'leaks', 'pending', 'pending', 'ticket PR_7', 'policy', 1000, 'approved', 3, 'kim', 9000, 'jira', 'create_issue', 'https://jira.test/');
INSERT INTO "requests" ("id", "effect", "args_hash", "args_value", "workflow", "run_id", "root_run_id", "label", "reason", "opened_at", "status", "answered_at", "answered_by", "expires_at", "server", "tool", "target") VALUES ('no', 'no00000000000000000000000000000000000000000000000000000000000000', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"summary":"x"}', 'leaks', 'pending', 'pending', 'ticket PR_7', 'policy', 1000, 'denied', 3, 'kim', NULL, 'jira', 'create_issue', 'https://jira.test/');
INSERT INTO "runs" ("id", "root_run_id", "workflow", "scope", "program_hash", "phase", "status", "created_at", "started_at", "ended_at", "inputs_value", "event_value", "output_value", "error_value", "failures_value", "held_value", "ambiguous_value", "counts_value", "waits_value", "driven_ms") VALUES ('parked', 'parked', 'leaks', 'leaks', 'pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp', 'run', 'parked', 1000, 1001, NULL, '{"owner":"o","nested":[1,null]}', '{"kind":"call"}', 'null', 'null', '[]', '[]', '[]', '{"calls":0,"writes":0,"replayed":0}', '[{"id":"w1","kind":"sleep","step":"sleep#1","label":"sleep 1d","since":1,"until":2000}]', 0);
INSERT INTO "runs" ("id", "root_run_id", "workflow", "scope", "program_hash", "phase", "status", "created_at", "started_at", "ended_at", "inputs_value", "event_value", "output_value", "error_value", "failures_value", "held_value", "ambiguous_value", "counts_value", "waits_value", "driven_ms") VALUES ('running', 'running', 'leaks', 'leaks', 'pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp', 'run', 'running', 1000, 1001, NULL, '{"owner":"o","nested":[1,null]}', '{"kind":"call"}', '{"$":["object","text","quotes '' \" ` \\ emoji 😀 CJK 漢字 NUL \u0000 line   half \ud800","big",{"$":["integer","9007199254740993"]},"rounded",{"$":["integer",null]},"numbers",[0,{"$":["number","-0"]},1e-7,1.7976931348623157e+308,9007199254740991],"$",["undefined"],"empty",{"list":[],"object":{},"text":"","nothing":null}]}', 'null', '[]', '[]', '[]', '{"calls":0,"writes":0,"replayed":0}', '[]', 0);
INSERT INTO "runs" ("id", "root_run_id", "workflow", "scope", "program_hash", "phase", "status", "created_at", "started_at", "ended_at", "inputs_value", "event_value", "output_value", "error_value", "failures_value", "held_value", "ambiguous_value", "counts_value", "waits_value", "driven_ms") VALUES ('pending', 'pending', 'leaks', 'leaks', 'pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp', 'run', 'pending', 1000, 1001, 5000, '{"owner":"o","nested":[1,null]}', '{"kind":"call"}', 'null', 'null', '[]', '[{"effect":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee","step":"s","label":"l","why":"w","waits":true}]', '[]', '{"calls":0,"writes":0,"replayed":0}', '[]', 0);
INSERT INTO "runs" ("id", "root_run_id", "workflow", "scope", "program_hash", "phase", "status", "created_at", "started_at", "ended_at", "inputs_value", "event_value", "output_value", "error_value", "failures_value", "held_value", "ambiguous_value", "counts_value", "waits_value", "driven_ms") VALUES ('doubt', 'doubt', 'leaks', 'leaks', 'pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp', 'run', 'needs-attention', 1000, 1001, 5000, '{"owner":"o","nested":[1,null]}', '{"kind":"call"}', 'null', '{"code":"FAILED","message":"it broke"}', '[]', '[]', '[]', '{"calls":0,"writes":0,"replayed":0}', '[]', 0);
INSERT INTO "runs" ("id", "root_run_id", "workflow", "scope", "program_hash", "phase", "status", "created_at", "started_at", "ended_at", "inputs_value", "event_value", "output_value", "error_value", "failures_value", "held_value", "ambiguous_value", "counts_value", "waits_value", "driven_ms") VALUES ('done', 'done', 'leaks', 'leaks', 'pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp', 'run', 'succeeded', 1000, 1001, 5000, '{"owner":"o","nested":[1,null]}', '{"kind":"call"}', 'null', 'null', '[]', '[]', '[]', '{"calls":3,"writes":2,"replayed":1}', '[]', 0);
INSERT INTO "runs" ("id", "root_run_id", "workflow", "scope", "program_hash", "phase", "status", "created_at", "started_at", "ended_at", "inputs_value", "event_value", "output_value", "error_value", "failures_value", "held_value", "ambiguous_value", "counts_value", "waits_value", "driven_ms") VALUES ('again', 'done', 'leaks', 'leaks', 'pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp', 'run', 'succeeded', 1000, 1001, 6000, '{"owner":"o","nested":[1,null]}', '{"kind":"call"}', 'null', 'null', '[]', '[]', '[]', '{"calls":0,"writes":0,"replayed":0}', '[]', 0);
INSERT INTO "schedules" ("workflow", "trigger", "seen_until") VALUES ('leaks', 'every 10m', 7000);
INSERT INTO "scopes" ("workflow", "scope") VALUES ('leaks', 'leaks');
INSERT INTO "states" ("scope", "name", "key", "value", "version") VALUES ('leaks', 'cursor', '', '7', 1);
INSERT INTO "waits" ("run_id", "step", "id", "kind", "status", "topic", "since", "until", "wait_value") VALUES ('parked', 'sleep#1', '1', 'sleep', 'open', NULL, 1000, 2000, '{"kind":"sleep","id":"1","runId":"parked","rootRunId":"run-1","workflow":"leaks","step":"sleep#1","hash":"hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh","label":"sleep 1s","since":1000,"until":2000,"status":"open"}');
PRAGMA application_id = 1330005587;
PRAGMA user_version = 6;
