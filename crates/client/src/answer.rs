//! Signed vouchers that vendors published, from a transaction's instructions.
//!
//! An answer's event states the same, but an event is lost where a log was cut off. The instructions are part of the
//! transaction, and every node keeps them.

use crate::wire::{
    Key, Message, Signature, Voucher,
    ed25519::{Messages, Signed},
};
use anchor_lang::InstructionData;
use solana_pubkey::Pubkey;
use specie::signatures::ED25519_PROGRAM;

/// A voucher that a vendor published with its issuer's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The terms that are signed; they name the voucher.
    pub terms: Voucher,
    /// The vault's issuer key.
    pub issuer: Key,
    /// The issuer's signature over the terms.
    pub signature: Signature,
}

/// The answers among the top-level instructions, each its program and its data, of a transaction that succeeded.
///
/// The program takes an answer only at top level, directly behind the Ed25519 instruction that it belongs to, so what stands
/// there in a transaction that succeeded is what the program accepted. Of one that failed, nothing is.
pub fn published<'a>(
    instructions: impl IntoIterator<Item = (&'a Pubkey, &'a [u8])>,
    cluster: &Key,
) -> Vec<Published> {
    let answer = specie::instruction::Answer {}.data();
    let mut before: Option<(&Pubkey, &[u8])> = None;
    let mut published = Vec::new();
    for instruction in instructions {
        let (program, data) = instruction;
        if *program == specie::ID
            && data == answer
            && let Some((&ED25519_PROGRAM, signatures)) = before
        {
            published.extend(read(signatures, cluster));
        }
        before = Some(instruction);
    }
    published
}

fn read(signatures: &[u8], cluster: &Key) -> Option<Published> {
    let signed = Signed::parse(signatures, Messages::OneEach, Voucher::LEN)?;
    Some(Published {
        terms: Voucher::decode(signed.messages(), cluster).ok()?,
        issuer: *signed.keys().next()?,
        signature: *signed.signatures().next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruction;
    use solana_instruction::Instruction;

    const CLUSTER: Key = [7; 32];

    fn terms() -> Voucher {
        Voucher {
            voucher: [1; 32],
            vault: [2; 32],
            session: [3; 32],
            class: 1,
            units: 4,
            work_per_scu: 5,
            opened_at: 6,
            expires_at: 7,
        }
    }

    fn answer() -> [Instruction; 2] {
        let key = Pubkey::new_from_array([9; 32]);
        instruction::answer(key, key, &CLUSTER, &terms(), ([8; 32], [6; 64]))
    }

    fn read_all(instructions: &[Instruction]) -> Vec<Published> {
        let pairs = instructions
            .iter()
            .map(|instruction| (&instruction.program_id, &instruction.data[..]));
        published(pairs, &CLUSTER)
    }

    #[test]
    fn an_answer_is_found_wherever_it_stands() {
        let [signatures, answer] = answer();
        let other = Instruction {
            program_id: Pubkey::new_from_array([5; 32]),
            accounts: vec![],
            data: vec![1, 2, 3],
        };
        let found = read_all(&[
            other.clone(),
            signatures.clone(),
            answer.clone(),
            other,
            signatures,
            answer,
        ]);
        let expected = Published {
            terms: terms(),
            issuer: [8; 32],
            signature: [6; 64],
        };
        assert_eq!(found, [expected, expected]);
    }

    #[test]
    fn what_is_no_answer_publishes_nothing() {
        let [signatures, answer] = answer();
        assert_eq!(read_all(std::slice::from_ref(&signatures)), []);
        assert_eq!(read_all(std::slice::from_ref(&answer)), []);
        assert_eq!(read_all(&[answer.clone(), signatures.clone()]), []);
        let mut foreign = answer.clone();
        foreign.program_id = Pubkey::new_from_array([5; 32]);
        assert_eq!(read_all(&[signatures.clone(), foreign]), []);
        let mut another = answer.clone();
        another.data[0] += 1;
        assert_eq!(read_all(&[signatures.clone(), another]), []);
        let mut torn = signatures;
        torn.data.pop();
        assert_eq!(read_all(&[torn, answer]), []);
    }
}
