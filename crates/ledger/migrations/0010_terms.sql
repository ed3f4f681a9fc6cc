-- What sessions were opened under: prices and bounds, as JSON, by the SHA-256 of that text, hex. Rows are never changed; there is
-- one for each configuration that opened a session.
CREATE TABLE terms (
    hash  TEXT NOT NULL PRIMARY KEY,
    terms TEXT NOT NULL
);

-- NULL = opened before terms were kept: what is on offer counts, until the session ends.
ALTER TABLE sessions ADD COLUMN terms TEXT REFERENCES terms (hash);
