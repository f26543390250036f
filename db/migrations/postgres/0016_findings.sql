-- What a rule over a window holds against its limit, at its farthest out (core/rule_condition); NULL of other rules.
ALTER TABLE alarms ADD COLUMN measured BIGINT;
ALTER TABLE alarm_transitions ADD COLUMN measured BIGINT;
-- The same in words where it is no temperature, and where the facility is.
ALTER TABLE alarm_notices ADD COLUMN finding TEXT NOT NULL DEFAULT '';
ALTER TABLE alarm_notices ADD COLUMN facility_place TEXT NOT NULL DEFAULT '';
-- How often people were called about it.
ALTER TABLE alarm_cases ADD COLUMN calls BIGINT NOT NULL DEFAULT 0;
