//! Of those who govern a currency, and of a vault that changes hands.

use super::instruction;
use crate::address;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use specie::{
    accounts, instruction as data,
    instructions::{__client_accounts_scheduled::Scheduled, UpdateVaultArgs},
    state::{Change, ChangeKind, Proposal, Vault},
};

/// Announces a change; `index` is the currency's `next_change`, and `payer` pays the rent of its account.
pub fn schedule_change(
    currency: Pubkey,
    index: u64,
    authority: Pubkey,
    payer: Pubkey,
    proposal: Proposal,
) -> Instruction {
    let accounts = accounts::ScheduleChange {
        payer,
        authority,
        currency,
        standard: address::standard(&currency),
        change: address::change(&currency, index),
        system_program: system_program::ID,
    };
    instruction(accounts, data::ScheduleChange { proposal })
}

fn scheduled(change: &Change) -> Scheduled {
    Scheduled {
        currency: change.currency,
        standard: address::standard(&change.currency),
        change: address::change(&change.currency, change.index.get()),
        rent_payer: change.rent_payer,
    }
}

/// Executes a change whose notice has passed. A new authority signs.
pub fn execute_change(change: &Change) -> Instruction {
    let subject = change.proposal.subject;
    let kind = change.proposal.kind;
    let accounts = accounts::ExecuteChange {
        scheduled: scheduled(change),
        quorum: address::quorum(&change.currency),
        subject,
        vault: (kind == ChangeKind::VaultLimit as u8).then_some(subject),
    };
    let mut execute = instruction(accounts, data::ExecuteChange {});
    if kind == ChangeKind::Authority as u8 {
        let metas = execute.accounts.iter_mut();
        for meta in metas.filter(|meta| meta.pubkey == subject) {
            meta.is_signer = true;
        }
    }
    execute
}

/// Cancels a change, by the authority or the guardian.
pub fn cancel_change(change: &Change, by: Pubkey) -> Instruction {
    let accounts = accounts::CancelChange {
        by,
        scheduled: scheduled(change),
    };
    instruction(accounts, data::CancelChange {})
}

/// Stops a vault from issuing and withdrawing, by the authority or the guardian.
pub fn suspend_vault(currency: Pubkey, vault: Pubkey, by: Pubkey) -> Instruction {
    let accounts = accounts::SuspendVault {
        by,
        currency,
        vault,
    };
    instruction(accounts, data::SuspendVault {})
}

/// Lets a suspended vault do business again.
pub fn reinstate_vault(currency: Pubkey, vault: Pubkey, authority: Pubkey) -> Instruction {
    let accounts = accounts::ReinstateVault {
        authority,
        currency,
        vault,
    };
    instruction(accounts, data::ReinstateVault {})
}

/// Takes over a vault that its vendor hands to `account.pending_vendor`, who signs; `payout` is the account that sales pay
/// to from now on, and `args` change what else the new vendor wants changed.
pub fn take_vault_over(
    vault: Pubkey,
    account: &Vault,
    payout: Pubkey,
    args: UpdateVaultArgs,
) -> Instruction {
    let accounts = accounts::UpdateVault {
        vendor: account.pending_vendor,
        currency: account.currency,
        vault,
        payout,
    };
    instruction(accounts, data::UpdateVault { args })
}
