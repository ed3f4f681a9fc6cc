use crate::core::{
    amount::{self, Decimal},
    change::Watch,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::Fields,
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie::instructions::UpdateVaultArgs;
use specie_client::{
    constants::TOKEN_DECIMALS,
    instruction, state,
    units::{Bps, Price, Units},
};

/// Anybody may then buy at the price, for as long as units are left and the vault may issue them.
#[derive(Debug, Args)]
pub struct Offer {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Price of one SCU, in collateral tokens
    #[arg(long, value_name = "AMOUNT", required_unless_present = "withdraw")]
    price: Option<Decimal>,
    /// SCU for sale
    #[arg(long, value_name = "SCU", required_unless_present = "withdraw")]
    units: Option<Decimal>,
    /// Share of each payment that stays in the vault as collateral, like 30%
    #[arg(long, value_name = "SHARE", default_value = "0%", value_parser = amount::parse_share)]
    retain: u32,
    /// Withdraw the offer instead
    #[arg(long, conflicts_with_all = ["price", "units", "retain"])]
    withdraw: bool,
}

impl Offer {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let vendor = context.signer()?;
        let view = VaultView::read(context.chain()?, &self.vault)?;
        view.require_vendor(&vendor.pubkey())?;
        let base = |amount: Option<Decimal>, decimals| {
            amount.map_or(Ok(0), |amount| amount.base(decimals))
        };
        let price = base(self.price, view.currency.collateral_decimals)?;
        if price == 0 && !self.withdraw {
            return Err(CliError::Usage(
                "an offer at a price of 0 is none: name a price, or take the offer back with --withdraw".into(),
            ));
        }
        let args = UpdateVaultArgs {
            issuer: None,
            operator: None,
            classes: None,
            offer: Some(state::Offer {
                price: Price::new(price),
                units: Units::new(base(self.units, TOKEN_DECIMALS)?),
                retained: Bps::new(self.retain),
            }),
            vendor: None,
        };
        let title = if self.withdraw {
            "Withdraw the offer of the vault"
        } else {
            "Set the offer of the vault"
        };
        Plan {
            title: format!("{title} {}", view.address),
            details: Fields::default(),
            instructions: vec![instruction::update_vault(
                view.address,
                &view.account,
                view.account.payout,
                args,
            )],
            signers: vec![vendor],
            watch: vec![Watch::Vault(&view.currency, view.address)],
        }
        .execute(context)
    }
}
