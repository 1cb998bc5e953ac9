-- What a report said before it was corrected, and where it was found then. The
-- standing version is in report. known is when a version became known: of a first
-- one when it was reported, of a correction when it was received.
CREATE TABLE report_version (
    report_id   INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    version     INTEGER NOT NULL CHECK (version > 0),
    content     TEXT    NOT NULL CHECK (length(content) = 64),
    offence     TEXT    NOT NULL,
    offence_text TEXT   NOT NULL,
    location    TEXT    NOT NULL,
    from_utc    INTEGER NOT NULL,
    to_utc      INTEGER NOT NULL,
    precision   TEXT    NOT NULL CHECK (precision IN ('exact', 'around', 'window', 'day', 'overnight')),
    date_rule   TEXT    NOT NULL,
    reported    INTEGER,
    lon         REAL    CHECK (lon BETWEEN -180 AND 180),
    lat         REAL    CHECK (lat BETWEEN -90 AND 90),
    input_id    INTEGER NOT NULL REFERENCES input (id),
    line        INTEGER NOT NULL CHECK (line > 0),
    bulletin    INTEGER NOT NULL CHECK (bulletin IN (0, 1)),
    known       INTEGER,
    withdrawn   INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
    match       TEXT    CHECK (json_valid(match)),
    PRIMARY KEY (report_id, version),
    CHECK (from_utc <= to_utc),
    CHECK ((lon IS NULL) = (lat IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX report_version_input ON report_version (input_id, report_id);

-- known of the standing version: null while it is the first.
ALTER TABLE report ADD COLUMN known INTEGER;
-- What the source's own column of offences says.
ALTER TABLE report ADD COLUMN offence_text TEXT NOT NULL DEFAULT '';

ALTER TABLE report ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1));

CREATE INDEX report_known ON report (known) WHERE known IS NOT NULL;
