-- Requests that carry an idempotency key: which request the key stands for within its session and, once it was charged,
-- its answer. Only hashes of keys and requests are kept.
CREATE TABLE repeats (
    session      TEXT   NOT NULL REFERENCES sessions (id),
    key_hash     TEXT   NOT NULL,
    request_hash TEXT   NOT NULL,
    -- The hold, and then the charge. Without either the row means nothing: the request cost nothing.
    id           TEXT   NOT NULL UNIQUE,
    -- 1 once it was charged.
    charged      BIGINT NOT NULL DEFAULT 0,
    -- 1 if the answer is a stream of events.
    streamed     BIGINT NOT NULL DEFAULT 0,
    -- The answer, and its length; 0 = none is kept (it was too large, or made room for a later one).
    body         TEXT   NOT NULL DEFAULT '',
    bytes        BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    forgotten_at BIGINT NOT NULL,
    PRIMARY KEY (session, key_hash)
);
CREATE INDEX repeats_by_age ON repeats (session, created_at, bytes);
CREATE INDEX repeats_by_end ON repeats (forgotten_at);
