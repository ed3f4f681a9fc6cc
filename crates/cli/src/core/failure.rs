//! Why a transaction fails, in words that say what to do.

use crate::core::{error::CliError, report::Value};
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use solana_transaction_error::TransactionError;
use specie_client::{PROGRAM_ID, address::TOKEN_PROGRAM, refusal::Refusal};

/// What the fee payer has, and what is asked of it, in lamports.
pub(crate) struct Funds {
    pub(crate) payer: Pubkey,
    pub(crate) held: u64,
    /// The fee, where the RPC says it.
    pub(crate) fee: Option<u64>,
}

/// The failure of a simulated or sent transaction; `logs` name the program that refused. `funds` are asked for where there
/// are too few.
pub(crate) fn explain(
    failure: &TransactionError,
    logs: &[String],
    funds: impl Fn() -> Funds,
) -> CliError {
    match failure {
        TransactionError::AccountNotFound
        | TransactionError::InsufficientFundsForFee
        | TransactionError::InsufficientFundsForRent { .. } => {
            return too_few_lamports(&funds(), logs);
        }
        TransactionError::ProgramAccountNotFound => {
            return CliError::Chain(format!(
                "the Specie program {PROGRAM_ID} is not deployed on this cluster: check --url"
            ));
        }
        _ => {}
    }
    if let Some((program, code)) = refusing_program(logs) {
        if program == PROGRAM_ID
            && let Some(refusal) = Refusal::of(code)
        {
            return refusal.into();
        }
        if let Some(error) = of_other_program(&program, code, || too_few_lamports(&funds(), logs)) {
            return error;
        }
    }
    let reason = logs
        .iter()
        .rev()
        .find(|line| line.contains(" failed: "))
        .map(|line| format!(" ({line})"))
        .unwrap_or_default();
    CliError::Transaction(format!("the transaction fails: {failure}{reason}"))
}

/// The innermost program that failed with a code of its own.
fn refusing_program(logs: &[String]) -> Option<(Pubkey, u32)> {
    logs.iter().find_map(|line| {
        let (program, rest) = line.strip_prefix("Program ")?.split_once(" failed: ")?;
        let code = rest.strip_prefix("custom program error: 0x")?;
        Some((program.parse().ok()?, u32::from_str_radix(code, 16).ok()?))
    })
}

/// Refusals of the System and Token programs that people meet, by those programs' own codes.
fn of_other_program(
    program: &Pubkey,
    code: u32,
    too_few_lamports: impl FnOnce() -> CliError,
) -> Option<CliError> {
    Some(match (*program, code) {
        (system_program::ID, 0) => {
            CliError::Chain("an account that this would create exists already".into())
        }
        (system_program::ID, 1) => too_few_lamports(),
        (TOKEN_PROGRAM, 1) => CliError::Balance(
            "a token account holds less than this takes from it: `specie wallet balance` shows yours".into(),
        ),
        (TOKEN_PROGRAM, 3) => CliError::Chain("a token account is of another mint than this needs".into()),
        (TOKEN_PROGRAM, 4) => CliError::Key(
            "a token account belongs to another key than the one that signs: choose the owner's key with --keypair".into(),
        ),
        (TOKEN_PROGRAM, 17) => {
            CliError::Chain("a token account is frozen by its mint's issuer: only the issuer can thaw it".into())
        }
        _ => return None,
    })
}

/// The refusal of a transaction that its payer cannot pay for.
pub(crate) fn too_few_lamports(funds: &Funds, logs: &[String]) -> CliError {
    let Funds { payer, held, fee } = funds;
    let sol = |lamports: u64| Value::sol(lamports).line();
    let mut needs = vec![];
    if let Some(fee) = fee {
        needs.push(format!("a fee of {} SOL", sol(*fee)));
    }
    match rent(logs) {
        Some(rent) => needs.push(format!("{} SOL of rent for an account", sol(rent))),
        None => needs.push("rent for the accounts that it makes".into()),
    }
    CliError::Balance(format!(
        "{payer} holds {} SOL, which is too little SOL for this: it needs {}. Send it some, or let another key pay with \
         --fee-payer (on a local network: `specie localnet fund {payer}`)",
        sol(*held),
        needs.join(" and ")
    ))
}

/// What an account that a transaction makes needs, as the System program says it.
fn rent(logs: &[String]) -> Option<u64> {
    logs.iter()
        .filter(|line| line.contains("insufficient lamports"))
        .find_map(|line| line.rsplit_once(" need ")?.1.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use solana_transaction_error::TransactionError as Failure;

    fn funds(payer: Pubkey) -> Funds {
        Funds {
            payer,
            held: 1_500_000_000,
            fee: Some(5_000),
        }
    }

    fn failed(program: Pubkey, code: u32) -> CliError {
        let logs = [
            format!("Program {PROGRAM_ID} invoke [1]"),
            format!("Program {program} failed: custom program error: {code:#x}"),
            format!("Program {PROGRAM_ID} failed: custom program error: {code:#x}"),
        ];
        explain(&Failure::AccountInUse, &logs, || funds(Pubkey::default()))
    }

    #[test]
    fn the_innermost_program_says_what_a_code_means() {
        let code = (6_000..)
            .find(|code| {
                Refusal::of(*code).is_some_and(|refusal| refusal.name == "CoverageBelowFull")
            })
            .unwrap();
        assert!(
            matches!(failed(PROGRAM_ID, code), CliError::Refused(refusal) if refusal.code == code)
        );
        assert!(matches!(failed(TOKEN_PROGRAM, 1), CliError::Balance(_)));
        assert!(matches!(
            failed(system_program::ID, 1),
            CliError::Balance(_)
        ));
        assert!(matches!(
            failed(TOKEN_PROGRAM, code),
            CliError::Transaction(_)
        ));
    }

    #[test]
    fn a_payer_without_sol_is_told_so() {
        let payer = Pubkey::new_unique();
        let logs = ["Transfer: insufficient lamports 0, need 2039280".to_owned()];
        let error = explain(&Failure::AccountNotFound, &logs, || funds(payer));
        let CliError::Balance(text) = error else {
            panic!("{error:?}");
        };
        for says in [
            &format!("{payer} holds 1.5 SOL"),
            "a fee of 0.000005 SOL",
            "0.00203928 SOL of rent",
        ] {
            assert!(text.contains(says), "{text}");
        }
    }
}
