-- Whose rules count: every revision of every rule, from when on (core/rule_history).
CREATE TABLE rule_revisions (
  revision    INTEGER PRIMARY KEY,
  rule_id     INTEGER NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  scope       TEXT NOT NULL,
  kind        TEXT NOT NULL,   -- of units; scope kind
  facility_id INTEGER NOT NULL, -- 0 unless the scope is facility
  unit_id     INTEGER NOT NULL, -- 0 unless the scope is unit
  definition  TEXT NOT NULL,
  is_off      BOOLEAN NOT NULL,
  removed     BOOLEAN NOT NULL,
  from_at     INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL
);
-- What people said of alarms (core/alarm_life), in the order of its coming.
CREATE TABLE alarm_events (
  id       INTEGER PRIMARY KEY,
  alarm_id INTEGER NOT NULL REFERENCES alarms (id),
  kind     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  who      TEXT NOT NULL,
  text     TEXT NOT NULL,
  until_at INTEGER
);
CREATE INDEX alarm_events_by_alarm ON alarm_events (alarm_id, id);
CREATE TRIGGER rule_revisions_stay BEFORE UPDATE ON rule_revisions BEGIN SELECT RAISE(ABORT, 'rule revisions are append-only'); END;
CREATE TRIGGER rule_revisions_remain BEFORE DELETE ON rule_revisions BEGIN SELECT RAISE(ABORT, 'rule revisions are append-only'); END;
CREATE TRIGGER alarm_events_stay BEFORE UPDATE ON alarm_events BEGIN SELECT RAISE(ABORT, 'alarm events are append-only'); END;
CREATE TRIGGER alarm_events_remain BEFORE DELETE ON alarm_events BEGIN SELECT RAISE(ABORT, 'alarm events are append-only'); END;
