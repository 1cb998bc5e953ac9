-- What analysts decided of location texts, replayed before any look-up. The last
-- decision on a text that was not undone stands. A match of level 0 is a text that
-- was rejected.
CREATE TABLE decision (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT    NOT NULL CHECK (key <> ''),
    match       TEXT    NOT NULL CHECK (json_valid(match)),
    who         TEXT    NOT NULL CHECK (who <> ''),
    decided     INTEGER NOT NULL,
    undone      INTEGER
) STRICT;

INSERT INTO decision (key, match, who, decided)
SELECT key, match, who, decided
FROM override
ORDER BY decided, key;

CREATE INDEX decision_key ON decision (key, number);

DROP TABLE override;
