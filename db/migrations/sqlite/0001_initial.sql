-- Times are UTC milliseconds, temperatures thousandths of a degree Celsius.
CREATE TABLE node_epochs (
  epoch     INTEGER PRIMARY KEY,
  opened_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  closed_at TEXT
);

-- Who is watched.
CREATE TABLE customers (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  code       TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE facilities (
  id          INTEGER PRIMARY KEY,
  public_id   TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  code        TEXT NOT NULL,
  name        TEXT,
  city        TEXT,
  country     TEXT,
  created_at  INTEGER NOT NULL,
  UNIQUE (customer_id, code)
);
CREATE TABLE units (
  id          INTEGER PRIMARY KEY,
  public_id   TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  facility_id INTEGER NOT NULL REFERENCES facilities (id),
  code        TEXT NOT NULL,
  name        TEXT,
  size_value  REAL,
  size_unit   TEXT,
  set_point   INTEGER,
  scale       TEXT NOT NULL,
  kind        TEXT NOT NULL,
  low         INTEGER NOT NULL,
  high        INTEGER NOT NULL,
  interval_s  INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  UNIQUE (customer_id, code)
);
CREATE TABLE points (
  id      INTEGER PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES units (id),
  judged  BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX one_judged_point ON points (unit_id) WHERE judged;

CREATE TABLE models (
  number     INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (name, sha256)
);
CREATE TABLE tokens (
  id          INTEGER PRIMARY KEY,
  sha256      TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  customer_id INTEGER REFERENCES customers (id),
  level       TEXT NOT NULL,
  expires_at  INTEGER,
  created_at  INTEGER NOT NULL
);

-- One row a transaction, a chain of hashes, never changed. hash = SHA-256 of (prev_hash, seq, node_epoch, at,
-- content_hash, sealed_hash, record_hash, snapshots_hash, the seven counts), integers as 8 bytes big-endian.
-- content_hash is of commit_log's content, as long as that is kept; sealed_hash of the chunks sealed in this commit;
-- record_hash of its alarm transitions and audit entries; snapshots_hash of snapshot_digests, which has 24 bytes a
-- snapshot: the point and the beginning of the SHA-256 of its row (db/batch_codec says how each is packed).
CREATE TABLE commits (
  seq              INTEGER PRIMARY KEY,
  node_epoch       INTEGER NOT NULL,
  at               INTEGER NOT NULL,
  readings         INTEGER NOT NULL,
  rejects          INTEGER NOT NULL,
  transitions      INTEGER NOT NULL,
  chunks           INTEGER NOT NULL,
  snapshots        INTEGER NOT NULL,
  polls            INTEGER NOT NULL,
  audits           INTEGER NOT NULL,
  prev_hash        BLOB NOT NULL,
  content_hash     BLOB NOT NULL,
  sealed_hash      BLOB NOT NULL,
  record_hash      BLOB NOT NULL,
  snapshot_digests BLOB NOT NULL,
  hash             BLOB NOT NULL
);
-- What the commits said; dropped once snapshots cover it.
CREATE TABLE commit_log (
  seq     INTEGER PRIMARY KEY REFERENCES commits (seq),
  bytes   INTEGER NOT NULL,
  content BLOB NOT NULL
);
CREATE TABLE chunks (
  point_id  INTEGER NOT NULL,
  from_at   INTEGER NOT NULL,
  to_at     INTEGER NOT NULL,
  readings  INTEGER NOT NULL,
  sealed_in INTEGER NOT NULL,
  body      BLOB NOT NULL,
  PRIMARY KEY (point_id, from_at)
);
CREATE INDEX chunks_by_commit ON chunks (sealed_in);
CREATE TABLE snapshots (
  point_id INTEGER PRIMARY KEY,
  unit_id  INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  memory   BLOB NOT NULL,
  tail     BLOB NOT NULL
);

CREATE TABLE alarms (
  id             INTEGER PRIMARY KEY,
  public_id      TEXT NOT NULL UNIQUE,
  customer_id    INTEGER NOT NULL REFERENCES customers (id),
  facility_id    INTEGER NOT NULL REFERENCES facilities (id),
  unit_id        INTEGER NOT NULL REFERENCES units (id),
  rule           TEXT NOT NULL,
  rules_version  INTEGER NOT NULL,
  low            INTEGER NOT NULL,
  high           INTEGER NOT NULL,
  consecutive    INTEGER NOT NULL,
  raised_at      INTEGER NOT NULL,
  cleared_at     INTEGER,
  raised_value   INTEGER NOT NULL,
  extreme        INTEGER NOT NULL,
  peak_score     REAL NOT NULL,
  retroactive    BOOLEAN NOT NULL,
  annulled       BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX one_open_alarm ON alarms (unit_id, rule) WHERE cleared_at IS NULL AND annulled = FALSE;
CREATE INDEX alarms_by_unit ON alarms (unit_id, raised_at);
CREATE INDEX alarms_by_customer ON alarms (customer_id, raised_at);
CREATE INDEX alarms_by_time ON alarms (raised_at);

-- The alarm as it was after each step.
CREATE TABLE alarm_transitions (
  commit_seq     INTEGER NOT NULL REFERENCES commits (seq),
  position       INTEGER NOT NULL,
  kind           TEXT NOT NULL,
  at             INTEGER NOT NULL,
  decided_at     INTEGER NOT NULL,
  id             INTEGER NOT NULL REFERENCES alarms (id),
  public_id      TEXT NOT NULL,
  customer_id    INTEGER NOT NULL,
  facility_id    INTEGER NOT NULL,
  unit_id        INTEGER NOT NULL,
  rule           TEXT NOT NULL,
  rules_version  INTEGER NOT NULL,
  low            INTEGER NOT NULL,
  high           INTEGER NOT NULL,
  consecutive    INTEGER NOT NULL,
  raised_at      INTEGER NOT NULL,
  cleared_at     INTEGER,
  raised_value   INTEGER NOT NULL,
  extreme        INTEGER NOT NULL,
  peak_score     REAL NOT NULL,
  retroactive    BOOLEAN NOT NULL,
  annulled       BOOLEAN NOT NULL,
  PRIMARY KEY (commit_seq, position)
);
CREATE INDEX transitions_by_alarm ON alarm_transitions (id, commit_seq, position);

CREATE TABLE rejects (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  point_id    INTEGER,
  unit_code   TEXT NOT NULL,
  at          INTEGER,
  value       INTEGER,
  raw         TEXT NOT NULL,
  sensor      TEXT NOT NULL,
  reason      TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  commit_seq  INTEGER NOT NULL REFERENCES commits (seq)
);
-- The same reading fetched again and again is kept once; without a time, what the source wrote tells them apart.
CREATE UNIQUE INDEX one_reject ON rejects (
  customer_id, reason, coalesce(point_id, 0), CASE WHEN point_id IS NULL THEN unit_code ELSE '' END,
  coalesce(at, 0), CASE WHEN at IS NULL THEN raw ELSE '' END);
CREATE INDEX rejects_by_customer ON rejects (customer_id, id);

CREATE TABLE polls (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  method      TEXT NOT NULL,
  source_url  TEXT NOT NULL,
  started_at  INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  status      TEXT NOT NULL,
  received    INTEGER NOT NULL,
  stored      INTEGER NOT NULL,
  duplicate   INTEGER NOT NULL,
  history     BOOLEAN NOT NULL,
  error       TEXT NOT NULL,
  rejected_null_value       INTEGER NOT NULL,
  rejected_non_finite       INTEGER NOT NULL,
  rejected_implausible      INTEGER NOT NULL,
  rejected_bad_value        INTEGER NOT NULL,
  rejected_bad_time         INTEGER NOT NULL,
  rejected_ambiguous_time   INTEGER NOT NULL,
  rejected_nonexistent_time INTEGER NOT NULL,
  rejected_future           INTEGER NOT NULL,
  rejected_conflict         INTEGER NOT NULL,
  rejected_late_not_judged  INTEGER NOT NULL,
  rejected_unknown_unit     INTEGER NOT NULL,
  rejected_queue_full       INTEGER NOT NULL
);
CREATE INDEX polls_by_customer ON polls (customer_id, id);

CREATE TABLE audit (
  id          INTEGER PRIMARY KEY,
  commit_seq  INTEGER NOT NULL REFERENCES commits (seq),
  at          INTEGER NOT NULL,
  customer_id INTEGER,
  actor       TEXT NOT NULL,
  action      TEXT NOT NULL,
  subject     TEXT NOT NULL,
  old_value   TEXT NOT NULL,
  new_value   TEXT NOT NULL,
  reason      TEXT NOT NULL
);
CREATE INDEX audit_by_commit ON audit (commit_seq);
CREATE INDEX audit_by_customer ON audit (customer_id, id);

CREATE TABLE feed_heads (
  customer_id INTEGER PRIMARY KEY,
  last        INTEGER NOT NULL
);

-- What was said is never unsaid.
CREATE TRIGGER commits_stay BEFORE UPDATE ON commits BEGIN SELECT RAISE(ABORT, 'commits are append-only'); END;
CREATE TRIGGER commits_remain BEFORE DELETE ON commits BEGIN SELECT RAISE(ABORT, 'commits are append-only'); END;
CREATE TRIGGER transitions_stay BEFORE UPDATE ON alarm_transitions BEGIN SELECT RAISE(ABORT, 'alarm transitions are append-only'); END;
CREATE TRIGGER transitions_remain BEFORE DELETE ON alarm_transitions BEGIN SELECT RAISE(ABORT, 'alarm transitions are append-only'); END;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
