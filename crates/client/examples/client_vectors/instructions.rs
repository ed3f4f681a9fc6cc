//! Instructions to the byte, from accounts that are each one byte repeated.

use serde_json::{Value, json};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use specie_client::{
    address, instruction as build,
    state::{Class, Vault, Voucher},
};

/// An address that is easy to see.
fn key(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn entry(name: &str, instruction: &Instruction) -> Value {
    let accounts: Vec<Value> = instruction
        .accounts
        .iter()
        .map(|meta| {
            json!({
                "address": meta.pubkey.to_string(),
                "signer": meta.is_signer,
                "writable": meta.is_writable,
            })
        })
        .collect();
    let data: String = instruction
        .data
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    json!({
        "name": name,
        "program": instruction.program_id.to_string(),
        "accounts": accounts,
        "data": data,
    })
}

/// One of each that the SDK plans.
pub(crate) fn instructions() -> Vec<Value> {
    let (mint, owner, session, rent_payer, vendor, other) =
        (key(1), key(2), key(3), key(4), key(5), key(6));
    let currency = address::currency(&mint);
    let vault = address::vault(&currency, &vendor);
    let pool = address::pool(&currency);
    let voucher_address = address::voucher(&vault, &session);
    let from = address::token_account(&owner, &mint);
    let voucher = Voucher {
        vault,
        owner,
        session,
        rent_payer,
        ..bytemuck::Zeroable::zeroed()
    };
    let account = Vault {
        currency,
        vendor,
        pending_vendor: other,
        ..bytemuck::Zeroable::zeroed()
    };
    let compensation = build::Compensation {
        mint,
        voucher: voucher_address,
        collateral_mint: key(9),
        cash_to: None,
        tokens_to: None,
    };
    let purchase = build::Purchase {
        mint,
        vault,
        payout: other,
        buyer: owner,
        from: key(7),
        to: from,
        tokens: 1_000_001,
        max_payment: 2_000_002,
    };
    let redeem = build::Redeem {
        mint,
        vault,
        owner,
        session,
        rent_payer,
        tokens: 1_000_001,
        class: Class::FineTuning,
    };
    let args = specie::instructions::UpdateVaultArgs {
        issuer: Some(other),
        operator: None,
        classes: Some(3),
        offer: None,
        vendor: None,
    };
    let sale = build::Liquidate {
        mint,
        vault,
        seller: owner,
        from,
        to: key(7),
        tokens: 1_000_001,
        min_payment: 2,
    };
    let issue = build::Issue {
        mint,
        vault,
        vendor,
        from: key(7),
        to: from,
        tokens: 1_000_001,
        max_fee: 7,
    };
    vec![
        entry("purchase", &build::purchase(&purchase)),
        entry("redeem", &build::redeem(&redeem)),
        entry(
            "request_close",
            &build::request_close(currency, vault, voucher_address, owner),
        ),
        entry(
            "reclaim",
            &build::reclaim(mint, voucher_address, &voucher, Some(from)),
        ),
        entry(
            "challenge",
            &build::challenge(currency, voucher_address, &voucher, other),
        ),
        entry("compensate", &build::compensate(&compensation, &voucher)),
        entry(
            "release_voucher",
            &build::release_voucher(mint, voucher_address, &voucher, vendor, None),
        ),
        entry("stake", &build::stake(pool, owner, from, 1_000_001)),
        entry("unstake", &build::unstake(pool, owner, from, 1_000_001)),
        entry("claim", &build::claim(pool, owner, key(7))),
        entry("distribute", &build::distribute(currency, other)),
        entry(
            "deposit_collateral",
            &build::deposit_collateral(currency, vault, vendor, key(7), 1_000_001),
        ),
        entry(
            "request_withdrawal",
            &build::request_withdrawal(currency, vault, vendor, 1_000_001),
        ),
        entry(
            "withdraw_collateral",
            &build::withdraw_collateral(currency, vault, vendor, key(7)),
        ),
        entry("issue", &build::issue(&issue)),
        entry(
            "update_vault",
            &build::update_vault(vault, &account, key(7), args),
        ),
        entry(
            "close_vault",
            &build::close_vault(currency, vault, vendor, key(7)),
        ),
        entry("liquidate", &build::liquidate(&sale)),
        entry(
            "create_token_account",
            &build::create_token_account(owner, owner, mint),
        ),
    ]
}
