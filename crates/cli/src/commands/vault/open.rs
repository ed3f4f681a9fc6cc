use crate::core::{
    amount::Decimal,
    class::{self, Class},
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie::instructions::OpenVaultArgs;
use specie_client::{address, constants::TOKEN_DECIMALS, instruction, units::Units};

/// The key that signs is the vendor's.
#[derive(Debug, Args)]
pub struct Open {
    /// The currency, or its mint
    #[arg(long, value_name = "ADDRESS", env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
    /// Key file of the currency's authority, who admits the vendor [default: the key that signs]
    #[arg(long, value_name = "FILE")]
    authority: Option<String>,
    /// Key that signs vouchers off chain, or its key file [default: the vendor]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    issuer: Option<Pubkey>,
    /// Key that settles and answers challenges, or its key file [default: the vendor]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    operator: Option<Pubkey>,
    /// The most SCU that the vault may owe
    #[arg(long, value_name = "SCU")]
    limit: Decimal,
    /// Class of compute that it offers; once for each
    #[arg(long = "class", value_enum, required = true)]
    classes: Vec<Class>,
    /// Token account that sales pay to [default: the vendor's, created if missing]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    payout: Option<Pubkey>,
}

impl Open {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let limit = self.limit.base(TOKEN_DECIMALS)?;
        let vendor = context.signer()?;
        let authority = context.signer_or_own(self.authority.as_deref(), "--authority")?;
        let payer = context.fee_payer()?.pubkey();
        let chain = context.chain()?;
        let view = CurrencyView::read(chain, &self.currency)?;
        if view.account.authority != authority.pubkey() {
            return Err(CliError::Key(format!(
                "the key {} is not the currency's authority, {}: name the authority's key file with --authority",
                authority.pubkey(),
                view.account.authority
            )));
        }
        let vault = address::vault(&view.address, &vendor.pubkey());
        let own_payout = address::token_account(&vendor.pubkey(), &view.account.collateral_mint);
        let payout = self.payout.unwrap_or(own_payout);
        let found = chain.accounts(&[vault, payout])?;
        if found.contains_key(&vault) {
            return Err(CliError::Chain(format!(
                "this vendor has its vault in this currency already, {vault}: `specie vault show {vault}`"
            )));
        }
        let mut instructions = vec![];
        if payout == own_payout && !found.contains_key(&payout) {
            let mint = view.account.collateral_mint;
            instructions.push(instruction::create_token_account(
                payer,
                vendor.pubkey(),
                mint,
            ));
        }
        let args = OpenVaultArgs {
            issuer: self.issuer.unwrap_or(vendor.pubkey()),
            operator: self.operator.unwrap_or(vendor.pubkey()),
            limit: Units::new(limit),
            classes: class::mask(&self.classes),
        };
        let open = instruction::OpenVault {
            currency: view.address,
            collateral_mint: view.account.collateral_mint,
            payer,
            vendor: vendor.pubkey(),
            authority: authority.pubkey(),
            payout,
        };
        instructions.push(instruction::open_vault(&open, args));
        let report = Plan {
            title: format!("Open the vault {vault}"),
            details: Fields::default()
                .with("currency", "Currency", Value::Address(view.address))
                .with("vendor", "Vendor", Value::Address(vendor.pubkey()))
                .with("issuer", "Issuer", Value::Address(args.issuer))
                .with("operator", "Operator", Value::Address(args.operator))
                .with("payout", "Payout", Value::Address(payout))
                .with("limit", "Limit", Value::scu(limit))
                .with("classes", "Classes", class::names(args.classes)),
            instructions,
            signers: vec![vendor, authority],
            watch: vec![],
        }
        .execute(context)?;
        Ok(report.with("vault", "Vault", Value::Address(vault)))
    }
}
