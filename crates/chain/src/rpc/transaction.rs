//! The gateway's transactions, and what they may use.

use crate::{ChainError, Errand, SettleReceipt, most_receipts};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_pubkey::Pubkey;
use solana_transaction::{Hash, Instruction, Message, Transaction};
use specie_client::instruction::{SignedReceipt, answer, settle};
use specie_service::signer::{Purpose, Signer};
use specie_wire::{Key, Receipt};

/// Compute units that a transaction may use: about half more than what `bench/compute_units.md` measured, and a test holds them to
/// that. The limit is what the bid is paid for, used or not.
const LIMIT: u32 = 1_700;
const LIMIT_PER_RECEIPT: u32 = 550;
/// What a defaulted vault adds: the currency's book and the token's supply are read.
const LIMIT_AFTER_DEFAULT: u32 = 1_000;
const LIMIT_FOR_ANSWER: u32 = 2_800;

/// Where a vault is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) vault: Pubkey,
    pub(super) currency: Pubkey,
    pub(super) mint: Pubkey,
    /// Whether the vault has defaulted: its settlements name the currency's book, too.
    pub(super) defaulted: bool,
    pub(super) cluster: Key,
}

fn limit(errand: &Errand, place: Place) -> u32 {
    match errand {
        Errand::Settle(receipts) => {
            let after_default = if place.defaulted {
                LIMIT_AFTER_DEFAULT
            } else {
                0
            };
            settlement_limit(receipts.len()) as u32 + after_default
        }
        Errand::Answer(_) => LIMIT_FOR_ANSWER,
    }
}

/// Compute units that a settlement of so many receipts may use.
pub(super) fn settlement_limit(receipts: usize) -> u64 {
    u64::from(LIMIT) + u64::from(LIMIT_PER_RECEIPT) * receipts as u64
}

/// The instructions of an errand at `place`, bidding `bid` micro-lamports for each compute unit.
fn instructions(errand: &Errand, place: Place, operator: Pubkey, bid: u64) -> [Instruction; 4] {
    let [check, act] = match errand {
        Errand::Settle(receipts) => {
            let receipts: Vec<_> = receipts.iter().map(signed_receipt).collect();
            let mint = place.defaulted.then_some(place.mint);
            settle(place.currency, place.vault, mint, &place.cluster, &receipts)
        }
        Errand::Answer(answered) => {
            let signed = (answered.issuer, answered.signature);
            let terms = &answered.terms;
            answer(place.currency, operator, &place.cluster, terms, signed)
        }
    };
    [
        ComputeBudgetInstruction::set_compute_unit_limit(limit(errand, place)),
        ComputeBudgetInstruction::set_compute_unit_price(bid),
        check,
        act,
    ]
}

/// Builds an errand's transaction and has the operator sign it.
pub(super) async fn build(
    errand: &Errand,
    place: Place,
    operator: &dyn Signer,
    blockhash: Hash,
    bid: u64,
) -> Result<Transaction, ChainError> {
    if let Errand::Settle(receipts) = errand
        && !(1..=most_receipts(place.defaulted)).contains(&receipts.len())
    {
        return Err(ChainError::Unexpected(format!(
            "a transaction holds 1 to {} receipts of this vault, and {} were to be settled",
            most_receipts(place.defaulted),
            receipts.len()
        )));
    }
    let payer = Pubkey::new_from_array(operator.public_key());
    let instructions = instructions(errand, place, payer, bid);
    let message = Message::new_with_blockhash(&instructions, Some(&payer), &blockhash);
    let signature = operator
        .sign(Purpose::Transaction, &message.serialize())
        .await?;
    Ok(Transaction {
        signatures: vec![signature.into()],
        message,
    })
}

fn signed_receipt(receipt: &SettleReceipt) -> SignedReceipt {
    SignedReceipt {
        receipt: Receipt {
            voucher: receipt.voucher.to_bytes(),
            opened_at: receipt.opened_at.0,
            cumulative: receipt.cumulative,
        },
        session: receipt.session,
        signature: receipt.signature,
        rent_payer: receipt.rent_payer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AnsweredVoucher;
    use crate::{RECEIPTS_AFTER_DEFAULT, RECEIPTS_PER_TRANSACTION};
    use specie_claims::clock::UnixTime;
    use specie_wire::Voucher;

    /// The size limit of a transaction on the wire.
    const PACKET: usize = 1_232;

    /// What the two instructions of the compute budget use.
    const BUDGET: u32 = 2 * 150;

    fn settlement(receipts: usize) -> Errand {
        let receipt = |n| SettleReceipt {
            voucher: Pubkey::new_unique(),
            opened_at: UnixTime(1),
            cumulative: n as u64,
            session: [n as u8; 32],
            rent_payer: Pubkey::new_unique(),
            signature: [0; 64],
        };
        Errand::Settle((0..receipts).map(receipt).collect())
    }

    fn an_answer() -> Errand {
        Errand::Answer(Box::new(AnsweredVoucher {
            terms: Voucher {
                voucher: [1; 32],
                vault: [2; 32],
                session: [3; 32],
                class: 1,
                units: 1,
                work_per_scu: 1,
                opened_at: 1,
                expires_at: 2,
            },
            issuer: [4; 32],
            signature: [5; 64],
        }))
    }

    fn place(defaulted: bool) -> Place {
        Place {
            vault: Pubkey::new_unique(),
            currency: Pubkey::new_unique(),
            mint: Pubkey::new_unique(),
            defaulted,
            cluster: [9; 32],
        }
    }

    fn size(errand: &Errand, defaulted: bool) -> usize {
        let place = place(defaulted);
        let payer = Pubkey::new_unique();
        let message = Message::new(&instructions(errand, place, payer, 1), Some(&payer));
        wincode::serialize(&Transaction::new_unsigned(message))
            .unwrap()
            .len()
    }

    #[test]
    fn a_transaction_holds_as_many_receipts_as_are_put_in_one_and_no_more() {
        for (receipts, defaulted) in [
            (RECEIPTS_PER_TRANSACTION, false),
            (RECEIPTS_AFTER_DEFAULT, true),
        ] {
            let full = size(&settlement(receipts), defaulted);
            assert!(full <= PACKET, "{full}");
            assert!(size(&settlement(receipts + 1), defaulted) > PACKET);
        }
        assert!(size(&an_answer(), false) <= PACKET);
    }

    /// What the bench measured at most for an instruction, by the beginning of its row.
    fn measured(instruction: &str) -> u32 {
        let table = include_str!("../../../../bench/compute_units.md");
        let row = table
            .lines()
            .find_map(|line| line.strip_prefix(&format!("| {instruction} |")))
            .unwrap_or_else(|| panic!("{instruction} is not measured"));
        row.split('|').nth(1).unwrap().trim().parse().unwrap()
    }

    #[test]
    fn limits_are_above_the_measured_units_and_at_most_three_times_them() {
        let each = (measured("settle, five receipts") - measured("settle, one receipt")) / 4;
        let closing = measured("settle, one receipt that closes the voucher");
        for receipts in 1..=RECEIPTS_PER_TRANSACTION {
            let used = BUDGET + closing + each * (receipts as u32 - 1);
            let limit = limit(&settlement(receipts), place(false));
            assert!((used * 5 / 4..used * 3).contains(&limit), "{used} {limit}");
        }
        let used = BUDGET + measured("settle, two receipts after a default");
        let after_default = limit(&settlement(RECEIPTS_AFTER_DEFAULT), place(true));
        assert!(
            (used * 5 / 4..used * 3).contains(&after_default),
            "{used} {after_default}"
        );
        let used = BUDGET + measured("answer");
        let limit = limit(&an_answer(), place(false));
        assert!((used * 5 / 4..used * 3).contains(&limit), "{used} {limit}");
    }
}
