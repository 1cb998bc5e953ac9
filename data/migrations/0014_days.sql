-- The reports that began on a day of UTC and were looked up, packed: what a night needs
-- of each, so that a year need not be read row by row. A day is here only as long as
-- none of its reports changes; one that is new counts from when it is looked up.
CREATE TABLE day (
    day    INTEGER PRIMARY KEY, -- since 1 January 1970, from that day on
    format INTEGER NOT NULL,
    briefs BLOB    NOT NULL
) STRICT;

CREATE TRIGGER day_report_changed AFTER UPDATE ON report WHEN EXISTS (SELECT 1 FROM day)
BEGIN
    DELETE FROM day WHERE day IN (OLD.from_utc / 86400, NEW.from_utc / 86400);
END;

CREATE TRIGGER day_report_gone AFTER DELETE ON report WHEN EXISTS (SELECT 1 FROM day)
BEGIN
    DELETE FROM day WHERE day = OLD.from_utc / 86400;
END;

CREATE TRIGGER day_match_new AFTER INSERT ON match WHEN EXISTS (SELECT 1 FROM day)
BEGIN
    DELETE FROM day WHERE day = (SELECT from_utc / 86400 FROM report WHERE id = NEW.report_id);
END;

CREATE TRIGGER day_match_changed AFTER UPDATE ON match WHEN EXISTS (SELECT 1 FROM day)
BEGIN
    DELETE FROM day WHERE day = (SELECT from_utc / 86400 FROM report WHERE id = NEW.report_id);
END;

CREATE TRIGGER day_match_gone AFTER DELETE ON match WHEN EXISTS (SELECT 1 FROM day)
BEGIN
    DELETE FROM day WHERE day = (SELECT from_utc / 86400 FROM report WHERE id = OLD.report_id);
END;

-- Few reports are told in running text, and every night asks for their streets.
CREATE INDEX report_bulletin ON report (from_utc) WHERE bulletin = 1;
