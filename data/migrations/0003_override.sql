-- What an analyst decided of a location text, replayed before any look-up. A
-- match of level 0 is a text that was rejected.
CREATE TABLE override (
    key         TEXT    PRIMARY KEY CHECK (key <> ''),
    match       TEXT    NOT NULL CHECK (json_valid(match)),
    who         TEXT    NOT NULL CHECK (who <> ''),
    decided     INTEGER NOT NULL
) STRICT;
