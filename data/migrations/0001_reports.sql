-- A file that was read, by its content.
CREATE TABLE input (
    id          INTEGER PRIMARY KEY,
    sha256      TEXT    NOT NULL UNIQUE CHECK (length(sha256) = 64),
    source      TEXT    NOT NULL,
    received    INTEGER
) STRICT;

-- A report as received. ref is the source's own, or one made from the content.
CREATE TABLE report (
    id          INTEGER PRIMARY KEY,
    ref         TEXT    NOT NULL UNIQUE CHECK (ref <> ''),
    content     TEXT    NOT NULL CHECK (length(content) = 64),
    offence     TEXT    NOT NULL,
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
    CHECK (from_utc <= to_utc),
    CHECK ((lon IS NULL) = (lat IS NULL))
) STRICT;

-- A line that gave no report: refused, or not understood.
CREATE TABLE refused (
    id          INTEGER PRIMARY KEY,
    input_id    INTEGER NOT NULL REFERENCES input (id),
    line        INTEGER NOT NULL,
    field       TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    unread      INTEGER NOT NULL CHECK (unread IN (0, 1)),
    UNIQUE (input_id, line, field, reason)
) STRICT;

-- Where a report was found, and the incident that makes. A report has at most
-- one; gazetteer says with which gazetteer it was looked up.
CREATE TABLE match (
    report_id   INTEGER PRIMARY KEY REFERENCES report (id) ON DELETE CASCADE,
    level       TEXT    NOT NULL,
    lon         REAL,
    lat         REAL,
    radius_m    REAL    NOT NULL CHECK (radius_m >= 0),
    confidence  REAL    NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    name        TEXT    NOT NULL,
    locality    TEXT    NOT NULL,
    rule        TEXT    NOT NULL,
    corrections TEXT    NOT NULL CHECK (json_valid(corrections)),
    source      TEXT    NOT NULL,
    candidates  TEXT    NOT NULL CHECK (json_valid(candidates)),
    gazetteer   TEXT    NOT NULL,
    CHECK ((lon IS NULL) = (lat IS NULL))
) STRICT;

-- One analysis. manifest is the content of run.json.
CREATE TABLE run (
    id          TEXT    PRIMARY KEY,
    as_of       INTEGER NOT NULL,
    manifest    TEXT    NOT NULL CHECK (json_valid(manifest))
) STRICT;

CREATE INDEX run_as_of ON run (as_of, id);

-- A spree as one run saw it. spree_id stays the same from run to run.
CREATE TABLE spree (
    run_id      TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    spree_id    TEXT    NOT NULL,
    status      TEXT    NOT NULL CHECK (status IN ('new', 'growing', 'ongoing', 'ended')),
    offence     TEXT    NOT NULL,
    method      TEXT    NOT NULL,
    detail      TEXT    NOT NULL CHECK (json_valid(detail)),
    PRIMARY KEY (run_id, spree_id)
) STRICT;

CREATE TABLE spree_incident (
    run_id      TEXT    NOT NULL,
    spree_id    TEXT    NOT NULL,
    ref         TEXT    NOT NULL REFERENCES report (ref),
    PRIMARY KEY (run_id, spree_id, ref),
    FOREIGN KEY (run_id, spree_id) REFERENCES spree (run_id, spree_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX report_from ON report (from_utc, ref);
CREATE INDEX report_input ON report (input_id, line);
