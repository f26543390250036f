-- Units out of service and back (core/service_change), in the order of its coming.
CREATE TABLE service_changes (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  unit_id     INTEGER NOT NULL REFERENCES units (id),
  is_out      BOOLEAN NOT NULL,
  at          INTEGER NOT NULL,
  who         TEXT NOT NULL,
  reason      TEXT NOT NULL
);
CREATE INDEX service_changes_by_unit ON service_changes (unit_id, id);
CREATE TRIGGER service_changes_stay BEFORE UPDATE ON service_changes BEGIN SELECT RAISE(ABORT, 'changes of service are append-only'); END;
CREATE TRIGGER service_changes_remain BEFORE DELETE ON service_changes BEGIN SELECT RAISE(ABORT, 'changes of service are append-only'); END;
