-- Whether the audit log was kept when the run was: one without an entry about it
-- is no gap where there was no log yet.
ALTER TABLE run ADD COLUMN audited INTEGER NOT NULL DEFAULT 0 CHECK (audited IN (0, 1));
