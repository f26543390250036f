-- From which commit on the log is kept, as of this commit: part of its hash. What is missing from there on was taken out
-- behind the program's back. NULL: from before this was recorded; the first commit that has it also accounts for the
-- rows with commit_seq 0.
ALTER TABLE commits ADD COLUMN log_from INTEGER;
CREATE INDEX rejects_by_commit ON rejects (commit_seq);
CREATE INDEX snapshots_by_commit ON snapshots (seq);
