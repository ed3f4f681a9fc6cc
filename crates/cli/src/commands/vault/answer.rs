use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    view::VoucherView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::instruction;
use specie_wire::SigningKey;

/// Publishes the signed voucher, which ends the challenge. The operator signs the transaction, the issuer the voucher.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  specie vault answer VOUCHER --issuer-key issuer.json -k operator.json"
)]
pub struct Answer {
    /// The voucher
    #[arg(value_parser = key::parse_address)]
    voucher: Pubkey,
    /// Key file of the vault's issuer
    #[arg(long, value_name = "KEY")]
    issuer_key: String,
}

impl Answer {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let operator = context.signer()?;
        let issuer = key::read(&self.issuer_key, "--issuer-key")?;
        let view = VoucherView::read(context.chain()?, &self.voucher)?;
        view.vault.require_operator(&operator.pubkey())?;
        let vault = &view.vault.account;
        if vault.issuer != issuer.pubkey() {
            return Err(CliError::Key(format!(
                "the key {} is not this vault's issuer, {}: name the issuer's key file with --issuer-key",
                issuer.pubkey(),
                vault.issuer
            )));
        }
        let currency = &view.vault.currency;
        let cluster = &currency.account.cluster;
        let terms = view.terms();
        let key = SigningKey::from_bytes(issuer.secret_bytes());
        let signature = specie_wire::sign(&terms, cluster, &key);
        let signed = (issuer.pubkey().to_bytes(), signature);
        let answer =
            instruction::answer(currency.address, operator.pubkey(), cluster, &terms, signed);
        Plan {
            title: format!("Answer the challenge of the voucher {}", view.address),
            details: view.fields(),
            instructions: answer.into(),
            signers: vec![operator],
            watch: vec![
                Watch::Vault(currency, view.vault.address),
                Watch::Voucher(&view),
            ],
        }
        .execute(context)
    }
}
