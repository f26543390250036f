-- The audit is searched by what was done, who did it, to what, and when (db/audit_search).
-- What begins with a word lies in one stretch of an index by bytes only.
ALTER TABLE audit ALTER COLUMN subject TYPE TEXT COLLATE "C", ALTER COLUMN action TYPE TEXT COLLATE "C";
CREATE INDEX audit_by_subject ON audit (subject);
CREATE INDEX audit_by_actor ON audit (actor, at, id, customer_id);
CREATE INDEX audit_by_action ON audit (action, at, id, customer_id);
CREATE INDEX audit_by_time ON audit (at, id, customer_id);
