-- A packed day says how many reports it has and in which gazetteer all reports of that
-- day, looked up or not, were looked up; '' where that is not one. So a new report, too,
-- puts an end to it, once for its whole input: a trigger would make a year slow to read.
-- What is new is then sought beside the days of the gazetteer alone.
ALTER TABLE day ADD COLUMN reports INTEGER NOT NULL DEFAULT 0;
ALTER TABLE day ADD COLUMN gazetteer TEXT NOT NULL DEFAULT '';
DELETE FROM day;

CREATE INDEX day_held ON day (gazetteer, day, format, reports);
