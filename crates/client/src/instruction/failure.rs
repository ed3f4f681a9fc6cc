//! Of a vault that fails, and of one that ends.

use super::instruction;
use crate::address::{self, TOKEN_PROGRAM};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use specie::{
    accounts, instruction as data,
    units::{Quote, Tokens},
};

/// Margin-calls a vault that is short of capacity, or clears the call of one that is covered.
pub fn call_margin(currency: Pubkey, vault: Pubkey) -> Instruction {
    let accounts = accounts::CallMargin {
        currency,
        standard: address::standard(&currency),
        quorum: address::quorum(&currency),
        vault,
    };
    instruction(accounts, data::CallMargin {})
}

/// Puts a vault in default, or assesses its default anew.
pub fn default_vault(mint: Pubkey, vault: Pubkey) -> Instruction {
    let currency = address::currency(&mint);
    let accounts = accounts::DefaultVault {
        currency,
        standard: address::standard(&currency),
        quorum: address::quorum(&currency),
        book: address::book(&currency),
        vault,
        collateral_account: address::collateral(&vault),
        insurance: address::insurance(&currency),
        mint,
    };
    instruction(accounts, data::DefaultVault {})
}

/// A sale of tokens to a defaulted vault.
#[derive(Clone, Copy, Debug)]
pub struct Liquidate {
    /// The currency's mint.
    pub mint: Pubkey,
    /// The vault.
    pub vault: Pubkey,
    /// Whose tokens are burned.
    pub seller: Pubkey,
    /// Token account whose tokens are burned.
    pub from: Pubkey,
    /// Account of the collateral token that is paid.
    pub to: Pubkey,
    /// Token base units to sell.
    pub tokens: u64,
    /// The least to be paid for them, in collateral base units.
    pub min_payment: u64,
}

/// Sells tokens to a defaulted vault.
pub fn liquidate(sale: &Liquidate) -> Instruction {
    let currency = address::currency(&sale.mint);
    let accounts = accounts::Liquidate {
        seller: sale.seller,
        currency,
        book: address::book(&currency),
        vault: sale.vault,
        collateral_account: address::collateral(&sale.vault),
        insurance: address::insurance(&currency),
        mint: sale.mint,
        from: sale.from,
        to: sale.to,
        token_program: TOKEN_PROGRAM,
    };
    instruction(
        accounts,
        data::Liquidate {
            tokens: Tokens::new(sale.tokens),
            min_payment: Quote::new(sale.min_payment),
        },
    )
}

/// Closes a vault that owes and holds nothing; the vendor signs, and what was donated to it goes to the token account `to`.
pub fn close_vault(currency: Pubkey, vault: Pubkey, vendor: Pubkey, to: Pubkey) -> Instruction {
    let mut close = close(currency, vault, vendor, to);
    for meta in close.accounts.iter_mut().filter(|m| m.pubkey == vendor) {
        meta.is_signer = true;
    }
    close
}

/// Closes a vault that wrote a loss off and owes nothing any more; what it holds goes to the insurance account.
pub fn close_written_off_vault(currency: Pubkey, vault: Pubkey, vendor: Pubkey) -> Instruction {
    close(currency, vault, vendor, address::insurance(&currency))
}

fn close(currency: Pubkey, vault: Pubkey, vendor: Pubkey, to: Pubkey) -> Instruction {
    let accounts = accounts::CloseVault {
        vendor,
        currency,
        book: address::book(&currency),
        vault,
        collateral_account: address::collateral(&vault),
        to,
        token_program: TOKEN_PROGRAM,
    };
    instruction(accounts, data::CloseVault {})
}
