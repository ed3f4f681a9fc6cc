//! Instructions of the program, and of others beside it, ready for a transaction.

mod disputes;
mod failure;
mod governance;
mod staking;
pub use disputes::*;
pub use failure::*;
pub use governance::*;
pub use staking::*;

use crate::address::{self, ASSOCIATED_TOKEN_PROGRAM, TOKEN_PROGRAM};
use anchor_lang::{InstructionData, ToAccountMetas};
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use specie::{
    accounts, instruction as data,
    instructions::{
        // Anchor re-exports the accounts of instructions, but not of a group of accounts that several share.
        __client_accounts_issuing::Issuing,
        __client_accounts_returning::Returning,
        CreateCurrencyArgs,
        OpenVaultArgs,
        UpdateVaultArgs,
    },
    signatures::{ED25519_PROGRAM, INSTRUCTIONS_SYSVAR},
    state::{Class, Vault, Voucher},
    units::{Quote, Timestamp, Tokens},
};
use specie_wire::{
    Capacity, Key, Message, Price, Receipt, Signature,
    ed25519::{self, Messages},
};

fn instruction(accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    Instruction {
        program_id: specie::ID,
        accounts: accounts.to_account_metas(None),
        data: data.data(),
    }
}

/// Founds a currency on `mint`, of which `authority` is the mint authority.
pub fn create_currency(
    authority: Pubkey,
    mint: Pubkey,
    collateral_mint: Pubkey,
    treasury: Pubkey,
    args: CreateCurrencyArgs,
) -> Instruction {
    let currency = address::currency(&mint);
    let pool = address::pool(&currency);
    let accounts = accounts::CreateCurrency {
        authority,
        mint,
        collateral_mint,
        currency,
        standard: address::standard(&currency),
        quorum: address::quorum(&currency),
        book: address::book(&currency),
        pool,
        revenue: address::revenue(&currency),
        insurance: address::insurance(&currency),
        staked: address::staked(&pool),
        rewards: address::rewards(&pool),
        treasury,
        token_program: TOKEN_PROGRAM,
        system_program: system_program::ID,
    };
    instruction(accounts, data::CreateCurrency { args })
}

/// Stops issuing and withdrawing until a Unix time.
pub fn pause(currency: Pubkey, guardian: Pubkey, until: i64) -> Instruction {
    let until = Timestamp::new(until);
    instruction(
        accounts::Pause { guardian, currency },
        data::Pause { until },
    )
}

/// Ends a pause.
pub fn resume(currency: Pubkey, authority: Pubkey) -> Instruction {
    instruction(
        accounts::Resume {
            authority,
            currency,
        },
        data::Resume {},
    )
}

/// A message's signature and the key that made it.
pub type Signed = (Key, Signature);

/// The Ed25519 instruction for one message that all signers signed. Signers are put in ascending order.
pub fn signed_by_quorum<M: Message>(message: &M, cluster: &Key, signed: &[Signed]) -> Instruction {
    let mut signed = signed.to_vec();
    signed.sort_unstable_by_key(|(key, _)| *key);
    let mut bytes = vec![0; M::LEN];
    message.encode_into(cluster, &mut bytes);
    ed25519_instruction(ed25519::build(&signed, Messages::Shared, &[&bytes]))
}

fn ed25519_instruction(data: Vec<u8>) -> Instruction {
    Instruction {
        program_id: ED25519_PROGRAM,
        accounts: Vec::new(),
        data,
    }
}

/// Brings a price that the quorum signed: two instructions that stay together, in this order.
pub fn post_price(cluster: &Key, price: &Price, signed: &[Signed]) -> [Instruction; 2] {
    let currency = Pubkey::new_from_array(price.currency);
    let accounts = accounts::PostPrice {
        currency,
        standard: address::standard(&currency),
        quorum: address::quorum(&currency),
        instructions: INSTRUCTIONS_SYSVAR,
    };
    [
        signed_by_quorum(price, cluster, signed),
        instruction(accounts, data::PostPrice {}),
    ]
}

/// Brings a capacity that the quorum signed: two instructions that stay together, in this order.
pub fn attest_capacity(cluster: &Key, capacity: &Capacity, signed: &[Signed]) -> [Instruction; 2] {
    let currency = Pubkey::new_from_array(capacity.currency);
    let accounts = accounts::AttestCapacity {
        currency,
        quorum: address::quorum(&currency),
        vault: Pubkey::new_from_array(capacity.vault),
        instructions: INSTRUCTIONS_SYSVAR,
    };
    [
        signed_by_quorum(capacity, cluster, signed),
        instruction(accounts, data::AttestCapacity {}),
    ]
}

/// Removes a vault's pending attestation.
pub fn veto_attestation(currency: Pubkey, vault: Pubkey, attestor: Pubkey) -> Instruction {
    let accounts = accounts::VetoAttestation {
        attestor,
        quorum: address::quorum(&currency),
        vault,
    };
    instruction(accounts, data::VetoAttestation {})
}

/// Who opens a vault, where.
#[derive(Clone, Copy, Debug)]
pub struct OpenVault {
    /// The currency.
    pub currency: Pubkey,
    /// Mint of its collateral.
    pub collateral_mint: Pubkey,
    /// Pays the rent.
    pub payer: Pubkey,
    /// The vendor.
    pub vendor: Pubkey,
    /// The currency's authority.
    pub authority: Pubkey,
    /// Token account that sales pay to.
    pub payout: Pubkey,
}

/// Opens a vendor's vault.
pub fn open_vault(open: &OpenVault, args: OpenVaultArgs) -> Instruction {
    let vault = address::vault(&open.currency, &open.vendor);
    let accounts = accounts::OpenVault {
        payer: open.payer,
        vendor: open.vendor,
        authority: open.authority,
        currency: open.currency,
        vault,
        collateral_account: address::collateral(&vault),
        collateral_mint: open.collateral_mint,
        payout: open.payout,
        token_program: TOKEN_PROGRAM,
        system_program: system_program::ID,
    };
    instruction(accounts, data::OpenVault { args })
}

/// Changes a vault; `payout` is the account that sales pay to from now on.
pub fn update_vault(
    vault: Pubkey,
    account: &Vault,
    payout: Pubkey,
    args: UpdateVaultArgs,
) -> Instruction {
    let accounts = accounts::UpdateVault {
        vendor: account.vendor,
        currency: account.currency,
        vault,
        payout,
    };
    instruction(accounts, data::UpdateVault { args })
}

/// Deposits collateral base units from a token account of the vendor's; a penalty that stands is paid from them first.
pub fn deposit_collateral(
    currency: Pubkey,
    vault: Pubkey,
    vendor: Pubkey,
    from: Pubkey,
    amount: u64,
) -> Instruction {
    let accounts = accounts::DepositCollateral {
        vendor,
        currency,
        vault,
        from,
        collateral_account: address::collateral(&vault),
        insurance: address::insurance(&currency),
        token_program: TOKEN_PROGRAM,
    };
    let amount = Quote::new(amount);
    instruction(accounts, data::DepositCollateral { amount })
}

/// Requests collateral base units back; 0 takes a request back.
pub fn request_withdrawal(
    currency: Pubkey,
    vault: Pubkey,
    vendor: Pubkey,
    amount: u64,
) -> Instruction {
    let accounts = accounts::RequestWithdrawal {
        vendor,
        currency,
        standard: address::standard(&currency),
        vault,
    };
    let amount = Quote::new(amount);
    instruction(accounts, data::RequestWithdrawal { amount })
}

/// Pays requested collateral out to a token account.
pub fn withdraw_collateral(
    currency: Pubkey,
    vault: Pubkey,
    vendor: Pubkey,
    to: Pubkey,
) -> Instruction {
    let accounts = accounts::WithdrawCollateral {
        vendor,
        currency,
        standard: address::standard(&currency),
        vault,
        collateral_account: address::collateral(&vault),
        to,
        token_program: TOKEN_PROGRAM,
    };
    instruction(accounts, data::WithdrawCollateral {})
}

fn issuing(mint: Pubkey, vault: Pubkey, to: Pubkey) -> Issuing {
    let currency = address::currency(&mint);
    Issuing {
        currency,
        standard: address::standard(&currency),
        book: address::book(&currency),
        vault,
        collateral_account: address::collateral(&vault),
        mint,
        to,
        token_program: TOKEN_PROGRAM,
    }
}

/// An issue by the vendor.
#[derive(Clone, Copy, Debug)]
pub struct Issue {
    /// The currency's mint.
    pub mint: Pubkey,
    /// The vault.
    pub vault: Pubkey,
    /// The vendor.
    pub vendor: Pubkey,
    /// The vendor's account of the collateral token, which pays the fee.
    pub from: Pubkey,
    /// Token account that the tokens go to.
    pub to: Pubkey,
    /// Token base units to issue.
    pub tokens: u64,
    /// The most to pay as a fee, in collateral base units.
    pub max_fee: u64,
}

/// Issues tokens to a token account that the vendor names.
pub fn issue(issue: &Issue) -> Instruction {
    let issuing = issuing(issue.mint, issue.vault, issue.to);
    let accounts = accounts::Issue {
        vendor: issue.vendor,
        revenue: address::revenue(&issuing.currency),
        issuing,
        from: issue.from,
    };
    instruction(
        accounts,
        data::Issue {
            tokens: Tokens::new(issue.tokens),
            max_fee: Quote::new(issue.max_fee),
        },
    )
}

/// A purchase at a vault's offer.
#[derive(Clone, Copy, Debug)]
pub struct Purchase {
    /// The currency's mint.
    pub mint: Pubkey,
    /// The vault.
    pub vault: Pubkey,
    /// The vault's payout account, as the vault records it.
    pub payout: Pubkey,
    /// Who pays.
    pub buyer: Pubkey,
    /// The buyer's account of the collateral token.
    pub from: Pubkey,
    /// Token account that the tokens go to.
    pub to: Pubkey,
    /// Token base units to buy.
    pub tokens: u64,
    /// The most to pay for them, in collateral base units.
    pub max_payment: u64,
}

/// Buys tokens at a vault's offer.
pub fn purchase(purchase: &Purchase) -> Instruction {
    let issuing = issuing(purchase.mint, purchase.vault, purchase.to);
    let accounts = accounts::Purchase {
        buyer: purchase.buyer,
        revenue: address::revenue(&issuing.currency),
        issuing,
        from: purchase.from,
        payout: purchase.payout,
    };
    instruction(
        accounts,
        data::Purchase {
            tokens: Tokens::new(purchase.tokens),
            max_payment: Quote::new(purchase.max_payment),
        },
    )
}

/// A redemption at a vault.
#[derive(Clone, Copy, Debug)]
pub struct Redeem {
    /// The currency's mint.
    pub mint: Pubkey,
    /// The vault.
    pub vault: Pubkey,
    /// Whose tokens are burned, from the associated token account.
    pub owner: Pubkey,
    /// Signs receipts; signs the transaction, too.
    pub session: Pubkey,
    /// Pays the voucher's rent.
    pub rent_payer: Pubkey,
    /// Token base units to burn.
    pub tokens: u64,
    /// What the compute is for.
    pub class: Class,
}

/// Burns tokens for a voucher.
pub fn redeem(redeem: &Redeem) -> Instruction {
    let currency = address::currency(&redeem.mint);
    let (voucher, bump) = address::voucher_and_bump(&redeem.vault, &redeem.session);
    let accounts = accounts::Redeem {
        owner: redeem.owner,
        session: redeem.session,
        rent_payer: redeem.rent_payer,
        currency,
        standard: address::standard(&currency),
        book: address::book(&currency),
        vault: redeem.vault,
        voucher,
        mint: redeem.mint,
        from: address::token_account(&redeem.owner, &redeem.mint),
        token_program: TOKEN_PROGRAM,
        system_program: system_program::ID,
    };
    instruction(
        accounts,
        data::Redeem {
            tokens: Tokens::new(redeem.tokens),
            class: redeem.class as u8,
            bump,
        },
    )
}

/// A receipt with what settling it needs.
#[derive(Clone, Copy, Debug)]
pub struct SignedReceipt {
    /// What was signed.
    pub receipt: Receipt,
    /// The voucher's session key.
    pub session: Key,
    /// The receipt's signature.
    pub signature: Signature,
    /// Who paid the voucher's rent.
    pub rent_payer: Pubkey,
}

/// Settles one to five receipts of a vault's vouchers: two instructions that stay together, in this order.
///
/// A transaction of 1,232 bytes holds three receipts, or four with a lookup table for the accounts that are always there.
/// `defaulted` is the currency's mint where the vault has defaulted: what is served there leaves what all tokens share.
///
/// # Panics
/// Without a receipt.
pub fn settle(
    currency: Pubkey,
    vault: Pubkey,
    defaulted: Option<Pubkey>,
    cluster: &Key,
    receipts: &[SignedReceipt],
) -> [Instruction; 2] {
    let signed: Vec<Signed> = receipts.iter().map(|r| (r.session, r.signature)).collect();
    let messages: Vec<_> = receipts.iter().map(|r| r.receipt.encode(cluster)).collect();
    let messages: Vec<&[u8]> = messages.iter().map(<[u8; _]>::as_slice).collect();
    let accounts = accounts::Settle {
        currency,
        vault,
        instructions: INSTRUCTIONS_SYSVAR,
    };
    let mut settle = instruction(accounts, data::Settle {});
    if let Some(mint) = defaulted {
        let book = address::book(&currency);
        settle.accounts.push(AccountMeta::new(book, false));
        settle.accounts.push(AccountMeta::new_readonly(mint, false));
    }
    for receipt in receipts {
        let voucher = Pubkey::new_from_array(receipt.receipt.voucher);
        settle.accounts.push(AccountMeta::new(voucher, false));
        settle
            .accounts
            .push(AccountMeta::new(receipt.rent_payer, false));
    }
    [
        ed25519_instruction(ed25519::build(&signed, Messages::OneEach, &messages)),
        settle,
    ]
}

/// Starts a voucher's dispute window.
pub fn request_close(
    currency: Pubkey,
    vault: Pubkey,
    voucher: Pubkey,
    owner: Pubkey,
) -> Instruction {
    let accounts = accounts::RequestClose {
        owner,
        currency,
        vault,
        voucher,
    };
    instruction(accounts, data::RequestClose {})
}

fn returning(mint: Pubkey, voucher: Pubkey, account: &Voucher, to: Option<Pubkey>) -> Returning {
    let currency = address::currency(&mint);
    Returning {
        currency,
        book: address::book(&currency),
        vault: account.vault,
        voucher,
        owner: account.owner,
        rent_payer: account.rent_payer,
        mint,
        to: to.unwrap_or_else(|| address::token_account(&account.owner, &mint)),
        token_program: TOKEN_PROGRAM,
    }
}

/// Returns what was not consumed of a voucher to its owner's associated token account. `to` is another token account of the
/// owner's, who must sign then.
pub fn reclaim(
    mint: Pubkey,
    voucher: Pubkey,
    account: &Voucher,
    to: Option<Pubkey>,
) -> Instruction {
    let returning = returning(mint, voucher, account, to);
    let reclaim = instruction(accounts::Reclaim { returning }, data::Reclaim {});
    signed_if(to.is_some(), &account.owner, reclaim)
}

/// The instruction with the signature of an account that it names, if one is needed.
fn signed_if(needed: bool, signer: &Pubkey, mut instruction: Instruction) -> Instruction {
    for meta in &mut instruction.accounts {
        meta.is_signer |= needed && meta.pubkey == *signer;
    }
    instruction
}

/// Creates the associated token account of an owner where it is missing.
pub fn create_token_account(payer: Pubkey, owner: Pubkey, mint: Pubkey) -> Instruction {
    Instruction {
        program_id: ASSOCIATED_TOKEN_PROGRAM,
        accounts: vec![
            AccountMeta::new(payer, true),
            AccountMeta::new(address::token_account(&owner, &mint), false),
            AccountMeta::new_readonly(owner, false),
            AccountMeta::new_readonly(mint, false),
            AccountMeta::new_readonly(system_program::ID, false),
            AccountMeta::new_readonly(TOKEN_PROGRAM, false),
        ],
        // CreateIdempotent.
        data: vec![1],
    }
}
