-- What is beyond the bounds of the configuration is forgotten (db/forgetting). That somebody else took an attempt out is
-- for the check of the record to find.
DROP TRIGGER notices_remain;
DROP TRIGGER deliveries_remain;
CREATE INDEX outbox_alarms_by_message ON outbox_alarms (message_key);
CREATE INDEX cases_by_news ON alarm_cases (seen) WHERE finished_at IS NOT NULL;
