//! What is kept of a charge that is too much: all that somebody else needs to see it, too.

use crate::tab::{evidence_prefix, write_durably};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_claims::clock::UnixTime;
use specie_claims::issuers::Issuers;
use specie_claims::lease::LeaseState;
use specie_claims::units::Units;
use specie_wire::{Key, Voucher};
use std::path::{Path, PathBuf};

/// A charge that is too much, and what is around it.
pub(crate) struct Evidence<'a> {
    pub(crate) fault: &'a dyn std::fmt::Display,
    pub(crate) at: UnixTime,
    pub(crate) terms: &'a Voucher,
    pub(crate) cluster: &'a Key,
    pub(crate) issuers: &'a Issuers,
    pub(crate) gateway: &'a str,
    /// The voucher as the issuer signed it.
    pub(crate) voucher: Option<&'a str>,
    /// The identity of the request, if it is known.
    pub(crate) request: Option<&'a str>,
    /// The lease, as the gateway agreed to it, if it is the charge of one.
    pub(crate) lease: Option<&'a LeaseState>,
    /// The records that show it.
    pub(crate) records: &'a [String],
    /// The file with all records before.
    pub(crate) checked: &'a Path,
    /// What the gateway published when the session began.
    pub(crate) published: Option<&'a Value>,
    /// What was signed.
    pub(crate) signed: Units,
    /// What the records before come to.
    pub(crate) consumed: Units,
}

impl Evidence<'_> {
    /// Writes it durably to a file of its own in `folder`. As long as it is there, nothing is signed for the vault.
    pub(crate) fn keep(&self, folder: &Path) -> std::io::Result<PathBuf> {
        let voucher = Pubkey::new_from_array(self.terms.voucher);
        let name = format!(
            "{}{}-{}.json",
            evidence_prefix(self.terms),
            voucher,
            self.at
        );
        let path = folder.join(name);
        let past_issuers: Vec<_> = self.issuers.past().iter().map(|past| {
            json!({"issuer": Pubkey::new_from_array(past.key).to_string(), "replaced_at": past.replaced_at})
        }).collect();
        let at_risk = self.signed.saturating_sub(self.consumed);
        let evidence = json!({
            "what": self.fault.to_string(),
            "at": self.at,
            "gateway": self.gateway,
            "vault": Pubkey::new_from_array(self.terms.vault).to_string(),
            "issuer": Pubkey::new_from_array(self.issuers.current()).to_string(),
            "past_issuers": past_issuers,
            "cluster": Pubkey::new_from_array(*self.cluster).to_string(),
            "voucher": voucher.to_string(),
            "opened_at": self.terms.opened_at,
            "signed_voucher": self.voucher,
            "request": self.request,
            "lease": self.lease,
            "records": self.records,
            "records_before": self.checked.display().to_string(),
            "published": self.published,
            "units_signed": self.signed,
            "units_consumed": self.consumed,
            "what_to_do": [
                format!("Nothing is signed for this vault any more. What it can still take is at most {at_risk} units: what was signed and not consumed."),
                format!("Close the voucher, so that what was not signed returns: specie wallet close {voucher}"),
                "Send this file and the file of the records before to the currency's attestors: the records are signed by the vault's issuer.".to_owned(),
                "Remove this file only if the charge was right after all, for example of a session that another program opened.".to_owned(),
            ],
        });
        let text = serde_json::to_vec_pretty(&evidence).expect("it has string keys only");
        write_durably(&path, &text)?;
        Ok(path)
    }
}
