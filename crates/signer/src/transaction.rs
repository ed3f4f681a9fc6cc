//! The two kinds of transactions that the operator's key signs: settlements and answers to challenges.

use super::policy::{Policy, PolicyRefusal, Statement};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_pubkey::Pubkey;
use solana_transaction::{Instruction, Message};
use specie_client::address;
use specie_client::instruction::{SignedReceipt, answer, settle};
use specie_wire::ed25519::{Messages, Signed};
use specie_wire::{Key, Message as _, Receipt, Voucher};

/// Fee of each signature, of the transaction and in its Ed25519 instruction, in lamports.
const SIGNATURE_FEE: u64 = 5_000;

/// Reads a transaction's message, rebuilds it from the facts in it, and refuses it unless both are equal byte for byte: no other
/// program, account or argument gets a signature.
pub(super) fn read(
    policy: &Policy,
    operator: &Key,
    bytes: &[u8],
) -> Result<Statement, PolicyRefusal> {
    let message: Message =
        wincode::deserialize_exact(bytes).map_err(|_| PolicyRefusal::NotATransaction)?;
    let operator = Pubkey::new_from_array(*operator);
    if message.header.num_required_signatures != 1
        || message.account_keys.first() != Some(&operator)
    {
        return Err(PolicyRefusal::Signers);
    }
    let [limit, bid, check, act] = message.instructions.as_slice() else {
        return Err(PolicyRefusal::UnknownTransaction);
    };
    let (limit, bid) = budget(&limit.data, &bid.data).ok_or(PolicyRefusal::UnknownTransaction)?;
    let accounts: Vec<Pubkey> = act
        .accounts
        .iter()
        .map(|index| message.account_keys.get(usize::from(*index)).copied())
        .collect::<Option<_>>()
        .ok_or(PolicyRefusal::NotATransaction)?;

    let rebuilt = settlement(policy, &check.data, &accounts)
        .or_else(|| an_answer(policy, &check.data, &accounts, operator))
        .ok_or(PolicyRefusal::UnknownTransaction)?;
    policy.require_vault(rebuilt.vault)?;
    let [check, act] = rebuilt.instructions;
    let again = [
        ComputeBudgetInstruction::set_compute_unit_limit(limit),
        ComputeBudgetInstruction::set_compute_unit_price(bid),
        check,
        act,
    ];
    let again = Message::new_with_blockhash(&again, Some(&operator), &message.recent_blockhash);
    if again.serialize() != bytes {
        return Err(PolicyRefusal::UnknownTransaction);
    }
    let fee = fee(rebuilt.signatures, limit, bid);
    if fee > policy.most_fee {
        return Err(PolicyRefusal::TooDear {
            fee,
            most: policy.most_fee,
        });
    }
    Ok(match rebuilt.answered {
        None => Statement::Settlement {
            receipts: rebuilt.signatures,
            fee,
        },
        Some(voucher) => Statement::Answer { voucher, fee },
    })
}

/// A transaction, rebuilt from the facts of a message.
struct Rebuilt {
    vault: Pubkey,
    instructions: [Instruction; 2],
    /// Signatures in the Ed25519 instruction.
    signatures: usize,
    /// The challenged voucher; `None` in a settlement.
    answered: Option<Pubkey>,
}

fn settlement(policy: &Policy, check: &[u8], accounts: &[Pubkey]) -> Option<Rebuilt> {
    let signed = Signed::parse(check, Messages::OneEach, Receipt::LEN)?;
    let [currency, vault, _, rest @ ..] = accounts else {
        return None;
    };
    // At a defaulted vault the currency's book and mint stand before the vouchers.
    let (defaulted, vouchers) = match rest {
        [book, mint, vouchers @ ..] if *book == address::book(currency) => (Some(*mint), vouchers),
        vouchers => (None, vouchers),
    };
    let receipts: Vec<_> = signed
        .each::<{ Receipt::LEN }>()
        .zip(signed.signatures())
        .zip(vouchers.chunks(2))
        .map(|(((session, message), signature), of_voucher)| {
            Some(SignedReceipt {
                receipt: Receipt::decode(message, &policy.cluster).ok()?,
                session: *session,
                signature: *signature,
                rent_payer: *of_voucher.get(1)?,
            })
        })
        .collect::<Option<_>>()?;
    if receipts.is_empty() {
        return None;
    }
    Some(Rebuilt {
        vault: *vault,
        instructions: settle(*currency, *vault, defaulted, &policy.cluster, &receipts),
        signatures: receipts.len(),
        answered: None,
    })
}

fn an_answer(
    policy: &Policy,
    check: &[u8],
    accounts: &[Pubkey],
    operator: Pubkey,
) -> Option<Rebuilt> {
    let signed = Signed::parse(check, Messages::OneEach, Voucher::LEN)?;
    let terms = Voucher::decode(signed.messages(), &policy.cluster).ok()?;
    let (issuer, signature) = (signed.keys().next()?, signed.signatures().next()?);
    let [_, currency, ..] = accounts else {
        return None;
    };
    let signed = (*issuer, *signature);
    Some(Rebuilt {
        vault: Pubkey::new_from_array(terms.vault),
        instructions: answer(*currency, operator, &policy.cluster, &terms, signed),
        signatures: 1,
        answered: Some(Pubkey::new_from_array(terms.voucher)),
    })
}

/// Compute unit limit and price (micro-lamports a unit), from the data of the two instructions that set them.
fn budget(limit: &[u8], bid: &[u8]) -> Option<(u32, u64)> {
    let (_, limit) = limit.split_first()?;
    let (_, bid) = bid.split_first()?;
    Some((
        u32::from_le_bytes(limit.try_into().ok()?),
        u64::from_le_bytes(bid.try_into().ok()?),
    ))
}

/// The highest fee of a transaction, in lamports.
fn fee(signatures: usize, limit: u32, bid: u64) -> u64 {
    let signatures = SIGNATURE_FEE.saturating_mul(1 + signatures as u64);
    let bid = (u128::from(limit) * u128::from(bid)).div_ceil(1_000_000);
    signatures.saturating_add(u64::try_from(bid).unwrap_or(u64::MAX))
}
