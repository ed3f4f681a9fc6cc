-- The gateways that share this ledger. On SQLite there is one at a time, and no row.
CREATE TABLE instances (
    -- Chance, anew at every start; the owner of holds.
    id      TEXT   NOT NULL PRIMARY KEY,
    -- The number of the last batch that this instance committed, an empty one every third of a lease at the latest: that
    -- it rises shows the others that the instance lives, and what it is shows the instance whether a commit came through.
    batch   BIGINT NOT NULL,
    -- When, by the server's clock. For people and for clearing away; nothing else goes by it.
    seen_at BIGINT NOT NULL
);
