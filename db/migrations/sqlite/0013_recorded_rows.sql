-- Who is watched, who may come in, what was refused and what people were told belong to the record: each row names the
-- commit that wrote it last, and row_digests of that commit has 16 bytes of its SHA-256 (db/row_record). 0: from before;
-- the first process that knows of it takes these in as they are. NULL: a commit from before.
ALTER TABLE commits ADD COLUMN row_digests BLOB;
ALTER TABLE customers ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX customers_by_record ON customers (recorded_in);
ALTER TABLE facilities ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX facilities_by_record ON facilities (recorded_in);
ALTER TABLE units ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX units_by_record ON units (recorded_in);
ALTER TABLE points ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX points_by_record ON points (recorded_in);
ALTER TABLE models ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX models_by_record ON models (recorded_in);
ALTER TABLE model_activations ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX model_activations_by_record ON model_activations (recorded_in);
ALTER TABLE tokens ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX tokens_by_record ON tokens (recorded_in);
ALTER TABLE polls ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX polls_by_record ON polls (recorded_in);
ALTER TABLE system_alarms ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX system_alarms_by_record ON system_alarms (recorded_in);
ALTER TABLE deliveries ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX deliveries_by_record ON deliveries (recorded_in);
ALTER TABLE self_tests ADD COLUMN recorded_in INTEGER NOT NULL DEFAULT 0;
CREATE INDEX self_tests_by_record ON self_tests (recorded_in);
-- Rows come before their commit's, whose hash is over them.
ALTER TABLE rejects RENAME TO rejects_before;
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
  commit_seq  INTEGER NOT NULL REFERENCES commits (seq) DEFERRABLE INITIALLY DEFERRED,
  recorded_in INTEGER NOT NULL DEFAULT 0
);
INSERT INTO rejects (id, customer_id, point_id, unit_code, at, value, raw, sensor, reason, received_at, commit_seq)
  SELECT id, customer_id, point_id, unit_code, at, value, raw, sensor, reason, received_at, commit_seq FROM rejects_before;
DROP TABLE rejects_before;
CREATE UNIQUE INDEX one_reject ON rejects (
  customer_id, reason, coalesce(point_id, 0), CASE WHEN point_id IS NULL THEN unit_code ELSE '' END,
  coalesce(at, 0), CASE WHEN at IS NULL THEN raw ELSE '' END);
CREATE INDEX rejects_by_customer ON rejects (customer_id, id);
CREATE INDEX rejects_by_commit ON rejects (commit_seq);
CREATE INDEX rejects_by_record ON rejects (recorded_in);
-- Taking deliveries in is the only change of them that there is.
DROP TRIGGER deliveries_stay;
CREATE TRIGGER deliveries_stay BEFORE UPDATE ON deliveries WHEN OLD.recorded_in <> 0
  BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END;
