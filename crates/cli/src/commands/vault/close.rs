use crate::core::{
    change::Watch,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::{address, instruction};

/// It must owe and hold nothing. The vendor signs, unless the vault wrote a loss off: then anybody may close it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie vault close VAULT -k vendor.json")]
pub struct Close {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Token account that is paid what others donated to the vault [default: the vendor's, created if missing]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    to: Option<Pubkey>,
}

impl Close {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let signer = context.signer()?;
        let payer = context.fee_payer()?.pubkey();
        let view = VaultView::read(context.chain()?, &self.vault)?;
        let (currency, vendor) = (&view.currency, view.account.vendor);
        let mint = currency.account.collateral_mint;
        let written_off = view.account.liquidation.written_off.get() > 0;
        let mut instructions = vec![];
        let mut signers = vec![];
        let to = if written_off {
            instructions.push(instruction::close_written_off_vault(
                currency.address,
                view.address,
                vendor,
            ));
            address::insurance(&currency.address)
        } else {
            view.require_vendor(&signer.pubkey())?;
            let own = address::token_account(&vendor, &mint);
            let to = self.to.unwrap_or(own);
            if to == own {
                instructions.push(instruction::create_token_account(payer, vendor, mint));
            }
            let (currency, vault) = (currency.address, view.address);
            instructions.push(instruction::close_vault(currency, vault, vendor, to));
            signers.push(signer);
            to
        };
        Plan {
            title: format!("Close the vault {}", view.address),
            details: Fields::default()
                .with("rentTo", "Rent to", Value::Address(vendor))
                .with("remainderTo", "Remainder to", Value::Address(to)),
            instructions,
            signers,
            watch: vec![
                Watch::Lamports("SOL of the vendor".into(), vendor),
                Watch::Vault(currency, view.address),
            ],
        }
        .execute(context)
    }
}
