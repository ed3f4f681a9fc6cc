-- Leases of accelerators. Times are Unix milliseconds, run time is milliseconds during which the job ran.
CREATE TABLE leases (
    id               TEXT   NOT NULL PRIMARY KEY,
    session          TEXT   NOT NULL REFERENCES sessions (id),
    voucher          TEXT   NOT NULL,
    opened_at        BIGINT NOT NULL,
    -- What a client repeats a start by; the lease's own identity where it named nothing.
    idempotency_key  TEXT   NOT NULL,
    -- SHA-256 of what was asked for, hex: the same key must ask for the same.
    request_hash     TEXT   NOT NULL,
    pool             TEXT   NOT NULL,
    class            BIGINT NOT NULL,
    accelerators     BIGINT NOT NULL,
    -- JSON.
    job              TEXT   NOT NULL,
    -- What it was agreed on.
    units_per_second BIGINT NOT NULL,
    interval_ms      BIGINT NOT NULL,
    warning_ms       BIGINT NOT NULL,
    grace_ms         BIGINT NOT NULL,
    -- starting, running, warned, stopping or ended.
    state            TEXT   NOT NULL,
    -- Why it was warned, is stopping, or ended; empty while it runs.
    why              TEXT   NOT NULL DEFAULT '',
    detail           TEXT   NOT NULL DEFAULT '',
    warnings         BIGINT NOT NULL DEFAULT 0,
    -- The number of the interval that begins at from_ms; each that is held has a hold named id.number.
    interval_number  BIGINT NOT NULL,
    -- Run time up to which it was charged or given up, and up to which it is held.
    from_ms          BIGINT NOT NULL,
    until_ms         BIGINT NOT NULL,
    charged_ms       BIGINT NOT NULL DEFAULT 0,
    -- The sum of its charges.
    charged          BIGINT NOT NULL DEFAULT 0,
    created_ms       BIGINT NOT NULL,
    -- 0 = not yet.
    started_ms       BIGINT NOT NULL DEFAULT 0,
    heard_ms         BIGINT NOT NULL,
    ended_ms         BIGINT NOT NULL DEFAULT 0,
    -- -1 = none.
    exit_code        BIGINT NOT NULL DEFAULT -1,
    UNIQUE (voucher, opened_at, idempotency_key),
    FOREIGN KEY (voucher, opened_at) REFERENCES vouchers (address, opened_at),
    CHECK (0 <= from_ms AND from_ms <= until_ms AND charged_ms <= from_ms)
);
CREATE INDEX leases_by_pool ON leases (pool, state);
