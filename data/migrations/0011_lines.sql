-- The lines of a gazetteer that has any: what the map draws of roads and streets.
-- A row holds those that begin in one tile, the numbered and named through roads
-- apart from the rest, packed, with the bounds of them all.
CREATE TABLE gazetteer_line (
    source_id   INTEGER NOT NULL REFERENCES gazetteer_source (id) ON DELETE CASCADE,
    tile        INTEGER NOT NULL,
    through     INTEGER NOT NULL CHECK (through IN (0, 1)),
    west        REAL    NOT NULL,
    south       REAL    NOT NULL,
    east        REAL    NOT NULL CHECK (east >= west),
    north       REAL    NOT NULL CHECK (north >= south),
    lines       BLOB    NOT NULL,
    PRIMARY KEY (source_id, tile, through)
) STRICT;
