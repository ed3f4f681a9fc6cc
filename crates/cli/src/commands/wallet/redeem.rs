use crate::core::{
    amount::Decimal,
    change::Watch,
    class::{self, Class},
    context::{Context, Destination},
    error::CliError,
    key::{self, SessionKey},
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    token::Purse,
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_client::{address, constants::TOKEN_DECIMALS, instruction, state};
use std::path::PathBuf;

/// Needs no vendor, no price and no oracle. Whoever holds the session key can consume the voucher.
#[derive(Debug, Args)]
pub struct Redeem {
    /// Tokens to burn
    amount: Decimal,
    /// The vault that is to serve
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    vault: Pubkey,
    /// What the compute is for
    #[arg(long, value_enum)]
    class: Class,
    /// Session key file, created if missing [default: a new one in ~/.config/specie/sessions]
    #[arg(long, value_name = "FILE")]
    session: Option<PathBuf>,
}

impl Redeem {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let tokens = self.amount.base(TOKEN_DECIMALS)?;
        if self.session.is_none() {
            context.require_one_run("without --session the session key is a new one")?;
        }
        let owner = context.signer()?;
        let chain = context.chain()?;
        let view = VaultView::read(chain, &self.vault)?;
        let asked = state::Class::from(self.class);
        let claim = view.quote(|vault| vault.redeem(tokens, asked as u8))?;
        let mint = view.currency.account.mint;
        let gathered = Purse::provide(
            chain,
            owner.pubkey(),
            (mint, TOKEN_DECIMALS),
            tokens,
            "tokens",
            context.fee_payer()?.pubkey(),
        )?;
        let from = address::token_account(&owner.pubkey(), &mint);

        let session = SessionKey::find_or_create(self.session)?;
        let voucher = address::voucher(&view.address, &session.keypair.pubkey());
        if chain.account(&voucher)?.is_some() {
            return Err(CliError::Chain(format!(
                "the session key in {} has a voucher at this vault already, {voucher}: name another file with --session",
                session.path.display()
            )));
        }
        let redeem = instruction::redeem(&instruction::Redeem {
            mint,
            vault: view.address,
            owner: owner.pubkey(),
            session: session.keypair.pubkey(),
            rent_payer: context.fee_payer()?.pubkey(),
            tokens,
            class: asked,
        });
        let checked = Plan {
            title: format!("Redeem tokens at the vault {}", view.address),
            details: Fields::default()
                .with("tokens", "Tokens", Value::scu(tokens))
                .with("units", "Units", Value::scu(claim.units.get()))
                .with(
                    "work",
                    "Work",
                    Value::Work(claim.work().map_or(0, |work| work.get().into())),
                )
                .with("class", "Class", Value::text(class::name(asked as u8)))
                .with(
                    "expiresAt",
                    "Expires at",
                    Value::Time(claim.expires_at.get()),
                )
                .and(gathered.fields(TOKEN_DECIMALS)),
            instructions: [gathered.instructions, vec![redeem]].concat(),
            signers: vec![owner, session.signer()],
            watch: vec![
                Watch::Tokens("tokens of the owner".into(), from, TOKEN_DECIMALS),
                Watch::Vault(&view.currency, view.address),
            ],
        }
        .check(context)?;
        // The key must outlive this process before the tokens are gone.
        if matches!(
            context.destination(),
            Destination::Send | Destination::File(_) | Destination::Signatures
        ) {
            session.save()?;
        }
        Ok(checked
            .send(context)?
            .with("voucher", "Voucher", Value::Address(voucher))
            .with(
                "session",
                "Session",
                Value::Address(session.keypair.pubkey()),
            )
            .with(
                "sessionKeyFile",
                "Session key file",
                Value::text(session.path.display()),
            ))
    }
}
