//! One action at a time, on the chain and in the model: the same outcome, the same numbers, and the invariants.

use {
    crate::{
        invariants,
        observe::{self, Observer},
        perform::Stagehand,
        stage::{self, Cast, Places},
    },
    solana_instruction::error::InstructionError,
    solana_transaction_error::TransactionError,
    specie::instructions::CreateCurrencyArgs,
    specie_client::units::WorkPerScu,
    specie_tests::{
        model::{
            Broken, Economy, Founding, Outcome, Purse, Refusal,
            action::{Action, Proposal},
            program_error,
        },
        world::{World, instruction_error},
    },
    std::fmt,
};

/// A currency on the chain, and its model.
pub(crate) struct Lockstep {
    /// The model.
    pub model: Economy,
    world: World,
    observer: Observer,
}

/// Why the two parted, or what promise was broken.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// What was found, the invariants by their names.
    pub findings: Vec<String>,
}

impl Failure {
    /// What kind of failure it is: another of the same kind has most probably the same cause.
    pub(crate) fn kind(&self) -> &str {
        let first = self.findings.first().map_or("", String::as_str);
        first.split(':').next().unwrap_or(first)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.findings.join("\n"))
    }
}

impl Lockstep {
    /// Founds the currency on both sides.
    pub(crate) fn begin(founding: &Founding) -> Self {
        let mut world = stage::prepare();
        let key = |who| Cast::get().party(who).key();
        let mut attestors: Vec<_> = founding.keys.iter().map(|who| key(*who)).collect();
        attestors.sort_unstable();
        let args = CreateCurrencyArgs {
            work_per_scu: WorkPerScu::new(founding.work_per_scu),
            threshold: founding.threshold,
            attestors,
            params: founding.rules.params(),
            ..world.create_currency_args()
        };
        let call = world.create_currency(args);
        world
            .chain
            .send_unsigned(&call.instructions)
            .expect("a currency");
        let purses = Places::get().purses().map(|(purse, _)| purse);
        let purses = purses.filter(|purse| !matches!(purse, Purse::Collateral(_)));
        let mut model = Economy::found(founding, purses, observe::rents(&world));
        let mut observer = Observer::new(&world, &model);
        // The rent of founding is nobody's here.
        model.bank.lamports = observer.seen.bank.lamports.clone();
        observer.read(&world, &model);
        Self {
            model,
            world,
            observer,
        }
    }

    /// Does an action on both sides and compares. The refusal that the program chose is returned where both refuse.
    pub(crate) fn step(&mut self, action: &Action) -> Result<Result<(), Refusal>, Failure> {
        let before = self.observer.seen.clone();
        let sent = self.send(action);
        let outcome = self.model.act(action);
        if let (
            Action::ScheduleChange {
                label, proposal, ..
            },
            Ok(()),
        ) = (action, &outcome)
        {
            self.note_change(*label, proposal);
        }
        let changed = self.observer.read(&self.world, &self.model);
        let mut findings = Vec::new();
        if sent.is_err() && changed > 0 {
            findings.push(format!("I9: a refusal changed {changed} accounts"));
        }
        let (seen, done) = (&self.observer.seen, sent.is_ok());
        invariants::check(&before, seen, &self.model, action, done, &mut findings);
        let verdict = judge(&outcome, &sent);
        match &verdict {
            Ok(_) => self.compare(&mut findings),
            Err(difference) => findings.push(difference.clone()),
        }
        match verdict {
            Ok(verdict) if findings.is_empty() => Ok(verdict),
            _ => Err(Failure { findings }),
        }
    }

    fn send(&mut self, action: &Action) -> Result<(), TransactionError> {
        if let Action::Wait { seconds } = action {
            self.world.chain.warp(*seconds);
            return Ok(());
        }
        let before = &self.model;
        if let Action::CreateCurrency { mint, supply, .. } = action {
            stage::put_fresh_mint(
                &mut self.world,
                *mint,
                *supply,
                before.founded.contains(mint),
            );
        }
        let instructions = Stagehand::new(&self.world, before).instructions(action);
        let ours = instructions.len() - 1;
        self.world
            .chain
            .send_unsigned(&instructions)
            .map_err(|error| match error {
                TransactionError::InstructionError(at, error) if usize::from(at) == ours => {
                    TransactionError::InstructionError(0, error)
                }
                other => other,
            })
    }

    fn note_change(&mut self, label: u32, _proposal: &Proposal) {
        let index = self.model.changes[&label].index;
        let at = specie_client::address::change(&Places::get().currency, index);
        self.observer.changes.insert(label, (index, at));
    }

    /// Every number of every account, on both sides.
    fn compare(&self, findings: &mut Vec<String>) {
        let (now, mut seen) = (self.model.now, self.observer.seen.clone());
        let mut model = self.model.clone();
        seen.founded.clone_from(&model.founded);
        seen.bank.burned_outside = model.bank.burned_outside;
        seen.bank.assessed = model.bank.assessed;
        seen.bank
            .frozen
            .retain(|purse| seen.bank.purses.contains_key(purse));
        // When a pending attestation that counts is written down as counting is nobody's business.
        for vault in seen.vaults.values_mut().chain(model.vaults.values_mut()) {
            vault.promote(now);
        }
        model.bank.lamports.retain(|_, gained| *gained != 0);
        seen.bank.lamports.retain(|_, gained| *gained != 0);
        if model != seen {
            let (expected, found) = (format!("{model:#?}"), format!("{seen:#?}"));
            findings.push(format!(
                "the model differs:\n{}",
                difference(&expected, &found)
            ));
        }
    }
}

/// Whether both came to the same: where both refuse, by a fact that the model found broken.
fn judge(
    expected: &Outcome,
    sent: &Result<(), TransactionError>,
) -> Result<Result<(), Refusal>, String> {
    match (expected, sent) {
        (Ok(()), Ok(())) => Ok(Ok(())),
        (_, Err(error)) if !is_refusal(error) => Err(format!("I9: the transaction fails: {error}")),
        (Ok(()), Err(error)) => Err(format!("the model does what the program refuses: {error}")),
        (Err(Broken(broken)), Ok(())) => Err(format!(
            "the program does what the model refuses: {broken:?}"
        )),
        (Err(Broken(broken)), Err(TransactionError::InstructionError(0, error))) => {
            let named = broken.iter().find(|refusal| is_error_of(**refusal, error));
            let unnamed = || {
                format!(
                    "the program refuses by {}, the model by {broken:?}",
                    describe(error)
                )
            };
            named.map(|refusal| Err(*refusal)).ok_or_else(unnamed)
        }
        (Err(_), Err(error)) => Err(format!("I9: the transaction fails: {error}")),
    }
}

/// Whether a transaction failed by a refusal of the program's instruction, and not by a fault of it.
fn is_refusal(error: &TransactionError) -> bool {
    let TransactionError::InstructionError(0, error) = error else {
        return false;
    };
    !matches!(
        error,
        InstructionError::ProgramFailedToComplete
            | InstructionError::ProgramEnvironmentSetupFailure
            | InstructionError::ComputationalBudgetExceeded
            | InstructionError::UnbalancedInstruction
            | InstructionError::AccountBorrowFailed
    )
}

fn is_error_of(refusal: Refusal, error: &InstructionError) -> bool {
    if let Some(expected) = program_error(refusal) {
        return instruction_error(expected) == *error;
    }
    let custom = |code| *error == InstructionError::Custom(code);
    match refusal {
        Refusal::Missing => {
            // The program's, and the token program's.
            matches!(
                error,
                InstructionError::AccountDataTooSmall
                    | InstructionError::UninitializedAccount
                    | InstructionError::InvalidAccountData
            )
        }
        Refusal::Exists => custom(0),
        // The token program's own errors.
        Refusal::FundsInsufficient => custom(1),
        Refusal::Frozen => custom(17) || custom(13),
        _ => false,
    }
}

fn describe(error: &InstructionError) -> String {
    match error {
        InstructionError::Custom(code) => specie_client::refusal::Refusal::of(*code)
            .map_or_else(|| format!("error {code}"), |refusal| refusal.name),
        other => other.to_string(),
    }
}

/// The lines in which two texts differ, with what they stand under.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
    let mut lines = Vec::new();
    let mut above: Vec<&str> = Vec::new();
    for (i, line) in expected.iter().enumerate() {
        let depth = (line.len() - line.trim_start().len()) / 4;
        above.truncate(depth);
        above.push(line.trim());
        let other = found.get(i).copied().unwrap_or("");
        if *line != other {
            lines.push(format!("  {}: chain has {}", above.join(" "), other.trim()));
        }
        if lines.len() == 12 || expected.len() != found.len() && !lines.is_empty() {
            break;
        }
    }
    lines.join("\n")
}
