//! A transaction on its way: planned, simulated and shown, sent.

use crate::core::{
    chain::Accounts,
    change::Watch,
    context::Context,
    error::CliError,
    facts::Facts,
    failure::{self, Funds},
    key::AnySigner,
    outcome::Outcome,
    report::{Fields, Preview, Report, SIGNATURE, Value},
    view::vault_among,
};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use solana_transaction::Transaction;

/// The most bytes that a transaction may have.
const PACKET: usize = 1_232;
/// Most compute units that a transaction may ask for.
const COMPUTE_LIMIT_MAX: u64 = 1_400_000;

/// A transaction that a command wants to send.
pub(crate) struct Plan<'a> {
    /// What it does, in one line.
    pub(crate) title: String,
    /// What it is made of.
    pub(crate) details: Fields,
    pub(crate) instructions: Vec<Instruction>,
    /// Who signs, beside the fee payer.
    pub(crate) signers: Vec<AnySigner>,
    /// What to show of its effect.
    pub(crate) watch: Vec<Watch<'a>>,
}

impl<'a> Plan<'a> {
    /// Simulates it and shows what it would change; fails if it would fail.
    pub(crate) fn check(self, context: &Context) -> Result<Checked<'a>, CliError> {
        let chain = context.chain()?;
        let fee_payer = context.fee_payer()?;
        let mut plan = self;
        let payer = fee_payer.pubkey();
        plan.watch
            .push(Watch::Lamports("SOL of the fee payer".into(), payer));
        let mut watched: Vec<Pubkey> = plan.watch.iter().flat_map(Watch::addresses).collect();
        watched.sort_unstable();
        watched.dedup();

        let before = chain.accounts(&watched)?;
        let mut transaction = plan.sign(context, &fee_payer, None)?;
        let mut simulation = chain.simulate(&transaction, &watched)?;
        if simulation.failure.is_none()
            && context.global.with_compute_unit_price.is_some()
            && let Some(units) = simulation.units_consumed
        {
            transaction = plan.sign(context, &fee_payer, Some(units))?;
            simulation = chain.simulate(&transaction, &watched)?;
        }
        if let Some(failure) = &simulation.failure {
            let held = before.get(&payer).map_or(0, |account| account.lamports);
            let error = failure::explain(failure, &simulation.logs, || Funds {
                payer,
                held,
                fee: chain.fee(&transaction).ok(),
            });
            return Err(plan.explain(error, &before));
        }
        // A network may leave out what did not change.
        let mut after: Accounts = before.clone();
        after.extend(simulation.accounts);
        let preview = Preview {
            title: std::mem::take(&mut plan.title),
            details: std::mem::take(&mut plan.details),
            changes: plan
                .watch
                .iter()
                .flat_map(|watch| watch.changes(&before, &after))
                .collect(),
        };
        context.output.preview(&preview)?;
        Ok(Checked {
            plan,
            preview,
            fee_payer,
            units_consumed: simulation.units_consumed,
        })
    }

    /// Simulates, shows and sends it.
    pub(crate) fn execute(self, context: &Context) -> Result<Outcome, CliError> {
        self.check(context)?.send(context)
    }

    /// A refusal with what the program compared, as far as the plan shows it.
    fn explain(&self, error: CliError, accounts: &Accounts) -> CliError {
        let CliError::Refused(refusal) = error else {
            return error;
        };
        let about = self.watch.iter().find_map(|watch| match watch {
            Watch::Vault(view, vault) => {
                let vault = vault_among(accounts, view, vault);
                Some((*view, vault.map(|(vault, ..)| vault)))
            }
            _ => None,
        });
        let currency = self.watch.iter().find_map(|watch| match watch {
            Watch::Currency(view) => Some((*view, None)),
            _ => None,
        });
        let (currency, vault) = about.or(currency).unzip();
        let vault = vault.flatten();
        let facts = Facts {
            currency,
            vault: vault.as_ref(),
            voucher: None,
        };
        facts.explain(refusal).into()
    }

    fn sign(
        &self,
        context: &Context,
        fee_payer: &AnySigner,
        units_consumed: Option<u64>,
    ) -> Result<Transaction, CliError> {
        let mut instructions = vec![];
        if let Some(price) = context.global.with_compute_unit_price {
            instructions.push(ComputeBudgetInstruction::set_compute_unit_price(price));
            if let Some(units) = units_consumed {
                // A tenth more: what is simulated now runs on a slightly later state.
                let limit = (units + units / 10 + 300).min(COMPUTE_LIMIT_MAX) as u32;
                instructions.push(ComputeBudgetInstruction::set_compute_unit_limit(limit));
            }
        }
        instructions.extend(self.instructions.iter().cloned());
        let mut signers: Vec<&dyn Signer> = vec![fee_payer.as_ref()];
        for signer in &self.signers {
            if signers
                .iter()
                .all(|known| known.pubkey() != signer.pubkey())
            {
                signers.push(signer.as_ref());
            }
        }
        let message = solana_transaction::Message::new(&instructions, Some(&fee_payer.pubkey()));
        let size = 1
            + 64 * usize::from(message.header.num_required_signatures)
            + message.serialize().len();
        if size > PACKET {
            return Err(CliError::Usage(format!(
                "the transaction would have {size} bytes, and the network takes {PACKET}: give it less to carry (fewer \
                 attestors, accounts that exist already)"
            )));
        }
        let mut transaction = Transaction::new_unsigned(message);
        let blockhash = context.chain()?.blockhash()?;
        transaction.try_sign(&signers, blockhash).map_err(|error| {
            CliError::Key(format!("a key that must sign is not at hand: {error}"))
        })?;
        Ok(transaction)
    }
}

/// A transaction whose simulation succeeded.
pub(crate) struct Checked<'a> {
    plan: Plan<'a>,
    preview: Preview,
    fee_payer: AnySigner,
    units_consumed: Option<u64>,
}

impl Checked<'_> {
    /// Sends it and waits for it, unless this is a dry run.
    pub(crate) fn send(self, context: &Context) -> Result<Outcome, CliError> {
        let outcome = |fields| {
            Outcome::from(Report {
                preview: Some(self.preview),
                fields,
            })
        };
        if context.global.dry_run {
            return Ok(outcome(
                Fields::default()
                    .with(SIGNATURE, "Signature", Value::Nothing)
                    .with("dryRun", "Dry run", Value::Flag(true)),
            ));
        }
        let transaction = self
            .plan
            .sign(context, &self.fee_payer, self.units_consumed)?;
        let payer = self.fee_payer.pubkey();
        let chain = context.chain()?;
        let signature = chain.send(&transaction)?.map_err(|(failure, logs)| {
            failure::explain(&failure, &logs, || Funds {
                payer,
                held: chain
                    .account(&payer)
                    .ok()
                    .flatten()
                    .map_or(0, |account| account.lamports),
                fee: chain.fee(&transaction).ok(),
            })
        })?;
        Ok(outcome(Fields::default().with(
            SIGNATURE,
            "Signature",
            Value::text(signature),
        )))
    }
}
