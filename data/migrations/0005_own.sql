-- A person has said that a report of a bulletin is no repeat of one of a table.
ALTER TABLE report ADD COLUMN own INTEGER NOT NULL DEFAULT 0 CHECK (own IN (0, 1));
