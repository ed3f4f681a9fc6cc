//! A transaction on its way: planned, simulated and shown, sent.

use crate::core::{
    chain::{Accounts, Expiry, Lifetime, Simulation},
    change::Watch,
    context::{Context, Destination, NonceInUse},
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
use solana_system_interface::instruction::advance_nonce_account;
use solana_transaction::{Message, Transaction};

/// The most bytes that a transaction may have.
const PACKET: usize = 1_232;
/// Most compute units that a transaction may ask for.
const COMPUTE_LIMIT_MAX: u32 = 1_400_000;
/// What setting limits and price consumes itself.
const BUDGET_UNITS: u64 = 450;
/// Compute units for each instruction of a message that must be the same at every run: as many as the cluster gives one
/// that sets no limit.
const FIXED_UNITS: u32 = 200_000;
/// Bytes of loaded accounts for such a message: the program and all that an instruction names are within a quarter of it.
const FIXED_LOADED_BYTES: u32 = 4 * 1024 * 1024;
/// What loaded accounts may grow by until the transaction runs: an account that somebody creates meanwhile.
const LOADED_RESERVE: u32 = 64 * 1024;

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
        let nonce = context.nonce()?;
        self.watch
            .push(Watch::Lamports("SOL of the fee payer".into(), payer));
        let mut watched: Vec<Pubkey> = self.watch.iter().flat_map(Watch::addresses).collect();
        watched.sort_unstable();
        watched.dedup();

        let before = chain.accounts_once(&watched)?;
        // A simulation has a blockhash of its own, so that it does not use the nonce up.
        let message = self.message(&payer, None, None)?;
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
        let budget = self.budget(context, &simulation)?;
        // A network may leave out what did not change.
        let mut after: Accounts = before.clone();
        after.extend(simulation.accounts.clone());
        let fits = |budget: &Budget| self.message(&payer, nonce.as_ref(), Some(*budget)).is_ok();
        // It is left out where it does not fit, unless it was asked for: then the size is refused.
        let asked = context.global.with_compute_unit_price.is_some()
            || context.global.with_compute_unit_limit.is_some();
        let budget = budget.and_then(|budget| {
            let smaller = Budget {
                loaded_bytes: None,
                ..budget
            };
            let smallest = asked.then_some(smaller);
            [budget, smaller].into_iter().find(fits).or(smallest)
        });
        let message = self.message(&payer, nonce.as_ref(), budget)?;
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
        let blockhash = context.global.offline.blockhash;
        let lifetime = match &nonce {
            Some(nonce) => Lifetime {
                blockhash: nonce.hash,
                expiry: Expiry::Nonce(nonce.account),
            },
            // The latest blockhash outlives every earlier one.
            None => Lifetime {
                blockhash: blockhash.unwrap_or(lifetime.blockhash),
                expiry: lifetime.expiry,
            },
        };
        let mut signers = vec![fee_payer];
        signers.extend(self.signers);
        signers.extend(nonce.map(|nonce| nonce.authority));
        Ok(Checked {
            message,
            signers,
            preview,
            lifetime,
        })
    }

    /// Simulates, shows and sends it.
    pub(crate) fn execute(self, context: &Context) -> Result<Outcome, CliError> {
        self.check(context)?.send(context)
    }

    /// The limits for what the simulation consumed and loaded, and the price: that of the option, or what others paid
    /// recently. A message that must be the same at every run takes neither from the chain.
    fn budget(
        &self,
        context: &Context,
        simulation: &Simulation,
    ) -> Result<Option<Budget>, CliError> {
        let options = &context.global;
        if options.offline.is_fixed() {
            let count = u32::try_from(self.instructions.len()).unwrap_or(u32::MAX);
            let limit = FIXED_UNITS.saturating_mul(count).min(COMPUTE_LIMIT_MAX);
            return Ok(Some(Budget {
                limit: options.with_compute_unit_limit.unwrap_or(limit),
                price: options.with_compute_unit_price.unwrap_or(0),
                loaded_bytes: Some(FIXED_LOADED_BYTES),
            }));
        }
        // A tenth more: what is simulated now runs on a slightly later state.
        let consumed = simulation.units_consumed.map(|consumed| {
            let limit = consumed + consumed / 10 + BUDGET_UNITS;
            u32::try_from(limit).map_or(COMPUTE_LIMIT_MAX, |limit| limit.min(COMPUTE_LIMIT_MAX))
        });
        let Some(limit) = options.with_compute_unit_limit.or(consumed) else {
            return Ok(None);
        };
        let price = match options.with_compute_unit_price {
            Some(price) => price,
            None => context.chain()?.compute_unit_price(&self.written())?,
        };
        let loaded = simulation.loaded_bytes.filter(|bytes| *bytes > 0);
        Ok(Some(Budget {
            limit,
            price,
            loaded_bytes: loaded.map(|bytes| bytes.saturating_add(LOADED_RESERVE)),
        }))
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
    fn message(
        &self,
        payer: &Pubkey,
        nonce: Option<&NonceInUse>,
        budget: Option<Budget>,
    ) -> Result<Message, CliError> {
        // It must come first.
        let advance = nonce.map(|nonce| {
            let authority = nonce.authority.pubkey();
            advance_nonce_account(&nonce.account, &authority)
        });
        let mut instructions: Vec<Instruction> = advance.into_iter().collect();
        instructions.extend(budget.into_iter().flat_map(Budget::instructions));
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
    /// The most bytes of accounts that it may load; left out where the RPC does not say what it loads.
    loaded_bytes: Option<u32>,
}

impl Budget {
    fn instructions(self) -> Vec<Instruction> {
        let limit = ComputeBudgetInstruction::set_compute_unit_limit(self.limit);
        let price = ComputeBudgetInstruction::set_compute_unit_price(self.price);
        let price = (self.price > 0).then_some(price);
        let loaded = self.loaded_bytes;
        let loaded = loaded.map(ComputeBudgetInstruction::set_loaded_accounts_data_size_limit);
        [Some(limit), price, loaded].into_iter().flatten().collect()
    }

    /// Lamports, beside the fee for signatures.
    fn fee(self) -> u64 {
        price::fee(self.limit, self.price)
    }
}

/// A transaction whose simulation succeeded.
pub(crate) struct Checked {
    message: Message,
    /// The fee payer first; a key may be here twice.
    signers: Vec<AnySigner>,
    preview: Preview,
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
                let exported = self.signed(context)?;
                exported.write(path)?;
                none.with("file", "File", Value::text(path.display()))
                    .and(exported.fields())
            }
            Destination::Signatures => {
                let with_message = context.global.offline.dump_transaction_message;
                none.and(self.signed(context)?.signatures(with_message))
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
            last_valid_block_height: match self.lifetime.expiry {
                Expiry::Height(height) => Some(height),
                Expiry::Nonce(_) => None,
            },
            transaction,
        }
    }

    /// The transaction with the signatures of the keys at hand, and those that other machines made.
    fn signed(&self, context: &Context) -> Result<Exported, CliError> {
        let mut exported = self.unsigned();
        for (key, signature) in &context.global.offline.signers {
            exported.add(key, signature)?;
        }
        for signer in &self.signers {
            exported.sign(signer)?;
        }
        Ok(exported)
    }

    fn broadcast(&self, context: &Context) -> Result<Fields, CliError> {
        let chain = context.chain()?;
        let exported = self.signed(context)?;
        exported.require_signed("the transaction")?;
        if let Some(blockhash) = context.global.offline.blockhash
            && matches!(self.lifetime.expiry, Expiry::Height(_))
        {
            chain.require_valid(&blockhash)?;
        }
        let transaction = &exported.transaction;
        let payer = transaction.message.account_keys[0];
        let sent = chain.send(transaction, self.lifetime.expiry)?;
        let signature = sent.map_err(|(failure, logs)| {
            let held = || chain.account(&payer).ok().flatten();
            failure::explain(&failure, &logs, || Funds {
                payer,
                held: held().map_or(0, |account| account.lamports),
                fee: chain.fee(transaction).ok(),
            })
        })?;
        Ok(Fields::default()
            .with(SIGNATURE, "Signature", Value::text(signature))
            .with("state", "State", Value::text(chain.commitment_name())))
    }
}
