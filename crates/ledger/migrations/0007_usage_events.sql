-- Up to which of its charges the receiver of usage events has taken everything of a voucher: charges are numbered without
-- gaps within one, so this is all that delivering each at least once needs to remember.
CREATE TABLE usage_events (
    voucher   TEXT   NOT NULL,
    opened_at BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    PRIMARY KEY (voucher, opened_at),
    FOREIGN KEY (voucher, opened_at) REFERENCES vouchers (address, opened_at)
);
