//! Whether the ledger's sums add up. Asked at every start, and by tests after every crash.

use super::{Ledger, StorageError};
use sqlx::AnyPool;

/// Each finds vouchers for which one sum is wrong.
const RULES: [(&str, &str); 12] = [
    (
        "consumed is carried and the charges",
        "SELECT address FROM vouchers v WHERE consumed <> carried + COALESCE( \
             (SELECT SUM(units) FROM charges c WHERE c.voucher = v.address AND c.opened_at = v.opened_at), 0)",
    ),
    (
        "held is the holds",
        "SELECT address FROM vouchers v WHERE held <> COALESCE( \
             (SELECT SUM(units) FROM holds h WHERE h.voucher = v.address AND h.opened_at = v.opened_at), 0)",
    ),
    (
        "charges are numbered without gaps, and the last one's cumulative is what was consumed",
        "SELECT address FROM vouchers v WHERE charges > 0 AND NOT EXISTS ( \
             SELECT 1 FROM charges c WHERE c.voucher = v.address AND c.opened_at = v.opened_at \
             AND c.number = v.charges AND c.cumulative = v.consumed \
             AND v.charges = (SELECT COUNT(*) FROM charges d WHERE d.voucher = v.address AND d.opened_at = v.opened_at))",
    ),
    (
        "the allowance is the highest receipt or the watermark",
        "SELECT address FROM vouchers v WHERE settled > allowance \
             OR EXISTS (SELECT 1 FROM receipts r WHERE r.voucher = v.address AND r.opened_at = v.opened_at \
                 AND r.cumulative > v.allowance) \
             OR (allowance <> settled AND allowance <> carried AND NOT EXISTS (SELECT 1 FROM receipts r \
                 WHERE r.voucher = v.address AND r.opened_at = v.opened_at AND r.cumulative = v.allowance))",
    ),
    (
        "what is not settled has been so since some time",
        "SELECT address FROM vouchers WHERE (consumed + elsewhere > settled AND unsettled_since = 0) \
             OR (consumed + elsewhere <= settled AND unsettled_since <> 0)",
    ),
    (
        "what was settled counts as consumed or is held, and what was consumed and is held was allowed",
        "SELECT address FROM vouchers WHERE elsewhere < 0 OR consumed + elsewhere + held > allowance",
    ),
    (
        "no hold was charged",
        "SELECT h.voucher FROM holds h JOIN charges c ON c.id = h.id",
    ),
    (
        "what a lease was charged is its charges",
        "SELECT voucher FROM leases l WHERE charged <> COALESCE( \
             (SELECT SUM(units) FROM charges c \
             WHERE c.voucher = l.voucher AND c.opened_at = l.opened_at AND c.id LIKE l.id || '.%'), 0)",
    ),
    (
        "what a lease holds is its holds, and nothing once it has ended",
        "SELECT voucher FROM leases l WHERE until_ms - from_ms <> interval_ms * ( \
             SELECT COUNT(*) FROM holds h \
             WHERE h.voucher = l.voucher AND h.opened_at = l.opened_at AND h.id LIKE l.id || '.%') \
             OR (state = 'ended' AND until_ms <> from_ms)",
    ),
    (
        "what a sub-key has consumed is its charges, and what it holds its holds",
        "SELECT s.voucher FROM sub_keys k JOIN sessions s ON s.id = k.session WHERE k.consumed <> COALESCE( \
             (SELECT SUM(units) FROM charges c WHERE c.sub_key = k.id), 0) OR k.held <> COALESCE( \
             (SELECT SUM(units) FROM holds h WHERE h.sub_key = k.id), 0)",
    ),
    (
        "what is kept of a session's answers is their bytes",
        "SELECT voucher FROM sessions s WHERE kept_bytes <> COALESCE( \
             (SELECT SUM(bytes) FROM repeats r WHERE r.session = s.id), 0)",
    ),
    (
        "a sub-key is charged, and held for, in its own session",
        "SELECT c.voucher FROM charges c JOIN sub_keys k ON k.id = c.sub_key WHERE c.session <> k.session \
             UNION ALL \
             SELECT h.voucher FROM holds h JOIN sub_keys k ON k.id = h.sub_key WHERE h.session <> k.session",
    ),
];

impl Ledger {
    /// The first rule that some voucher breaks, in words; `None` if all hold.
    pub async fn audit(&self) -> Result<Option<String>, StorageError> {
        Ok(audit(&self.reads).await?)
    }
}

/// The first rule that some voucher breaks, in words; `None` if all hold.
pub(super) async fn audit(reads: &AnyPool) -> Result<Option<String>, sqlx::Error> {
    for (rule, broken) in RULES {
        let address: Option<Vec<u8>> = sqlx::query_scalar(broken).fetch_optional(reads).await?;
        if let Some(address) = address {
            let address = bs58::encode(address).into_string();
            return Ok(Some(format!(
                "\"{rule}\" does not hold for voucher {address}"
            )));
        }
    }
    Ok(None)
}
