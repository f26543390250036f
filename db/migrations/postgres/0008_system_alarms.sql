-- Alarms of Coldvigil itself and of common causes. units: numbers, by commas.
CREATE TABLE system_alarms (
  id              UUID PRIMARY KEY,
  fault           TEXT NOT NULL,
  level           TEXT NOT NULL,
  customer_id     BIGINT REFERENCES customers (id),
  subject         TEXT NOT NULL,
  detail          TEXT NOT NULL,
  units           TEXT NOT NULL,
  raised_at       BIGINT NOT NULL,
  cleared_at      BIGINT,
  acknowledged_at BIGINT,
  acknowledged_by TEXT NOT NULL,
  reason          TEXT NOT NULL
);
CREATE UNIQUE INDEX system_alarms_open ON system_alarms (fault, coalesce(customer_id, 0), subject) WHERE cleared_at IS NULL;
CREATE INDEX system_alarms_by_time ON system_alarms (raised_at);
CREATE TRIGGER system_alarms_remain BEFORE DELETE ON system_alarms EXECUTE FUNCTION refuse_change();

-- Nobody is called about it before this.
ALTER TABLE alarm_notices ADD COLUMN hold_until BIGINT;

-- System alarms had no record until now: calling about those of the process that ended, ends.
UPDATE alarm_cases SET finished_at = opened_at, follow_up = FALSE,
  seen = (SELECT max(n.transition) FROM alarm_notices n WHERE n.alarm = alarm_cases.alarm)
  WHERE alarm NOT IN (SELECT public_id FROM alarms);
INSERT INTO alarm_cases (alarm, seen, policy, opened_by, opened_at, finished_at, follow_up, round, rounds, step,
                         acknowledged_by, told)
  SELECT n.alarm, max(n.transition), '', max(n.transition), max(n.raised_at), max(n.raised_at), FALSE, 0, 0, 0, '', ''
  FROM alarm_notices n
  WHERE n.alarm NOT IN (SELECT public_id FROM alarms) AND n.alarm NOT IN (SELECT alarm FROM alarm_cases)
  GROUP BY n.alarm;
