-- What H3 said of the places of reports and of cells, packed, so that a night need not
-- ask again: a row for what each night asked anew. It is made anew after reports are
-- erased.
CREATE TABLE cell_book (
    id       INTEGER PRIMARY KEY,
    format   INTEGER NOT NULL,
    checksum INTEGER NOT NULL, -- CRC-32, IEEE
    packed   BLOB    NOT NULL
) STRICT;
