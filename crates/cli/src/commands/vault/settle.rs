use crate::core::{
    change::Watch,
    context::Context,
    error::CliError,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    view::VoucherView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_claims::{jws::decode_bytes, receipt::SentReceipt};
use specie_client::instruction::{self, SignedReceipt};
use specie_wire::{Message as _, Receipt};
use std::path::{Path, PathBuf};

/// A gateway settles by itself: this is for receipts that were kept when it was lost. Each file holds a receipt as it
/// travels, in JSON: {"message": "…", "signature": "…"}. Anybody may settle.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie vault settle receipt.json")]
pub struct Settle {
    /// Files with receipts of one vault's vouchers: a transaction holds three
    #[arg(required = true, num_args = 1..=3, value_name = "FILE")]
    receipts: Vec<PathBuf>,
}

impl Settle {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let chain = context.chain()?;
        let cluster = chain.genesis()?.to_bytes();
        let (mut views, mut receipts) = (vec![], vec![]);
        for path in &self.receipts {
            let (receipt, signature) = read(path, &cluster)?;
            let voucher = Pubkey::new_from_array(receipt.voucher);
            let view = VoucherView::read(chain, &voucher)?;
            let session = view.account.session.to_bytes();
            if specie_wire::verify(&receipt, &cluster, &session, &signature).is_err() {
                return Err(CliError::File(format!(
                    "the signature in {} is not the voucher's session key's, {}: ask for the receipt again",
                    path.display(),
                    view.account.session
                )));
            }
            receipts.push(SignedReceipt {
                receipt,
                session,
                signature,
                rent_payer: view.account.rent_payer,
            });
            views.push(view);
        }
        let [first, ..] = views.as_slice() else {
            return Err(CliError::Usage("name a file with a receipt".into()));
        };
        let vault = &first.vault;
        if let Some(other) = views
            .iter()
            .find(|view| view.vault.address != vault.address)
        {
            return Err(CliError::Usage(format!(
                "the vouchers {} and {} are of different vaults: settle each vault's by itself",
                first.address, other.address
            )));
        }
        let rows = receipts.iter().zip(&views).map(|(signed, view)| {
            Fields::default()
                .with("voucher", "Voucher", Value::Address(view.address))
                .with(
                    "cumulative",
                    "Cumulative",
                    Value::scu(signed.receipt.cumulative),
                )
                .with("settled", "Settled", Value::scu(view.account.settled.get()))
        });
        let details = Fields::default().with("receipts", "Receipts", Value::List(rows.collect()));
        let mut watch = vec![Watch::Vault(&vault.currency, vault.address)];
        watch.extend(views.iter().map(Watch::Voucher));
        Plan {
            title: format!("Settle receipts of the vault {}", vault.address),
            details,
            instructions: instruction::settle(
                vault.currency.address,
                vault.address,
                vault
                    .account
                    .has_been_assessed()
                    .then_some(vault.currency.account.mint),
                &cluster,
                &receipts,
            )
            .into(),
            signers: vec![],
            watch,
        }
        .execute(context)
    }
}

/// A receipt and its signature, which is not checked yet.
fn read(
    path: &Path,
    cluster: &specie_wire::Key,
) -> Result<(Receipt, specie_wire::Signature), CliError> {
    let wrong = |reason: &str| {
        CliError::File(format!(
            "{} holds no receipt ({reason}): name a file with its message and signature in JSON",
            path.display()
        ))
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error.to_string()))?;
    let sent: SentReceipt =
        serde_json::from_str(&text).map_err(|error| wrong(&error.to_string()))?;
    let message: Option<Vec<u8>> = decode_bytes(&sent.message);
    let receipt = message.and_then(|message| Receipt::decode(&message, cluster).ok());
    let receipt = receipt.ok_or_else(|| wrong("its message is none of this cluster's"))?;
    let signature = decode_bytes(&sent.signature).and_then(|bytes: Vec<u8>| bytes.try_into().ok());
    let signature = signature.ok_or_else(|| wrong("its signature has other than 64 bytes"))?;
    Ok((receipt, signature))
}
