-- Whom alarms reach: every revision of the whole contact book (core/contact_board). Channels and their secrets are in the
-- configuration file alone.
CREATE TABLE contact_revisions (
  revision   INTEGER PRIMARY KEY,
  commit_seq INTEGER NOT NULL REFERENCES commits (seq) DEFERRABLE INITIALLY DEFERRED,
  from_file  BOOLEAN NOT NULL,
  document   TEXT NOT NULL, -- JSON
  changed_at INTEGER NOT NULL
);
CREATE INDEX contact_revisions_by_commit ON contact_revisions (commit_seq);
CREATE TRIGGER contact_revisions_stay BEFORE UPDATE ON contact_revisions BEGIN SELECT RAISE(ABORT, 'contact revisions are append-only'); END;
CREATE TRIGGER contact_revisions_remain BEFORE DELETE ON contact_revisions BEGIN SELECT RAISE(ABORT, 'contact revisions are append-only'); END;
