//! Durable nonces: a transaction that carries one counts until the nonce is used, not for a minute.

use super::chain::RawAccount;
use solana_hash::Hash;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use solana_transaction::Message;

/// The System program's `AdvanceNonceAccount`, as its first four bytes have it.
const ADVANCE: [u8; 4] = 4u32.to_le_bytes();
/// How a nonce account begins: the version that counts, and that it is initialized.
const INITIALIZED: [u8; 8] = [1, 0, 0, 0, 1, 0, 0, 0];
/// Where its authority is, and after it the nonce.
const AUTHORITY: std::ops::Range<usize> = 8..40;
const HASH: std::ops::Range<usize> = 40..72;
/// A nonce account's length: the fee per signature follows the nonce.
const LENGTH: usize = 80;

/// What a nonce account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Nonce {
    /// Who may use it up.
    pub(crate) authority: Pubkey,
    /// What stands in a transaction in the place of a blockhash.
    pub(crate) hash: Hash,
}

/// The nonce in an account, if it is an initialized nonce account.
pub(super) fn decode(account: &RawAccount) -> Option<Nonce> {
    let data = &account.data;
    if account.owner != system_program::ID
        || data.len() != LENGTH
        || !data.starts_with(&INITIALIZED)
    {
        return None;
    }
    let key = |range| <[u8; 32]>::try_from(data.get::<std::ops::Range<usize>>(range)?).ok();
    Some(Nonce {
        authority: key(AUTHORITY)?.into(),
        hash: Hash::new_from_array(key(HASH)?),
    })
}

/// The nonce account that a message uses up: its first instruction advances it.
pub(crate) fn account_of(message: &Message) -> Option<Pubkey> {
    let first = message.instructions.first()?;
    let key = |index: u8| message.account_keys.get(usize::from(index));
    let advances =
        *key(first.program_id_index)? == system_program::ID && first.data.starts_with(&ADVANCE);
    let account = key(*first.accounts.first()?)?;
    advances.then_some(*account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_initialized_nonce_account_is_one() {
        let mut data = INITIALIZED.to_vec();
        data.extend([[7; 32], [8; 32]].concat());
        data.extend(5_000u64.to_le_bytes());
        let account = RawAccount {
            owner: system_program::ID,
            lamports: 1,
            data,
        };
        let nonce = Nonce {
            authority: [7; 32].into(),
            hash: Hash::new_from_array([8; 32]),
        };
        assert_eq!(decode(&account), Some(nonce));
        let altered = |alter: fn(&mut RawAccount)| {
            let mut account = account.clone();
            alter(&mut account);
            decode(&account)
        };
        assert_eq!(altered(|account| account.data[4] = 0), None);
        assert_eq!(altered(|account| account.data[0] = 0), None);
        assert_eq!(altered(|account| account.data.truncate(79)), None);
        assert_eq!(altered(|account| account.owner = [1; 32].into()), None);
    }

    #[test]
    fn a_message_names_its_nonce_account() {
        let [account, authority] = [(); 2].map(|()| Pubkey::new_unique());
        let advance =
            solana_system_interface::instruction::advance_nonce_account(&account, &authority);
        let transfer =
            solana_system_interface::instruction::transfer(&authority, &Pubkey::new_unique(), 1);
        let message = |instructions: &[_]| Message::new(instructions, Some(&authority));
        assert_eq!(
            account_of(&message(&[advance.clone(), transfer.clone()])),
            Some(account)
        );
        assert_eq!(account_of(&message(&[transfer.clone(), advance])), None);
        assert_eq!(account_of(&message(&[transfer])), None);
    }
}
