-- An alarm of the model says what drove it (core/driver_text).
ALTER TABLE alarms ADD COLUMN explanation TEXT NOT NULL DEFAULT '';
ALTER TABLE alarm_transitions ADD COLUMN explanation TEXT NOT NULL DEFAULT '';
