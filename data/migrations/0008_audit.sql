-- Who did what to the data, and when: only ever added to. Each entry holds the
-- hash of the one before. nonce is what an entry was called before it had a place.
CREATE TABLE audit (
    id          INTEGER PRIMARY KEY CHECK (id > 0),
    nonce       TEXT    NOT NULL UNIQUE,
    at          INTEGER NOT NULL,
    who         TEXT    NOT NULL,
    what        TEXT    NOT NULL CHECK (what IN ('collection', 'alteration', 'consultation', 'disclosure', 'combination', 'erasure')),
    run         TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    previous    TEXT    NOT NULL CHECK (length(previous) = 64),
    hash        TEXT    NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;

CREATE TRIGGER audit_stays
BEFORE DELETE ON audit
BEGIN
    SELECT RAISE (ABORT, 'the audit log is only ever added to');
END;

CREATE TRIGGER audit_is_as_it_was
BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE (ABORT, 'the audit log is only ever added to');
END;
