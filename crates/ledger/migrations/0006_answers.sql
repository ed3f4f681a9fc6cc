-- Answers to challenges: transactions, recorded before they are sent. A voucher is challenged once in its life; each attempt at
-- its answer is made by one process, whichever records it first.
CREATE TABLE answers (
    voucher                 TEXT   NOT NULL,
    opened_at               BIGINT NOT NULL,
    -- 0, 1, 2 and so on, each bidding more.
    attempt                 BIGINT NOT NULL,
    signature               TEXT   NOT NULL UNIQUE,
    bytes                   TEXT   NOT NULL,
    -- Micro-lamports for a compute unit.
    bid                     BIGINT NOT NULL,
    -- Until when the challenge could be answered.
    challenged_until        BIGINT NOT NULL,
    last_valid_block_height BIGINT NOT NULL,
    -- pending, finalized, failed (the program refused it), expired (it can never be in a block), or moot (nobody is challenged any
    -- more, and nobody has seen it).
    state                   TEXT   NOT NULL,
    reason                  TEXT   NOT NULL DEFAULT '',
    recorded_at             BIGINT NOT NULL,
    ended_at                BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (voucher, opened_at, attempt)
);
CREATE INDEX answers_by_state ON answers (state);
