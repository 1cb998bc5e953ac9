-- What was learnt of the risk, by the settings that shape it and the moment up to
-- which it was learnt: a plan takes the newest that is not from after its own.
CREATE TABLE risk_fit (
    shape       TEXT    NOT NULL CHECK (length(shape) = 64),
    as_of       INTEGER NOT NULL,
    fit         TEXT    NOT NULL CHECK (json_valid(fit)),
    PRIMARY KEY (shape, as_of)
) STRICT;
