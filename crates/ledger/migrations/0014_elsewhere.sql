-- Units that the chain has settled beyond what was consumed here: they count as consumed, whoever served them.
ALTER TABLE vouchers ADD COLUMN elsewhere BIGINT NOT NULL DEFAULT 0;
-- Since when it is known that another ledger serves this voucher; 0 = it is not. Such a voucher is not served.
ALTER TABLE vouchers ADD COLUMN settled_elsewhere BIGINT NOT NULL DEFAULT 0;
-- The finalized slot of the last reading of its account that changed anything: an older one changes nothing.
ALTER TABLE vouchers ADD COLUMN slot BIGINT NOT NULL DEFAULT 0;
UPDATE vouchers SET elsewhere = settled - consumed - held WHERE settled > consumed + held;
UPDATE vouchers SET unsettled_since = 0 WHERE consumed + elsewhere <= settled;
