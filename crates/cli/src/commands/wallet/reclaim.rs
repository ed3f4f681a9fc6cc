use crate::core::{
    change::Watch,
    context::Context,
    error::CliError,
    facts::Facts,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_client::{
    address, constants::TOKEN_DECIMALS, instruction, state::Voucher, units::Timestamp,
};

/// Anybody may do this for the owner, once the dispute window is over.
#[derive(Debug, Args)]
pub struct Reclaim {
    /// The voucher
    #[arg(value_parser = key::parse_address)]
    voucher: Pubkey,
}

impl Reclaim {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let payer = context.fee_payer()?.pubkey();
        let chain = context.chain()?;
        let voucher: Voucher = chain.specie(&self.voucher)?;
        let view = VaultView::read(chain, &voucher.vault)?;
        voucher
            .require_reclaimable(
                &view.currency.account.params,
                Timestamp::new(view.currency.now),
            )
            .map_err(|error| {
                let facts = Facts {
                    currency: Some(&view.currency),
                    vault: Some(&view.account),
                    voucher: Some(&voucher),
                };
                facts.explain(error.into())
            })?;
        let mint = view.currency.account.mint;
        let to = address::token_account(&voucher.owner, &mint);
        let returned = view.quote(|snapshot| snapshot.returned(&voucher))?;
        Plan {
            title: format!("Reclaim the voucher {}", self.voucher),
            details: Fields::default()
                .with("owner", "Owner", Value::Address(voucher.owner))
                .with("units", "Units", Value::scu(voucher.units.get()))
                .with("settled", "Settled", Value::scu(voucher.settled.get()))
                .with("tokensReturned", "Tokens returned", Value::scu(returned)),
            instructions: vec![
                instruction::create_token_account(payer, voucher.owner, mint),
                instruction::reclaim(mint, self.voucher, &voucher, None),
            ],
            signers: vec![],
            watch: vec![
                Watch::Tokens("tokens of the owner".into(), to, TOKEN_DECIMALS),
                Watch::Vault(&view.currency, view.address),
            ],
        }
        .execute(context)
    }
}
