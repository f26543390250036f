-- What is beyond the bounds of the configuration is forgotten (db/forgetting). That somebody else took an attempt out is
-- for the check of the record to find.
DROP TRIGGER notices_stay ON alarm_notices;
CREATE TRIGGER notices_stay BEFORE UPDATE ON alarm_notices EXECUTE FUNCTION refuse_change();
DROP TRIGGER deliveries_remain ON deliveries;
CREATE INDEX outbox_alarms_by_message ON outbox_alarms (message_key);
CREATE INDEX cases_by_news ON alarm_cases (seen) WHERE finished_at IS NOT NULL;
