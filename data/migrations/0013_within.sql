-- How many metres about its point hold a report, as far as its source says: the side of
-- the square that a reference of the National Grid names; 0 where it says nothing.
ALTER TABLE report ADD COLUMN within_m REAL NOT NULL DEFAULT 0 CHECK (within_m >= 0);
