//! Between a holder and a vendor that does not serve.

use {
    super::{Signed, ed25519_instruction, instruction, signed_by_quorum, signed_if},
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

/// Declines a voucher: what was not consumed returns to its owner's associated token account. `to` is another token account
/// of the owner's, who must sign then.
pub fn release_voucher(
    mint: Pubkey,
    voucher: Pubkey,
    account: &Voucher,
    operator: Pubkey,
    to: Option<Pubkey>,
) -> Instruction {
    let accounts = accounts::ReleaseVoucher {
        operator,
        returning: super::returning(mint, voucher, account, to),
    };
    let release = instruction(accounts, data::ReleaseVoucher {});
    signed_if(to.is_some(), &account.owner, release)
}

/// Calls on a vendor to publish a signed voucher; `payer` stakes the deposit, which returns to the owner unless the vendor
/// earns it.
pub fn challenge(
    currency: Pubkey,
    voucher: Pubkey,
    account: &Voucher,
    payer: Pubkey,
) -> Instruction {
    let accounts = accounts::Challenge {
        owner: account.owner,
        payer,
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
    /// Mint of the collateral token.
    pub collateral_mint: Pubkey,
    /// The owner's account of the collateral token: the associated one, or another that the owner signs for.
    pub cash_to: Option<Pubkey>,
    /// The same of the currency's token.
    pub tokens_to: Option<Pubkey>,
}

impl Compensation {
    /// Whether the owner must sign.
    fn names_accounts(&self) -> bool {
        self.cash_to.is_some() || self.tokens_to.is_some()
    }
}

fn compensating(compensation: &Compensation, account: &Voucher) -> Compensating {
    let currency = address::currency(&compensation.mint);
    let associated = |mint| address::token_account(&account.owner, mint);
    Compensating {
        currency,
        standard: address::standard(&currency),
        book: address::book(&currency),
        vault: account.vault,
        voucher: compensation.voucher,
        owner: account.owner,
        rent_payer: account.rent_payer,
        collateral_account: address::collateral(&account.vault),
        cash_to: compensation
            .cash_to
            .unwrap_or_else(|| associated(&compensation.collateral_mint)),
        mint: compensation.mint,
        tokens_to: compensation
            .tokens_to
            .unwrap_or_else(|| associated(&compensation.mint)),
        token_program: TOKEN_PROGRAM,
    }
}

/// Pays out a voucher whose challenge went unanswered.
pub fn compensate(compensation: &Compensation, account: &Voucher) -> Instruction {
    let accounts = accounts::Compensate {
        compensating: compensating(compensation, account),
    };
    let compensate = instruction(accounts, data::Compensate {});
    signed_if(compensation.names_accounts(), &account.owner, compensate)
}

/// Brings a ruling that the quorum signed, which the voucher's owner signs for: two instructions that stay together, in this
/// order.
///
/// A transaction of 1,232 bytes holds three attestors' signatures beside the owner's and a payer's, or more with a lookup
/// table for the accounts.
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
    let rule = instruction(accounts, data::RuleBreach {});
    [
        signed_by_quorum(ruling, cluster, signed),
        signed_if(true, &account.owner, rule),
    ]
}
