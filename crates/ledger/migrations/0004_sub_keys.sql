-- Keys that a session has minted below its own. What a request of one holds and is charged counts in its row and in its
-- voucher's, in the same commit. Only what it consumes and when it was revoked ever change.
CREATE TABLE sub_keys (
    id         TEXT   NOT NULL PRIMARY KEY,
    session    TEXT   NOT NULL REFERENCES sessions (id),
    -- The API key itself is stored nowhere.
    key_hash   TEXT   NOT NULL UNIQUE,
    name       TEXT   NOT NULL,
    -- JSON; an empty list = every model.
    models     TEXT   NOT NULL,
    -- The most that may be consumed with it. Nothing is set aside for it.
    budget     BIGINT NOT NULL,
    -- The sum of its charges.
    consumed   BIGINT NOT NULL DEFAULT 0,
    -- The sum of its holds.
    held       BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- 0 = not revoked.
    revoked_at BIGINT NOT NULL DEFAULT 0,
    CHECK (consumed >= 0 AND held >= 0 AND consumed + held <= budget)
);
CREATE INDEX sub_keys_by_session ON sub_keys (session, created_at, id);

-- NULL = the session's own key.
ALTER TABLE holds ADD COLUMN sub_key TEXT REFERENCES sub_keys (id);
ALTER TABLE charges ADD COLUMN sub_key TEXT REFERENCES sub_keys (id);
CREATE INDEX charges_by_sub_key ON charges (sub_key) WHERE sub_key IS NOT NULL;
