-- Addresses are their 32 bytes from here on: BYTEA on PostgreSQL, BLOB in SQLite. SQL has no base58, so src/address_bytes.rs converts
-- them just before this step, which keeps a gateway that binds text from opening the ledger.
SELECT 1;
