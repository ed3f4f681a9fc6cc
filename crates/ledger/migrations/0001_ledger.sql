-- The gateway's one ledger. Amounts are units of 10^-6 SCU, times Unix seconds; keys are base58, other bytes base64url
-- or hex: only types that SQLite and PostgreSQL have in common.

-- A voucher is its address and the time at which its account was opened: the address may be opened again.
CREATE TABLE vouchers (
    address      TEXT   NOT NULL,
    opened_at    BIGINT NOT NULL,
    session_key  TEXT   NOT NULL,
    rent_payer   TEXT   NOT NULL,
    class        BIGINT NOT NULL,
    units        BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    -- When its owner asked to end it; 0 = not closing.
    closing_at   BIGINT NOT NULL DEFAULT 0,
    -- Until when a challenge of it may be answered; 0 = not challenged.
    challenged_until BIGINT NOT NULL DEFAULT 0,
    -- 1 = its account is gone from the chain.
    ended        BIGINT NOT NULL DEFAULT 0,
    -- The chain's watermark when this ledger first saw the voucher: consumed before, and elsewhere.
    carried      BIGINT NOT NULL,
    -- The chain's finalized watermark.
    settled      BIGINT NOT NULL,
    -- Paid out in cash on chain: neither consumed nor settled any more.
    compensated  BIGINT NOT NULL DEFAULT 0,
    -- The highest amount that the session key has acknowledged, or the watermark if that is more.
    allowance    BIGINT NOT NULL,
    -- carried + the sum of this voucher's charges.
    consumed     BIGINT NOT NULL,
    -- The sum of this voucher's holds.
    held         BIGINT NOT NULL DEFAULT 0,
    -- How many charges there are; the last one's number.
    charges      BIGINT NOT NULL DEFAULT 0,
    -- Settlements in a row that the chain refused, and when to try again.
    refusals     BIGINT NOT NULL DEFAULT 0,
    settle_after BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (address, opened_at),
    CHECK (carried >= 0 AND held >= 0 AND carried <= consumed),
    CHECK (consumed + held <= allowance AND allowance <= units)
);

-- A receipt is its voucher and its amount; the signature's bytes are no identity.
CREATE TABLE receipts (
    voucher     TEXT   NOT NULL,
    opened_at   BIGINT NOT NULL,
    cumulative  BIGINT NOT NULL,
    signature   TEXT   NOT NULL,
    accepted_at BIGINT NOT NULL,
    PRIMARY KEY (voucher, opened_at, cumulative),
    FOREIGN KEY (voucher, opened_at) REFERENCES vouchers (address, opened_at)
);

-- The API key itself is stored nowhere.
CREATE TABLE sessions (
    id         TEXT   NOT NULL PRIMARY KEY,
    key_hash   TEXT   NOT NULL UNIQUE,
    voucher    TEXT   NOT NULL,
    opened_at  BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (voucher, opened_at) REFERENCES vouchers (address, opened_at)
);
CREATE INDEX sessions_by_voucher ON sessions (voucher, opened_at);

-- Proofs of possession that were used, kept until they could not be presented again anyway.
CREATE TABLE proofs (
    hash         TEXT   NOT NULL PRIMARY KEY,
    forgotten_at BIGINT NOT NULL
);

-- The most that each request being served can cost. A row ends as a charge or is released.
CREATE TABLE holds (
    id         TEXT   NOT NULL PRIMARY KEY,
    session    TEXT   NOT NULL REFERENCES sessions (id),
    voucher    TEXT   NOT NULL,
    opened_at  BIGINT NOT NULL,
    units      BIGINT NOT NULL,
    model      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    -- The instance that serves the request and whose death releases the hold; '' = no instance: no death does.
    owner      TEXT   NOT NULL,
    FOREIGN KEY (voucher, opened_at) REFERENCES vouchers (address, opened_at)
);
CREATE INDEX holds_by_owner ON holds (owner);
CREATE INDEX holds_by_voucher ON holds (voucher, opened_at);

CREATE TABLE charges (
    -- The hold that it ended.
    id                    TEXT   NOT NULL PRIMARY KEY,
    voucher               TEXT   NOT NULL,
    opened_at             BIGINT NOT NULL,
    -- 1, 2, 3 and so on within the voucher, without gaps.
    number                BIGINT NOT NULL,
    session               TEXT   NOT NULL REFERENCES sessions (id),
    model                 TEXT   NOT NULL,
    -- What was consumed; a kind that does not apply is 0. Cached tokens are a part of the input.
    input_tokens          BIGINT NOT NULL,
    cached_tokens         BIGINT NOT NULL,
    output_tokens         BIGINT NOT NULL,
    milliseconds          BIGINT NOT NULL,
    -- At what price.
    input_units_per_1000  BIGINT NOT NULL,
    cached_units_per_1000 BIGINT NOT NULL,
    output_units_per_1000 BIGINT NOT NULL,
    units_per_second      BIGINT NOT NULL,
    units                 BIGINT NOT NULL,
    -- The voucher's consumption after this charge.
    cumulative            BIGINT NOT NULL,
    charged_at            BIGINT NOT NULL,
    UNIQUE (voucher, opened_at, number),
    FOREIGN KEY (voucher, opened_at) REFERENCES vouchers (address, opened_at)
);

-- Transactions, recorded before they are sent.
CREATE TABLE settlements (
    signature               TEXT   NOT NULL PRIMARY KEY,
    bytes                   TEXT   NOT NULL,
    last_valid_block_height BIGINT NOT NULL,
    -- pending, finalized, failed (the program refused it) or expired (it can never be in a block).
    state                   TEXT   NOT NULL,
    reason                  TEXT   NOT NULL DEFAULT '',
    recorded_at             BIGINT NOT NULL,
    ended_at                BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX settlements_by_state ON settlements (state);

CREATE TABLE settlement_receipts (
    signature  TEXT   NOT NULL REFERENCES settlements (signature),
    voucher    TEXT   NOT NULL,
    opened_at  BIGINT NOT NULL,
    cumulative BIGINT NOT NULL,
    PRIMARY KEY (signature, voucher, opened_at),
    FOREIGN KEY (voucher, opened_at, cumulative) REFERENCES receipts (voucher, opened_at, cumulative)
);
CREATE INDEX settlement_receipts_by_voucher ON settlement_receipts (voucher, opened_at);
