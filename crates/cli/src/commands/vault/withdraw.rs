use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    report::Fields, view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_client::{address, instruction};

#[derive(Debug, Args)]
pub struct Withdraw {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Token account that is paid [default: the vendor's, created if missing]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    to: Option<Pubkey>,
}

impl Withdraw {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let vendor = context.signer()?;
        let view = VaultView::read(context.chain()?, &self.vault)?;
        view.require_vendor(&vendor.pubkey())?;
        let currency = &view.currency;
        let mint = currency.account.collateral_mint;
        let mut instructions = vec![];
        let to = match self.to {
            Some(to) => to,
            None => {
                let payer = context.fee_payer()?.pubkey();
                instructions.push(instruction::create_token_account(
                    payer,
                    vendor.pubkey(),
                    mint,
                ));
                address::token_account(&vendor.pubkey(), &mint)
            }
        };
        instructions.push(instruction::withdraw_collateral(
            currency.address,
            view.address,
            vendor.pubkey(),
            to,
        ));
        let amount = view.account.balances.withdrawing.get();
        Plan {
            title: format!("Withdraw collateral from the vault {}", view.address),
            details: Fields::default().with("amount", "Amount", currency.collateral(amount)),
            instructions,
            signers: vec![vendor],
            watch: vec![
                Watch::Tokens("collateral tokens".into(), to, currency.collateral_decimals),
                Watch::Vault(currency, view.address),
            ],
        }
        .execute(context)
    }
}
