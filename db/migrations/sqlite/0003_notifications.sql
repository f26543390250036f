-- What people are to be told of: one row a step of an alarm, written with its transition.
CREATE TABLE alarm_notices (
  alarm         TEXT NOT NULL,
  transition    INTEGER NOT NULL,
  state         TEXT NOT NULL,
  level         TEXT NOT NULL,
  customer_id   INTEGER NOT NULL,
  facility_id   INTEGER NOT NULL,
  customer_name TEXT NOT NULL,
  facility_name TEXT NOT NULL,
  unit_name     TEXT NOT NULL,
  rule          TEXT NOT NULL,
  raised_at     INTEGER NOT NULL,
  ended_at      INTEGER,
  value         INTEGER,
  limit_value   INTEGER,
  scale         TEXT NOT NULL,
  explanation   TEXT NOT NULL,
  retroactive   BOOLEAN NOT NULL,
  PRIMARY KEY (alarm, transition)
);
-- How far the calling about an alarm has come; told has a line a callee: person, channel, address, by tabs.
CREATE TABLE alarm_cases (
  alarm           TEXT PRIMARY KEY,
  seen            INTEGER NOT NULL,
  policy          TEXT NOT NULL,
  opened_by       INTEGER NOT NULL,
  opened_at       INTEGER NOT NULL,
  finished_at     INTEGER,
  follow_up       BOOLEAN NOT NULL,
  round           INTEGER NOT NULL,
  rounds          INTEGER NOT NULL,
  step            INTEGER NOT NULL,
  next_at         INTEGER,
  acknowledged_at INTEGER,
  acknowledged_by TEXT NOT NULL,
  shelved_until   INTEGER,
  told            TEXT NOT NULL
);
CREATE INDEX cases_finished ON alarm_cases (finished_at);

-- Messages to send and sent. body still has {link} in it: secrets of links are not stored.
CREATE TABLE outbox (
  id          INTEGER PRIMARY KEY,
  message_key TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL,
  person      TEXT NOT NULL,
  channel     TEXT NOT NULL,
  address     TEXT NOT NULL,
  alarms      TEXT NOT NULL,
  subject     TEXT NOT NULL,
  body        TEXT NOT NULL,
  data        TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  state       TEXT NOT NULL,
  attempts    INTEGER NOT NULL,
  next_at     INTEGER NOT NULL,
  settled_at  INTEGER,
  last_error  TEXT NOT NULL
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'waiting';
CREATE INDEX outbox_settled ON outbox (settled_at);
CREATE TABLE outbox_alarms (
  alarm       TEXT NOT NULL,
  message_key TEXT NOT NULL,
  PRIMARY KEY (alarm, message_key)
);
-- Every attempt, for evidence.
CREATE TABLE deliveries (
  id          INTEGER PRIMARY KEY,
  message_key TEXT NOT NULL,
  attempt     INTEGER NOT NULL,
  person      TEXT NOT NULL,
  channel     TEXT NOT NULL,
  address     TEXT NOT NULL,
  kind        TEXT NOT NULL,
  at          INTEGER NOT NULL,
  took_ms     INTEGER NOT NULL,
  result      TEXT NOT NULL,
  detail      TEXT NOT NULL
);
CREATE INDEX deliveries_by_message ON deliveries (message_key, id);

CREATE TABLE message_links (
  sha256      TEXT PRIMARY KEY,
  purpose     TEXT NOT NULL,
  message_key TEXT NOT NULL,
  person      TEXT NOT NULL,
  alarms      TEXT NOT NULL,
  expires_at  INTEGER NOT NULL,
  used_at     INTEGER
);
CREATE INDEX links_by_expiry ON message_links (expires_at);

CREATE TABLE self_tests (
  id          INTEGER PRIMARY KEY,
  message_key TEXT NOT NULL UNIQUE,
  person      TEXT NOT NULL,
  channel     TEXT NOT NULL,
  address     TEXT NOT NULL,
  sent_at     INTEGER NOT NULL,
  received_at INTEGER,
  overdue     BOOLEAN NOT NULL
);
CREATE INDEX self_tests_by_way ON self_tests (person, channel, address, sent_at);

-- What was said is never unsaid.
CREATE TRIGGER notices_stay BEFORE UPDATE ON alarm_notices BEGIN SELECT RAISE(ABORT, 'alarm notices are append-only'); END;
CREATE TRIGGER notices_remain BEFORE DELETE ON alarm_notices BEGIN SELECT RAISE(ABORT, 'alarm notices are append-only'); END;
CREATE TRIGGER deliveries_stay BEFORE UPDATE ON deliveries BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END;
CREATE TRIGGER deliveries_remain BEFORE DELETE ON deliveries BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END;
