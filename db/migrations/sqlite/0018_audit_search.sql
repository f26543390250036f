-- The audit is searched by what was done, who did it, to what, and when (db/audit_search).
CREATE INDEX audit_by_subject ON audit (subject);
CREATE INDEX audit_by_actor ON audit (actor, at, id, customer_id);
CREATE INDEX audit_by_action ON audit (action, at, id, customer_id);
CREATE INDEX audit_by_time ON audit (at, id, customer_id);
