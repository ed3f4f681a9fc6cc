//! Between a holder and a vendor that does not serve.

use {
    super::{Signed, ed25519_instruction, instruction, signed_by_quorum},
    crate::address::{self, TOKEN_PROGRAM},
    solana_instruction::Instruction,
    solana_pubkey::Pubkey,
    solana_sdk_ids::system_program,
    specie::{
        accounts, instruction as data, instructions::__client_accounts_compensating::Compensating,
        signatures::INSTRUCTIONS_SYSVAR, state::Voucher,
    },
    specie_wire::{
        Key, Ruling,
        ed25519::{self, Messages},
    },
};

/// Declines a voucher: what was not consumed returns to its owner's token account `to`.
pub fn release_voucher(
    mint: Pubkey,
    voucher: Pubkey,
    account: &Voucher,
    operator: Pubkey,
    to: Pubkey,
) -> Instruction {
    let accounts = accounts::ReleaseVoucher {
        operator,
        returning: super::returning(mint, account.vault, voucher, account.rent_payer, to),
        owner: account.owner,
    };
    instruction(accounts, data::ReleaseVoucher {})
}

/// Calls on a vendor to publish a signed voucher.
pub fn challenge(currency: Pubkey, voucher: Pubkey, account: &Voucher) -> Instruction {
    let accounts = accounts::Challenge {
        owner: account.owner,
        currency,
        vault: account.vault,
        voucher,
        system_program: system_program::ID,
    };
    instruction(accounts, data::Challenge {})
}

/// Publishes a challenged voucher, whose account's [`Voucher::terms`] are signed: two instructions that stay together, in this
/// order.
pub fn answer(
    currency: Pubkey,
    operator: Pubkey,
    cluster: &Key,
    terms: &specie_wire::Voucher,
    signed: Signed,
) -> [Instruction; 2] {
    let message = terms.encode(cluster);
    let accounts = accounts::Answer {
        operator,
        currency,
        vault: Pubkey::new_from_array(terms.vault),
        voucher: Pubkey::new_from_array(terms.voucher),
        instructions: INSTRUCTIONS_SYSVAR,
    };
    [
        ed25519_instruction(ed25519::build(&[signed], Messages::OneEach, &[&message])),
        instruction(accounts, data::Answer {}),
    ]
}

/// Where compensation comes from and goes to.
#[derive(Clone, Copy, Debug)]
pub struct Compensation {
    /// The currency's mint.
    pub mint: Pubkey,
    /// The voucher.
    pub voucher: Pubkey,
    /// The owner's account of the collateral token.
    pub cash_to: Pubkey,
    /// The owner's account of the currency's token.
    pub tokens_to: Pubkey,
}

fn compensating(compensation: &Compensation, account: &Voucher) -> Compensating {
    let currency = address::currency(&compensation.mint);
    Compensating {
        currency,
        standard: address::standard(&currency),
        vault: account.vault,
        voucher: compensation.voucher,
        owner: account.owner,
        rent_payer: account.rent_payer,
        collateral_account: address::collateral(&account.vault),
        cash_to: compensation.cash_to,
        mint: compensation.mint,
        tokens_to: compensation.tokens_to,
        token_program: TOKEN_PROGRAM,
    }
}

/// Pays out a voucher whose challenge went unanswered.
pub fn compensate(compensation: &Compensation, account: &Voucher) -> Instruction {
    let accounts = accounts::Compensate {
        compensating: compensating(compensation, account),
    };
    instruction(accounts, data::Compensate {})
}

/// Brings a ruling that the quorum signed: two instructions that stay together, in this order.
///
/// A transaction of 1,232 bytes holds four signatures, or seven with a lookup table for the accounts.
pub fn rule_breach(
    compensation: &Compensation,
    account: &Voucher,
    cluster: &Key,
    ruling: &Ruling,
    signed: &[Signed],
) -> [Instruction; 2] {
    let compensating = compensating(compensation, account);
    let accounts = accounts::RuleBreach {
        quorum: address::quorum(&compensating.currency),
        compensating,
        instructions: INSTRUCTIONS_SYSVAR,
    };
    [
        signed_by_quorum(ruling, cluster, signed),
        instruction(accounts, data::RuleBreach {}),
    ]
}
