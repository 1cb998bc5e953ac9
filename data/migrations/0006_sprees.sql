-- A spree that ended may return under its own id: a run remembers it, dormant,
-- though it shows it no more.
CREATE TABLE spree_life (
    run_id      TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    spree_id    TEXT    NOT NULL,
    status      TEXT    NOT NULL CHECK (status IN ('new', 'growing', 'ongoing', 'ended', 'returned')),
    offence     TEXT    NOT NULL,
    method      TEXT    NOT NULL,
    dormant     INTEGER NOT NULL CHECK (dormant IN (0, 1)),
    detail      TEXT    NOT NULL CHECK (json_valid(detail)),
    PRIMARY KEY (run_id, spree_id)
) STRICT;

INSERT INTO spree_life (run_id, spree_id, status, offence, method, dormant, detail)
SELECT run_id, spree_id, status, offence, method, 0, detail
FROM spree;

CREATE TABLE spree_member (
    run_id      TEXT    NOT NULL,
    spree_id    TEXT    NOT NULL,
    ref         TEXT    NOT NULL REFERENCES report (ref),
    PRIMARY KEY (run_id, spree_id, ref),
    FOREIGN KEY (run_id, spree_id) REFERENCES spree_life (run_id, spree_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO spree_member (run_id, spree_id, ref)
SELECT run_id, spree_id, ref
FROM spree_incident;

DROP TABLE spree_incident;
DROP TABLE spree;
ALTER TABLE spree_life RENAME TO spree;
ALTER TABLE spree_member RENAME TO spree_incident;

-- What the force's own reports up to a night would raise as new if time and place
-- had nothing to do with each other: the null that the threshold rests on. hash is
-- of the reports, scales and seed behind it; what no longer fits is made anew.
CREATE TABLE null_night (
    hash        TEXT    PRIMARY KEY CHECK (length(hash) = 16),
    as_of       INTEGER NOT NULL,
    replicates  INTEGER NOT NULL CHECK (replicates > 0),
    floor       REAL    NOT NULL,
    events      TEXT    NOT NULL CHECK (json_valid(events))
) STRICT;

CREATE INDEX null_night_as_of ON null_night (as_of, hash);
