-- Who is watched, who may come in, what was refused and what people were told belong to the record: each row names the
-- commit that wrote it last, and row_digests of that commit has 16 bytes of its SHA-256 (db/row_record). 0: from before;
-- the first process that knows of it takes these in as they are. NULL: a commit from before.
ALTER TABLE commits ADD COLUMN row_digests BYTEA;
ALTER TABLE customers ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX customers_by_record ON customers (recorded_in);
ALTER TABLE facilities ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX facilities_by_record ON facilities (recorded_in);
ALTER TABLE units ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX units_by_record ON units (recorded_in);
ALTER TABLE points ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX points_by_record ON points (recorded_in);
ALTER TABLE models ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX models_by_record ON models (recorded_in);
ALTER TABLE model_activations ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX model_activations_by_record ON model_activations (recorded_in);
ALTER TABLE tokens ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tokens_by_record ON tokens (recorded_in);
ALTER TABLE polls ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX polls_by_record ON polls (recorded_in);
ALTER TABLE system_alarms ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX system_alarms_by_record ON system_alarms (recorded_in);
ALTER TABLE deliveries ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deliveries_by_record ON deliveries (recorded_in);
ALTER TABLE self_tests ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX self_tests_by_record ON self_tests (recorded_in);
ALTER TABLE rejects ADD COLUMN recorded_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX rejects_by_record ON rejects (recorded_in);
-- Rows come before their commit's, whose hash is over them.
ALTER TABLE rejects ALTER CONSTRAINT rejects_commit_seq_fkey DEFERRABLE INITIALLY DEFERRED;
-- Taking deliveries in is the only change of them that there is.
DROP TRIGGER deliveries_stay ON deliveries;
CREATE TRIGGER deliveries_stay BEFORE UPDATE ON deliveries FOR EACH ROW WHEN (OLD.recorded_in <> 0)
  EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deliveries_remain BEFORE DELETE ON deliveries EXECUTE FUNCTION refuse_change();
