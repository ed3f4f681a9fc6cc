use super::params;
use crate::core::{
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    token,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie::{errors::SpecieError, instructions::CreateCurrencyArgs};
use specie_client::{address, instruction, refusal::Refusal, state::Params, units::WorkPerScu};

/// The key that signs is the mint's authority and becomes the currency's.
#[derive(Debug, Args)]
pub struct Create {
    /// Mint to take over: 6 decimals, no supply, no freeze authority
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    mint: Pubkey,
    /// Mint of the collateral token, a classic SPL stablecoin
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    collateral_mint: Pubkey,
    /// Token account of the treasury's part of the revenue [default: the authority's, created if missing]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    treasury: Option<Pubkey>,
    /// Who may pause [default: the authority]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    guardian: Option<Pubkey>,
    /// Key of an attestor, or its key file; once for each
    #[arg(long = "attestor", value_name = "ADDRESS", required = true, value_parser = key::parse_address)]
    attestors: Vec<Pubkey>,
    /// Signatures that a price or a capacity needs
    #[arg(long, value_name = "COUNT")]
    threshold: u8,
    /// The first Standard: TFLOP that one SCU stands for (an H200 for one hour)
    #[arg(long, value_name = "TFLOP", default_value_t = 2_844_000)]
    work_per_scu: u64,
    /// A rule that differs from the default, like fee=0.5% or dispute_window=2h; once for each
    #[arg(long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// Found it although fewer than a majority of the attestors could state anything
    #[arg(long)]
    yes: bool,
}

impl Create {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let params = params::over(Params::default(), &self.params)?;
        self.question_threshold()?;
        let authority = context.signer()?;
        let chain = context.chain()?;
        let currency = address::currency(&self.mint);
        let own_treasury = address::token_account(&authority.pubkey(), &self.collateral_mint);
        let treasury = self.treasury.unwrap_or(own_treasury);
        let found = chain.accounts(&[self.mint, self.collateral_mint, currency, treasury])?;
        if found.contains_key(&currency) {
            return Err(CliError::Chain(format!(
                "the mint {} has its currency already, {currency}: `specie currency show {currency}`",
                self.mint
            )));
        }
        for mint in [self.mint, self.collateral_mint] {
            if found.get(&mint).and_then(token::mint).is_none() {
                return Err(CliError::Chain(format!(
                    "{mint} is no mint of the classic Token program on {}: check the address and --url",
                    chain.url()
                )));
            }
        }
        let mint_authority = found.get(&self.mint).and_then(token::mint_authority);
        if mint_authority != Some(authority.pubkey()) {
            let held = mint_authority.map_or("nobody".into(), |key| key.to_string());
            let refusal = Refusal::from(SpecieError::MintAuthorityMismatch);
            return Err(refusal
                .because(format_args!(
                    "the mint's authority is {held}, and the key that signs is {}",
                    authority.pubkey()
                ))
                .into());
        }
        let mut instructions = vec![];
        if !found.contains_key(&treasury) {
            if treasury != own_treasury {
                return Err(CliError::Chain(format!(
                    "the treasury {treasury} does not exist: create that token account first"
                )));
            }
            let payer = context.fee_payer()?.pubkey();
            instructions.push(instruction::create_token_account(
                payer,
                authority.pubkey(),
                self.collateral_mint,
            ));
        }
        let mut attestors: Vec<[u8; 32]> = self.attestors.iter().map(Pubkey::to_bytes).collect();
        attestors.sort_unstable();
        let keys = attestors.iter().map(|key| Pubkey::new_from_array(*key));
        let quorum = keys
            .map(|key| Fields::default().with("key", "Key", Value::Address(key)))
            .collect();
        let rules = params::changed(&Params::default(), &params);
        let guardian = self.guardian.unwrap_or(authority.pubkey());
        let args = CreateCurrencyArgs {
            cluster: chain.genesis()?.to_bytes(),
            guardian,
            work_per_scu: WorkPerScu::new(self.work_per_scu),
            threshold: self.threshold,
            attestors,
            params,
        };
        instructions.push(instruction::create_currency(
            authority.pubkey(),
            self.mint,
            self.collateral_mint,
            treasury,
            args,
        ));
        let report = Plan {
            title: format!("Found the currency {currency}"),
            details: Fields::default()
                .with("mint", "Mint", Value::Address(self.mint))
                .with(
                    "collateralMint",
                    "Collateral mint",
                    Value::Address(self.collateral_mint),
                )
                .with("authority", "Authority", Value::Address(authority.pubkey()))
                .with("treasury", "Treasury", Value::Address(treasury))
                .with(
                    "quorumThreshold",
                    "Quorum threshold",
                    Value::Number(self.threshold.into()),
                )
                .with("guardian", "Guardian", Value::Address(guardian))
                .with(
                    "attestors",
                    "Attestors",
                    Value::Number(self.attestors.len() as u64),
                )
                .with("quorum", "Quorum", Value::List(quorum))
                .with(
                    "standard",
                    "Standard",
                    Value::Work(self.work_per_scu.into()),
                )
                .with("rules", "Rules beside the defaults", Value::List(rules)),
            instructions,
            signers: vec![authority],
            watch: vec![],
        }
        .execute(context)?;
        Ok(report.with("currency", "Currency", Value::Address(currency)))
    }

    /// Refuses a quorum in which two groups without a common member could state different things, unless that is meant.
    fn question_threshold(&self) -> Result<(), CliError> {
        let (threshold, count) = (usize::from(self.threshold), self.attestors.len());
        if self.yes || threshold == 0 || threshold * 2 > count {
            return Ok(());
        }
        Err(CliError::Usage(format!(
            "{threshold} of {count} attestors could state any price and capacity, whatever the others found: name at least \
             --threshold {}, or add --yes if that is meant",
            count / 2 + 1
        )))
    }
}
