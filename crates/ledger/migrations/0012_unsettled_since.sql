-- When the first unit was charged that is not settled; 0 = all are. Kept, since looking for it among all charges takes
-- the longer the more there are.
ALTER TABLE vouchers ADD COLUMN unsettled_since BIGINT NOT NULL DEFAULT 0;
UPDATE vouchers SET unsettled_since = COALESCE((
    SELECT MIN(c.charged_at) FROM charges c
    WHERE c.voucher = vouchers.address AND c.opened_at = vouchers.opened_at AND c.cumulative > vouchers.settled
), 0);
