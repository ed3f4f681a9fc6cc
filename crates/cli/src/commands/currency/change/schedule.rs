use super::differences;
use crate::{
    commands::currency::params,
    core::{
        amount::Decimal,
        change::Watch,
        context::Context,
        error::CliError,
        key,
        outcome::Outcome,
        plan::Plan,
        report::{Fields, Value},
        view::CurrencyView,
    },
};
use clap::{Args, Subcommand};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie::errors::SpecieError;
use specie_client::{
    constants::TOKEN_DECIMALS,
    instruction,
    refusal::Refusal,
    state::Proposal,
    units::{Units, WorkPerScu},
};

/// A change may be executed once its notice has passed, and until 14 days later.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  \
                        specie currency change schedule rules --param fee=0.5% --currency MINT -k authority.json\n  \
                        specie currency change schedule vault-limit VAULT 20000 --currency MINT -k authority.json")]
pub enum Schedule {
    /// Rules; those that are not named stay as they are
    Rules {
        /// A rule and its new value, like fee=0.5% or dispute_window=2h; once for each
        #[arg(long = "param", value_name = "NAME=VALUE", required = true)]
        params: Vec<String>,
        #[command(flatten)]
        of: Of,
    },
    /// A higher Standard
    Standard {
        /// TFLOP that one SCU stands for
        #[arg(value_name = "TFLOP")]
        work_per_scu: u64,
        #[command(flatten)]
        of: Of,
    },
    /// All of the quorum, in a new epoch
    Quorum {
        /// Key of an attestor, or its key file; once for each
        #[arg(long = "attestor", value_name = "ADDRESS", required = true, value_parser = key::parse_address)]
        attestors: Vec<Pubkey>,
        /// Signatures that a price or a capacity needs
        #[arg(long, value_name = "COUNT")]
        threshold: u8,
        #[command(flatten)]
        of: Of,
    },
    /// The authority, which signs when the change is executed
    Authority {
        /// The new authority's key
        #[arg(value_parser = key::parse_address)]
        key: Pubkey,
        #[command(flatten)]
        of: Of,
    },
    /// The guardian
    Guardian {
        /// The new guardian's key
        #[arg(value_parser = key::parse_address)]
        key: Pubkey,
        #[command(flatten)]
        of: Of,
    },
    /// The treasury
    Treasury {
        /// Its token account, of the collateral token
        #[arg(value_parser = key::parse_address)]
        account: Pubkey,
        #[command(flatten)]
        of: Of,
    },
    /// The most that a vault may owe
    VaultLimit(VaultLimit),
}

/// Which vault may owe how much.
#[derive(Debug, Args)]
pub struct VaultLimit {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// SCU
    limit: Decimal,
    #[command(flatten)]
    of: Of,
}

/// Whose change it is.
#[derive(Clone, Copy, Debug, Args)]
pub struct Of {
    /// The currency, or its mint
    #[arg(long, value_name = "ADDRESS", env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl Schedule {
    fn currency(&self) -> &Pubkey {
        match self {
            Self::Rules { of, .. }
            | Self::Standard { of, .. }
            | Self::Quorum { of, .. }
            | Self::Authority { of, .. }
            | Self::Guardian { of, .. }
            | Self::Treasury { of, .. }
            | Self::VaultLimit(VaultLimit { of, .. }) => &of.currency,
        }
    }

    fn proposal(self, view: &CurrencyView) -> Result<(Proposal, Fields), CliError> {
        let fields = Fields::default();
        Ok(match self {
            Self::Rules { params, .. } => {
                let before = view.account.params;
                let after = params::over(before, &params)?;
                let differing = differences(&before, &after);
                if differing.0.is_empty() {
                    return Err(CliError::Usage(
                        "every rule would stay as it is: name one with --param that differs".into(),
                    ));
                }
                let fields = fields.with("rules", "Rules", Value::Fields(differing));
                (Proposal::Params(after), fields)
            }
            Self::Standard { work_per_scu, .. } => (
                Proposal::Standard(WorkPerScu::new(work_per_scu)),
                fields.with("standard", "Standard", Value::Work(work_per_scu.into())),
            ),
            Self::Quorum {
                attestors,
                threshold,
                ..
            } => {
                let mut keys: Vec<[u8; 32]> = attestors.iter().map(Pubkey::to_bytes).collect();
                keys.sort_unstable();
                let fields = fields
                    .with("threshold", "Threshold", Value::Number(threshold.into()))
                    .with("attestors", "Attestors", Value::Number(keys.len() as u64));
                (Proposal::Quorum { threshold, keys }, fields)
            }
            Self::Authority { key, .. } => (
                Proposal::Authority(key),
                fields.with("authority", "Authority", Value::Address(key)),
            ),
            Self::Guardian { key, .. } => (
                Proposal::Guardian(key),
                fields.with("guardian", "Guardian", Value::Address(key)),
            ),
            Self::Treasury { account, .. } => (
                Proposal::Treasury(account),
                fields.with("treasury", "Treasury", Value::Address(account)),
            ),
            Self::VaultLimit(VaultLimit { vault, limit, .. }) => {
                let limit = limit.base(TOKEN_DECIMALS)?;
                let fields = fields.with("vault", "Vault", Value::Address(vault)).with(
                    "limit",
                    "Limit",
                    Value::scu(limit),
                );
                let limit = Units::new(limit);
                (Proposal::VaultLimit { vault, limit }, fields)
            }
        })
    }

    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let authority = context.signer()?;
        let key = authority.pubkey();
        let payer = context.fee_payer()?.pubkey();
        let view = CurrencyView::read(context.chain()?, self.currency())?;
        let has_role = view.account.authority == key;
        view.require_role(has_role, &key, SpecieError::NotAuthority)?;
        let number = view.account.next_change.get();
        let (proposal, fields) = self.proposal(&view)?;
        let flat = proposal.flatten().map_err(Refusal::from)?;
        let notice = flat.notice(&view.account.params).get();
        let due = view.now.saturating_add(notice.into());
        let schedule = instruction::schedule_change(view.address, number, key, payer, proposal);
        Plan {
            title: format!("Schedule change {number} of the currency {}", view.address),
            details: Fields::default()
                .with("change", "Change", Value::Number(number))
                .and(fields)
                .with("notice", "Notice", Value::Duration(notice.into()))
                .with("dueAt", "Due at", Value::Time(due)),
            instructions: vec![schedule],
            signers: vec![authority],
            watch: vec![Watch::Currency(&view)],
        }
        .execute(context)
    }
}
