//! A transaction on its way: planned, simulated and shown, sent.

use crate::core::{
    chain::{Accounts, Lifetime},
    change::Watch,
    context::{Context, Destination},
    error::CliError,
    export::Exported,
    facts::Facts,
    failure::{self, Funds},
    key::AnySigner,
    outcome::Outcome,
    price,
    report::{Fields, Preview, Report, SIGNATURE, Value},
    view::vault_among,
};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use solana_transaction::{Message, Transaction};

/// The most bytes that a transaction may have.
const PACKET: usize = 1_232;
/// Most compute units that a transaction may ask for.
const COMPUTE_LIMIT_MAX: u64 = 1_400_000;
/// What setting limit and price consumes itself.
const BUDGET_UNITS: u64 = 300;

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

impl Plan<'_> {
    /// Simulates it and shows what it would change; fails if it would fail.
    pub(crate) fn check(mut self, context: &Context) -> Result<Checked, CliError> {
        let chain = context.chain()?;
        let fee_payer = context.fee_payer()?;
        let payer = fee_payer.pubkey();
        self.watch
            .push(Watch::Lamports("SOL of the fee payer".into(), payer));
        let mut watched: Vec<Pubkey> = self.watch.iter().flat_map(Watch::addresses).collect();
        watched.sort_unstable();
        watched.dedup();

        let before = chain.accounts_once(&watched)?;
        let message = self.message(&payer, None)?;
        let unsigned = Transaction::new_unsigned(message);
        let simulation = chain.simulate(&unsigned, &watched)?;
        let lifetime = match simulation.lifetime {
            Some(lifetime) => lifetime,
            None => chain.lifetime()?,
        };
        let fee = || {
            let mut priced = unsigned.clone();
            priced.message.recent_blockhash = lifetime.blockhash;
            simulation.fee.or_else(|| chain.fee(&priced).ok())
        };
        let held = before.get(&payer).map_or(0, |account| account.lamports);
        if let Some(failure) = &simulation.failure {
            let funds = || Funds {
                payer,
                held,
                fee: fee(),
            };
            let error = failure::explain(failure, &simulation.logs, funds);
            return Err(self.explain(error, &before));
        }
        let budget = match simulation.units_consumed {
            Some(units) => Some(self.budget(context, units)?),
            None => None,
        };
        // A network may leave out what did not change.
        let mut after: Accounts = before.clone();
        after.extend(simulation.accounts.clone());
        let budget = budget.filter(|budget| {
            // It is left out where it does not fit, unless it was asked for: then the size is refused.
            context.global.with_compute_unit_price.is_some()
                || self.message(&payer, Some(*budget)).is_ok()
        });
        let message = self.message(&payer, budget)?;
        if let (Some(budget), Some(account)) = (budget, after.get_mut(&payer)) {
            let priority = budget.fee();
            account.lamports = account.lamports.checked_sub(priority).ok_or_else(|| {
                let fee = fee().map(|fee| fee.saturating_add(priority));
                failure::too_few_lamports(&Funds { payer, held, fee }, &[])
            })?;
        }
        let preview = Preview {
            title: std::mem::take(&mut self.title),
            details: std::mem::take(&mut self.details),
            changes: self
                .watch
                .iter()
                .flat_map(|watch| watch.changes(&before, &after))
                .collect(),
        };
        context.output.preview(&preview)?;
        Ok(Checked {
            message,
            signers: self.signers,
            preview,
            fee_payer,
            lifetime,
        })
    }

    /// Simulates, shows and sends it.
    pub(crate) fn execute(self, context: &Context) -> Result<Outcome, CliError> {
        self.check(context)?.send(context)
    }

    /// The limit for what the simulation consumed, and the price: that of the option, or what others paid recently.
    fn budget(&self, context: &Context, consumed: u64) -> Result<Budget, CliError> {
        let price = match context.global.with_compute_unit_price {
            Some(price) => price,
            None => context.chain()?.compute_unit_price(&self.written())?,
        };
        // A tenth more: what is simulated now runs on a slightly later state.
        let limit = (consumed + consumed / 10 + BUDGET_UNITS).min(COMPUTE_LIMIT_MAX) as u32;
        Ok(Budget { limit, price })
    }

    /// The accounts that it writes.
    fn written(&self) -> Vec<Pubkey> {
        let metas = self.instructions.iter().flat_map(|one| &one.accounts);
        let written = metas.filter(|meta| meta.is_writable);
        let mut written: Vec<Pubkey> = written.map(|meta| meta.pubkey).collect();
        written.sort_unstable();
        written.dedup();
        written
    }

    /// What is signed; refuses what no packet holds.
    fn message(&self, payer: &Pubkey, budget: Option<Budget>) -> Result<Message, CliError> {
        let mut instructions = budget.map_or_else(Vec::new, Budget::instructions);
        instructions.extend(self.instructions.iter().cloned());
        let message = Message::new(&instructions, Some(payer));
        let size = 1
            + 64 * usize::from(message.header.num_required_signatures)
            + message.serialize().len();
        if size > PACKET {
            return Err(CliError::Usage(format!(
                "the transaction would have {size} bytes, and the network takes {PACKET}: give it less to carry (fewer \
                 attestors, accounts that exist already)"
            )));
        }
        Ok(message)
    }

    /// A refusal with what the program compared, as far as the plan shows it.
    fn explain(&self, error: CliError, accounts: &Accounts) -> CliError {
        let CliError::Refused(refusal) = error else {
            return error;
        };
        let voucher = self.watch.iter().find_map(|watch| match watch {
            Watch::Voucher(view) => Some(*view),
            _ => None,
        });
        if let Some(view) = voucher {
            return view.facts().explain(refusal).into();
        }
        let about = self.watch.iter().find_map(|watch| match watch {
            Watch::Vault(view, vault) => {
                let vault = vault_among(accounts, view, vault);
                Some((*view, vault.map(|(vault, ..)| vault)))
            }
            _ => None,
        });
        let currency = self.watch.iter().find_map(|watch| match watch {
            Watch::Currency(view) | Watch::Stake(view, _) => Some((*view, None)),
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
}

/// What a transaction may consume, and what it bids for each unit of that.
#[derive(Clone, Copy, Debug)]
struct Budget {
    limit: u32,
    /// Micro-lamports; zero bids nothing.
    price: u64,
}

impl Budget {
    fn instructions(self) -> Vec<Instruction> {
        let limit = ComputeBudgetInstruction::set_compute_unit_limit(self.limit);
        let price = ComputeBudgetInstruction::set_compute_unit_price(self.price);
        let price = (self.price > 0).then_some(price);
        [Some(limit), price].into_iter().flatten().collect()
    }

    /// Lamports, beside the fee for signatures.
    fn fee(self) -> u64 {
        price::fee(self.limit, self.price)
    }
}

/// A transaction whose simulation succeeded.
pub(crate) struct Checked {
    message: Message,
    signers: Vec<AnySigner>,
    preview: Preview,
    fee_payer: AnySigner,
    lifetime: Lifetime,
}

impl Checked {
    /// Sends it and waits for it, or exports it, or neither in a dry run.
    pub(crate) fn send(self, context: &Context) -> Result<Outcome, CliError> {
        let none = Fields::default().with(SIGNATURE, "Signature", Value::Nothing);
        let fields = match context.destination() {
            Destination::DryRun => none.with("dryRun", "Dry run", Value::Flag(true)),
            Destination::Base58 => {
                let exported = self.unsigned();
                exported.require_one_signer()?;
                let text = Value::text(exported.base58()?);
                none.with("transaction", "Transaction", text)
                    .and(exported.fields())
            }
            Destination::File(path) => {
                let mut exported = self.unsigned();
                exported.sign(&self.fee_payer)?;
                for signer in &self.signers {
                    exported.sign(signer)?;
                }
                exported.write(path)?;
                none.with("file", "File", Value::text(path.display()))
                    .and(exported.fields())
            }
            Destination::Send => self.broadcast(context)?,
        };
        Ok(Outcome::from(Report {
            preview: Some(self.preview),
            fields,
        }))
    }

    /// The transaction before anybody signed it.
    fn unsigned(&self) -> Exported {
        let mut transaction = Transaction::new_unsigned(self.message.clone());
        transaction.message.recent_blockhash = self.lifetime.blockhash;
        Exported {
            title: self.preview.title.clone(),
            last_valid_block_height: self.lifetime.last_valid_block_height,
            transaction,
        }
    }

    fn broadcast(&self, context: &Context) -> Result<Fields, CliError> {
        let chain = context.chain()?;
        let payer = self.fee_payer.pubkey();
        let transaction = self.sign()?;
        let sent = chain.send(&transaction, self.lifetime.last_valid_block_height)?;
        let signature = sent.map_err(|(failure, logs)| {
            let held = || chain.account(&payer).ok().flatten();
            failure::explain(&failure, &logs, || Funds {
                payer,
                held: held().map_or(0, |account| account.lamports),
                fee: chain.fee(&transaction).ok(),
            })
        })?;
        Ok(Fields::default().with(SIGNATURE, "Signature", Value::text(signature)))
    }

    fn sign(&self) -> Result<Transaction, CliError> {
        let mut signers: Vec<&dyn Signer> = vec![self.fee_payer.as_ref()];
        for signer in &self.signers {
            if signers
                .iter()
                .all(|known| known.pubkey() != signer.pubkey())
            {
                signers.push(signer.as_ref());
            }
        }
        let mut transaction = Transaction::new_unsigned(self.message.clone());
        transaction
            .try_sign(&signers, self.lifetime.blockhash)
            .map_err(|error| {
                CliError::Key(format!("a key that must sign is not at hand: {error}"))
            })?;
        Ok(transaction)
    }
}
