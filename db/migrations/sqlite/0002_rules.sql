-- An alarm names its rule and keeps it as it was (core/rule_text), and what its excursion was like.
ALTER TABLE alarms ADD COLUMN rule_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarms ADD COLUMN level TEXT NOT NULL DEFAULT 'critical';
ALTER TABLE alarms ADD COLUMN definition TEXT NOT NULL DEFAULT '';
ALTER TABLE alarms ADD COLUMN ended_by TEXT NOT NULL DEFAULT 'condition';
ALTER TABLE alarms ADD COLUMN onset_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarms ADD COLUMN lowest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarms ADD COLUMN highest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarms ADD COLUMN mean INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarms ADD COLUMN mkt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarms ADD COLUMN lasted_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarm_transitions ADD COLUMN rule_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarm_transitions ADD COLUMN level TEXT NOT NULL DEFAULT 'critical';
ALTER TABLE alarm_transitions ADD COLUMN definition TEXT NOT NULL DEFAULT '';
ALTER TABLE alarm_transitions ADD COLUMN ended_by TEXT NOT NULL DEFAULT 'condition';
ALTER TABLE alarm_transitions ADD COLUMN onset_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarm_transitions ADD COLUMN lowest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarm_transitions ADD COLUMN highest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarm_transitions ADD COLUMN mean INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarm_transitions ADD COLUMN mkt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alarm_transitions ADD COLUMN lasted_ms INTEGER NOT NULL DEFAULT 0;
-- The rules of old were three, and a unit's own.
UPDATE alarms SET rule_id = CASE rule WHEN 'low_limit' THEN 1 WHEN 'high_limit' THEN 2 ELSE 3 END,
                  onset_at = raised_at, lowest = extreme, highest = extreme, mean = extreme, mkt = extreme;
DROP INDEX one_open_alarm;
CREATE UNIQUE INDEX one_open_alarm ON alarms (unit_id, rule, rule_id) WHERE cleared_at IS NULL AND annulled = FALSE;
