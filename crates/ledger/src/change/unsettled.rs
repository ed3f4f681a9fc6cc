//! Since when something is unsettled: the time of the first charge beyond the watermark. What was settled elsewhere came before
//! every charge, as far as anybody can tell.

use crate::Connection;
use sqlx::any::Any;
use sqlx::{AssertSqlSafe, Encode, Type};

/// Dates it anew, for the vouchers that the condition on `$1` names and whose watermark has moved. The last charge that is
/// settled is looked for from the newest on, so this takes as long as there are charges that are not.
pub(super) async fn date_unsettled<'v>(
    connection: &mut Connection,
    condition: &'static str,
    value: impl Encode<'v, Any> + Type<Any>,
) -> Result<(), sqlx::Error> {
    let dated = format!(
        "UPDATE vouchers SET unsettled_since = COALESCE(( \
             SELECT c.charged_at FROM charges c \
             WHERE c.voucher = vouchers.address AND c.opened_at = vouchers.opened_at AND c.number > COALESCE(( \
                 SELECT d.number FROM charges d \
                 WHERE d.voucher = vouchers.address AND d.opened_at = vouchers.opened_at \
                 AND d.cumulative + vouchers.elsewhere <= vouchers.settled ORDER BY d.number DESC LIMIT 1 \
             ), 0) ORDER BY c.number LIMIT 1 \
         ), 0) WHERE {condition}"
    );
    sqlx::query(AssertSqlSafe(dated))
        .bind(value)
        .execute(connection)
        .await?;
    Ok(())
}
