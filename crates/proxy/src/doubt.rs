//! Counts that cannot be right by what was sent and what came, and that nobody else can check.
//!
//! Tokens that a model writes and does not show, marks of a template, and an upstream's own counting make a difference that an
//! honest vendor has, too. So a doubt bars no vault: nothing is signed for the model any more, and what was said is kept.

use crate::tab::write_durably;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_claims::clock::UnixTime;
use specie_claims::tariff::Usage;
use specie_claims::units::Units;
use specie_wire::{Key, Voucher};
use std::path::{Path, PathBuf};

/// Why a charge is in doubt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// More was counted than was sent, or than came.
    #[error(
        "{units} units were charged for {}; what was sent and what came account for at most {}, which cost {fair}",
        Counts(.said),
        Counts(.most)
    )]
    Counts {
        /// What was charged.
        units: Units,
        /// What the record says.
        said: Usage,
        /// What follows from what was sent and what came.
        most: Usage,
        /// What that costs.
        fair: Units,
    },
    /// The charge is on another key's account.
    #[error("the charge is on the account of {said}, and {asked} asked")]
    Key {
        /// What the record says.
        said: String,
        /// Which key it was asked with.
        asked: String,
    },
    /// A lease was charged for more time than this machine's clock says has passed.
    #[error(
        "{milliseconds} ms were charged and {passed} ms have passed since the lease was asked for"
    )]
    Time {
        /// What was charged, of one accelerator.
        milliseconds: u64,
        /// What has passed.
        passed: u64,
    },
}

struct Counts<'a>(&'a Usage);

impl std::fmt::Display for Counts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Usage {
            input,
            cached,
            output,
            milliseconds,
        } = self.0;
        write!(
            f,
            "{input} tokens read ({cached} of them cached), {output} written and {milliseconds} ms"
        )
    }
}

/// A doubt, and what is around it.
pub(crate) struct Doubted<'a> {
    pub(crate) doubt: &'a Doubt,
    pub(crate) at: UnixTime,
    pub(crate) terms: &'a Voucher,
    pub(crate) gateway: &'a str,
    /// The model, or the pool, for which nothing is signed any more.
    pub(crate) model: &'a str,
    /// The record, as it was signed.
    pub(crate) record: &'a str,
    /// The record's number.
    pub(crate) number: u64,
    /// What the gateway published when the session began.
    pub(crate) published: Option<&'a Value>,
}

/// A doubt that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDoubt {
    /// The model, or the pool.
    pub model: String,
    /// What is in doubt.
    pub what: String,
    /// The file.
    pub file: PathBuf,
}

fn prefix(vault: &Key) -> String {
    format!("doubt-{}-", Pubkey::new_from_array(*vault))
}

impl Doubted<'_> {
    /// Writes it durably to a file of its own in `folder`. As long as it is there, nothing is signed for the model.
    pub(crate) fn keep(&self, folder: &Path) -> std::io::Result<KeptDoubt> {
        let voucher = Pubkey::new_from_array(self.terms.voucher);
        let name = format!(
            "{}{voucher}-{}.json",
            prefix(&self.terms.vault),
            self.number
        );
        let file = folder.join(name);
        let what = self.doubt.to_string();
        let kept = json!({
            "what": what,
            "model": self.model,
            "at": self.at,
            "gateway": self.gateway,
            "vault": Pubkey::new_from_array(self.terms.vault).to_string(),
            "voucher": voucher.to_string(),
            "opened_at": self.terms.opened_at,
            "record": self.record,
            "published": self.published,
            "what_to_do": [
                format!("Nothing is signed for {} of this vault any more; other models, and other vaults, are used as before.", self.model),
                "Counts are the vendor's word: a model that thinks without showing it, or an upstream with a template of its own, may explain them. Ask the vendor.",
                "Remove this file to use the model again.",
            ],
        });
        let text = serde_json::to_vec_pretty(&kept).expect("it has string keys only");
        write_durably(&file, &text)?;
        Ok(KeptDoubt {
            model: self.model.to_owned(),
            what,
            file,
        })
    }
}

/// The doubts about a vault that are kept in a folder.
pub(crate) fn kept(folder: &Path, vault: &Key) -> std::io::Result<Vec<KeptDoubt>> {
    let prefix = prefix(vault);
    let mut doubts = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with(&prefix) || !name.ends_with(".json") {
            continue;
        }
        let text: Value = serde_json::from_slice(&std::fs::read(entry.path())?)
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))?;
        let field = |name: &str| text[name].as_str().unwrap_or_default().to_owned();
        doubts.push(KeptDoubt {
            model: field("model"),
            what: field("what"),
            file: entry.path(),
        });
    }
    Ok(doubts)
}
