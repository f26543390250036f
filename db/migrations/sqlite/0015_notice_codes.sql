-- By what programs know the place of an alarm; empty or NULL in notices from before, and where there is none.
ALTER TABLE alarm_notices ADD COLUMN customer_code TEXT NOT NULL DEFAULT '';
ALTER TABLE alarm_notices ADD COLUMN facility_code TEXT NOT NULL DEFAULT '';
ALTER TABLE alarm_notices ADD COLUMN unit_code TEXT NOT NULL DEFAULT '';
ALTER TABLE alarm_notices ADD COLUMN unit_id TEXT;
