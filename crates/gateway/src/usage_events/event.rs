use crate::issuer::RecordSigner;
use crate::ledger::Charge;
use serde_json::{Value, json};
use std::time::{Duration, UNIX_EPOCH};

/// The media type of a batch of events.
pub const BATCH_TYPE: &str = "application/cloudevents-batch+json; charset=utf-8";

/// What kind of event a charge is. It names what `data` holds, and changes with it.
const KIND: &str = "specie.usage.charged.v1";

/// A charge as a CloudEvent 1.0. `data` is the usage record with its signed form as `record`: whoever is billed can check
/// it by the vault's issuer key alone.
pub fn event(charge: &Charge, records: &RecordSigner) -> Value {
    let record = records.record(charge);
    let mut data = json!(record);
    data["record"] = json!(records.sign(charge));
    json!({
        "specversion": "1.0",
        "id": charge.id,
        "source": format!("urn:specie:vault:{}", records.vault()),
        "type": KIND,
        "subject": charge.voucher.address.to_string(),
        "time": rfc3339(charge.charged_at.0),
        "datacontenttype": "application/json",
        "data": data,
    })
}

fn rfc3339(seconds: i64) -> String {
    let since = Duration::from_secs(seconds.max(0).unsigned_abs());
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since).to_string()
}
