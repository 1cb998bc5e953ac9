-- A gazetteer as imported. kinds counts its entries by kind; left_out and
-- refused count the rows that gave none by reason.
CREATE TABLE gazetteer_source (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE CHECK (name <> ''),
    format      TEXT    NOT NULL,
    release     TEXT    NOT NULL,
    sha256      TEXT    NOT NULL CHECK (length(sha256) = 64),
    licence     TEXT    NOT NULL,
    imported    INTEGER NOT NULL,
    kinds       TEXT    NOT NULL CHECK (json_valid(kinds)),
    left_out    TEXT    NOT NULL CHECK (json_valid(left_out)),
    refused     TEXT    NOT NULL CHECK (json_valid(refused))
) STRICT;

-- One row of a gazetteer. tile is the tenth of a degree that holds the point, so
-- that one force's area loads without a look at the nation's rest.
CREATE TABLE gazetteer_entry (
    source_id   INTEGER NOT NULL REFERENCES gazetteer_source (id) ON DELETE CASCADE,
    entry_id    TEXT    NOT NULL CHECK (entry_id <> ''),
    kind        INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 7),
    name        TEXT    NOT NULL CHECK (name <> ''),
    aliases     TEXT,
    number      TEXT,
    locality    TEXT,
    outcode     TEXT,
    lon         REAL    NOT NULL CHECK (lon BETWEEN -180 AND 180),
    lat         REAL    NOT NULL CHECK (lat BETWEEN -90 AND 90),
    extent_m    REAL    NOT NULL CHECK (extent_m >= 0),
    error_m     REAL    NOT NULL CHECK (error_m >= 0),
    tile        INTEGER NOT NULL
) STRICT;

CREATE INDEX gazetteer_entry_tile ON gazetteer_entry (tile);

-- The compiled index over all entries (area '') or over those of an area, cut
-- into chunks. It holds nothing that the entries do not, and goes when they
-- change.
CREATE TABLE gazetteer_index (
    area        TEXT    NOT NULL,
    chunk       INTEGER NOT NULL CHECK (chunk >= 0),
    bytes       BLOB    NOT NULL,
    UNIQUE (area, chunk)
) STRICT;
