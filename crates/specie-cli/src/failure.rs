//! Why a transaction fails, in words that say what to do.

use crate::error::CliError;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use solana_transaction_error::TransactionError;
use specie_client::{PROGRAM_ID, address::TOKEN_PROGRAM, refusal::Refusal};

/// The failure of a simulated or sent transaction; `logs` name the program that refused.
pub(crate) fn explain(failure: &TransactionError, logs: &[String], fee_payer: &Pubkey) -> CliError {
    match failure {
        TransactionError::AccountNotFound
        | TransactionError::InsufficientFundsForFee
        | TransactionError::InsufficientFundsForRent { .. } => return too_few_lamports(fee_payer),
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
        if let Some(error) = of_other_program(&program, code, fee_payer) {
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
fn of_other_program(program: &Pubkey, code: u32, fee_payer: &Pubkey) -> Option<CliError> {
    Some(match (*program, code) {
        (system_program::ID, 0) => {
            CliError::Chain("an account that this would create exists already".into())
        }
        (system_program::ID, 1) => too_few_lamports(fee_payer),
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

fn too_few_lamports(fee_payer: &Pubkey) -> CliError {
    CliError::Balance(format!(
        "{fee_payer} holds too little SOL for the fee and rent of this: send it some, or let another key pay with \
         --fee-payer (on a local network: `specie localnet fund {fee_payer}`)"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use solana_transaction_error::TransactionError as Failure;

    fn failed(program: Pubkey, code: u32) -> CliError {
        let logs = [
            format!("Program {PROGRAM_ID} invoke [1]"),
            format!("Program {program} failed: custom program error: {code:#x}"),
            format!("Program {PROGRAM_ID} failed: custom program error: {code:#x}"),
        ];
        explain(&Failure::AccountInUse, &logs, &Pubkey::default())
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
        let error = explain(&Failure::AccountNotFound, &[], &payer);
        assert!(matches!(&error, CliError::Balance(text) if text.contains(&payer.to_string())));
    }
}
