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
use specie::{errors::SpecieError, instructions::UpdateVaultArgs};
use specie_client::{address, instruction, refusal::Refusal};

/// The key that signs becomes the vendor. Issuer and operator stay as they are unless named: change those whose keys the
/// former vendor has.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  specie vault accept VAULT --issuer issuer.json --operator operator.json -k new-vendor.json"
)]
pub struct Accept {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Key that signs vouchers off chain, or its key file
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    issuer: Option<Pubkey>,
    /// Key that settles and answers challenges, or its key file
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    operator: Option<Pubkey>,
    /// Token account that sales pay to [default: the new vendor's, created if missing]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    payout: Option<Pubkey>,
}

impl Accept {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let vendor = context.signer()?;
        let payer = context.fee_payer()?.pubkey();
        let view = VaultView::read(context.chain()?, &self.vault)?;
        let (key, offered) = (vendor.pubkey(), view.account.pending_vendor);
        if key != offered {
            let offered = match offered == Pubkey::default() {
                true => {
                    "it is offered to nobody: the vendor offers it with `specie vault hand-over`"
                        .into()
                }
                false => format!("it is offered to {offered}"),
            };
            return Err(Refusal::from(SpecieError::NotVendor)
                .because(format_args!("{offered}, and the key that signs is {key}"))
                .into());
        }
        let mint = view.currency.account.collateral_mint;
        let own = address::token_account(&key, &mint);
        let payout = self.payout.unwrap_or(own);
        let mut instructions = vec![];
        if payout == own {
            instructions.push(instruction::create_token_account(payer, key, mint));
        }
        let args = UpdateVaultArgs {
            issuer: self.issuer,
            operator: self.operator,
            classes: None,
            offer: None,
            vendor: None,
        };
        let (vault, account) = (view.address, &view.account);
        instructions.push(instruction::take_vault_over(vault, account, payout, args));
        Plan {
            title: format!("Take over the vault {vault}"),
            details: Fields::default()
                .with(
                    "formerVendor",
                    "Former vendor",
                    Value::Address(account.vendor),
                )
                .with("vendor", "Vendor", Value::Address(key)),
            instructions,
            signers: vec![vendor],
            watch: vec![Watch::Vault(&view.currency, view.address)],
        }
        .execute(context)
    }
}
