//! `specie vault`

mod deposit;
mod issue;
mod list;
mod offer;
mod open;
mod request_withdrawal;
mod show;
mod update;
mod withdraw;

use crate::{context::Context, error::CliError, report::Report};
use clap::{Subcommand, ValueEnum};
use specie_client::state;

/// What can be done with a vault.
#[derive(Debug, Subcommand)]
pub enum VaultCommand {
    /// Open a vendor's vault, with the authority's signature
    Open(open::Open),
    /// Change a vault's keys, payout account or classes
    Update(update::Update),
    /// Offer tokens for sale, or withdraw the offer
    Offer(offer::Offer),
    /// Deposit collateral
    Deposit(deposit::Deposit),
    /// Request collateral back; 0 takes a request back
    RequestWithdrawal(request_withdrawal::RequestWithdrawal),
    /// Be paid the collateral that was requested
    Withdraw(withdraw::Withdraw),
    /// Issue tokens against the vault
    Issue(issue::Issue),
    /// Show a vault: what it holds and owes, its coverage and headroom
    Show(show::Show),
    /// List a currency's vaults
    List(list::List),
}

pub(crate) fn run(command: VaultCommand, context: &Context) -> Result<Report, CliError> {
    match command {
        VaultCommand::Open(command) => command.run(context),
        VaultCommand::Update(command) => command.run(context),
        VaultCommand::Offer(command) => command.run(context),
        VaultCommand::Deposit(command) => command.run(context),
        VaultCommand::RequestWithdrawal(command) => command.run(context),
        VaultCommand::Withdraw(command) => command.run(context),
        VaultCommand::Issue(command) => command.run(context),
        VaultCommand::Show(command) => command.run(context),
        VaultCommand::List(command) => command.run(context),
    }
}

/// What compute is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Class {
    Training,
    Inference,
    FineTuning,
}

impl From<Class> for state::Class {
    fn from(class: Class) -> Self {
        match class {
            Class::Training => Self::Training,
            Class::Inference => Self::Inference,
            Class::FineTuning => Self::FineTuning,
        }
    }
}

/// The program's bit mask of classes.
fn class_mask(classes: &[Class]) -> u8 {
    classes.iter().fold(0, |mask, class| {
        mask | 1 << state::Class::from(*class) as u8
    })
}

/// The names of the classes in a bit mask.
pub(crate) fn class_names(mask: u8) -> String {
    let names: Vec<&str> = (0..8)
        .filter(|class| mask & (1 << class) != 0)
        .map(class_name)
        .collect();
    names.join(", ")
}

/// The name of a class by its number.
pub(crate) fn class_name(class: u8) -> &'static str {
    match class {
        0 => "training",
        1 => "inference",
        2 => "fine-tuning",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_a_mask() {
        let mask = class_mask(&[Class::Inference, Class::FineTuning, Class::Inference]);
        assert_eq!(mask, 0b110);
        assert_eq!(class_names(mask), "inference, fine-tuning");
        assert_eq!(
            class_names(state::Classes::ALL.0),
            "training, inference, fine-tuning"
        );
    }
}
