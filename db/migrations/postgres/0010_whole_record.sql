-- What people said of alarms, changes of service and revisions of rules are part of the record of the commit that brought
-- them (db/batch_codec). 0: from before; those have their audit entry.
ALTER TABLE alarm_events ADD COLUMN commit_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE service_changes ADD COLUMN commit_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rule_revisions ADD COLUMN commit_seq BIGINT NOT NULL DEFAULT 0;
CREATE INDEX alarm_events_by_commit ON alarm_events (commit_seq);
CREATE INDEX service_changes_by_commit ON service_changes (commit_seq);
CREATE INDEX rule_revisions_by_commit ON rule_revisions (commit_seq);
-- Silences in an excursion, and whether its end lies in one: when it ended is not known then.
ALTER TABLE alarms ADD COLUMN unseen_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE alarms ADD COLUMN end_unseen BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE alarm_transitions ADD COLUMN unseen_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE alarm_transitions ADD COLUMN end_unseen BOOLEAN NOT NULL DEFAULT FALSE;
