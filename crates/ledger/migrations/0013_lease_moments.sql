-- When a lease was asked for by its host's uptime, beside created_ms: durations are not measured by wall clocks, which are set
-- forward and back. The boot is empty, and the wall clock counts, for leases that were begun before this.
ALTER TABLE leases ADD COLUMN created_boot  TEXT   NOT NULL DEFAULT '';
ALTER TABLE leases ADD COLUMN created_up_ms BIGINT NOT NULL DEFAULT 0;
