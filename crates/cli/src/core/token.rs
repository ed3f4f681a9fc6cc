//! Classic SPL token accounts and mints, as far as a command looks into them.

use crate::core::{
    amount,
    chain::{Accounts, Chain, RawAccount},
    error::CliError,
    report::{Fields, Value},
};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use specie_client::{
    address::{self, TOKEN_PROGRAM},
    instruction,
};

const MINT_LEN: usize = 82;
const ACCOUNT_LEN: usize = 165;
/// Where a token account has its state, and which of them is frozen.
const STATE: usize = 108;
const FROZEN: u8 = 2;
/// Accounts that one transaction takes from, beside the associated one: more would not fit.
const GATHERED: usize = 4;

/// Size of a mint account.
pub(crate) const MINT_SPACE: usize = MINT_LEN;

/// A mint: supply and decimals. `None` for what is none.
pub(crate) fn mint(account: &RawAccount) -> Option<(u64, u8)> {
    let of_token = account.owner == TOKEN_PROGRAM && account.data.len() == MINT_LEN;
    let supply = account.data.get(36..44)?.try_into().ok()?;
    of_token.then_some((u64::from_le_bytes(supply), *account.data.get(44)?))
}

/// Who may mint more of a mint; `None` for what is none, or where nobody may.
pub(crate) fn mint_authority(account: &RawAccount) -> Option<Pubkey> {
    let of_token = account.owner == TOKEN_PROGRAM && account.data.len() == MINT_LEN;
    let is_some = account.data.get(0..4)? == 1u32.to_le_bytes();
    let authority = account.data.get(4..36)?.try_into().ok()?;
    (of_token && is_some).then_some(Pubkey::new_from_array(authority))
}

/// What a token account holds. `None` for what is none.
pub(crate) fn balance(account: &RawAccount) -> Option<u64> {
    let of_token = account.owner == TOKEN_PROGRAM && account.data.len() == ACCOUNT_LEN;
    let amount = account.data.get(64..72)?.try_into().ok()?;
    of_token.then_some(u64::from_le_bytes(amount))
}

/// What a token account holds among these; 0 where it does not exist.
pub(crate) fn balance_of(accounts: &Accounts, address: &Pubkey) -> u64 {
    accounts.get(address).and_then(balance).unwrap_or(0)
}

/// One account of a purse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    address: Pubkey,
    amount: u64,
    /// Frozen by the mint's authority: nothing leaves it.
    frozen: bool,
}

/// All that an owner has of a mint: in the associated account, and in others that a wallet or an exchange made.
pub(crate) struct Purse {
    owner: Pubkey,
    mint: Pubkey,
    decimals: u8,
    /// The associated account, which need not exist.
    own: Pubkey,
    accounts: Vec<Held>,
}

impl Purse {
    /// What puts so much into an owner's associated account out of the owner's others, which are looked for only where
    /// that one holds too little. `payer` pays its rent.
    pub(crate) fn provide(
        chain: &Chain,
        owner: Pubkey,
        mint: (Pubkey, u8),
        needed: u64,
        what: &str,
        payer: Pubkey,
    ) -> Result<Gathered, CliError> {
        let (mint, decimals) = mint;
        let own = address::token_account(&owner, &mint);
        if balance_of(&chain.accounts_once(&[own])?, &own) >= needed {
            return Ok(Gathered::default());
        }
        Self::read(chain, owner, mint, decimals)?.gather(needed, what, payer)
    }

    pub(crate) fn read(
        chain: &Chain,
        owner: Pubkey,
        mint: Pubkey,
        decimals: u8,
    ) -> Result<Self, CliError> {
        let accounts = chain.token_accounts(&owner, &mint)?;
        let held = accounts.iter().filter_map(|(address, account)| {
            Some(Held {
                address: *address,
                amount: balance(account)?,
                frozen: account.data.get(STATE) == Some(&FROZEN),
            })
        });
        Ok(Self {
            owner,
            mint,
            decimals,
            own: address::token_account(&owner, &mint),
            accounts: held.collect(),
        })
    }

    /// The associated account.
    pub(crate) fn own(&self) -> Pubkey {
        self.own
    }

    /// What all accounts hold.
    pub(crate) fn total(&self) -> Value {
        // A mint's supply is 64 bits, and this is a part of it.
        let total = self.accounts.iter().map(|held| held.amount).sum();
        Value::Amount(total, self.decimals)
    }

    /// Every account with what it holds.
    pub(crate) fn list(&self) -> Value {
        let fields = |held: &Held| {
            let fields = Fields::default()
                .with("account", "Account", Value::Address(held.address))
                .with(
                    "amount",
                    "Amount",
                    Value::Amount(held.amount, self.decimals),
                );
            if held.frozen {
                fields.with("frozen", "Frozen", Value::Flag(true))
            } else {
                fields
            }
        };
        Value::List(self.accounts.iter().map(fields).collect())
    }

    /// What puts so much into the associated account, out of the others; nothing where it is there. `payer` pays its rent.
    fn gather(&self, needed: u64, what: &str, payer: Pubkey) -> Result<Gathered, CliError> {
        let is_own = |held: &&Held| held.address == self.own;
        let own = self.accounts.iter().find(is_own);
        let mut missing = needed.saturating_sub(own.map_or(0, |own| own.amount));
        let mut gathered = Gathered::default();
        if missing == 0 {
            return Ok(gathered);
        }
        let mut others: Vec<&Held> = self
            .accounts
            .iter()
            .filter(|held| !is_own(held) && !held.frozen && held.amount > 0)
            .collect();
        others.sort_unstable_by_key(|held| std::cmp::Reverse(held.amount));
        if own.is_none() && !others.is_empty() {
            gathered
                .instructions
                .push(instruction::create_token_account(
                    payer, self.owner, self.mint,
                ));
        }
        for other in &others {
            let amount = missing.min(other.amount);
            if amount == 0 {
                break;
            }
            let transfer = spl_token_interface::instruction::transfer_checked(
                &TOKEN_PROGRAM,
                &other.address,
                &self.mint,
                &self.own,
                &self.owner,
                &[],
                amount,
                self.decimals,
            );
            gathered.instructions.push(transfer.map_err(|error| {
                CliError::Transaction(format!("no transfer can be made: {error}"))
            })?);
            gathered.from.push((other.address, amount));
            missing -= amount;
        }
        if missing > 0 {
            return Err(self.too_little(needed, what));
        }
        if gathered.from.len() > GATHERED {
            return Err(CliError::Balance(format!(
                "{} {what} lie in {} accounts, and one transaction takes from {GATHERED} beside {}: move some there \
                 first. Nothing was sent",
                self.shown(needed),
                gathered.from.len(),
                self.own
            )));
        }
        Ok(gathered)
    }

    fn too_little(&self, needed: u64, what: &str) -> CliError {
        let held = match self.accounts.as_slice() {
            [] => format!("the account {} holds 0", self.own),
            [one] => format!(
                "the account {} holds {}{}",
                one.address,
                self.shown(one.amount),
                if one.frozen { " and is frozen" } else { "" }
            ),
            several => {
                let each = several.iter().map(|held| {
                    let frozen = if held.frozen { ", frozen" } else { "" };
                    format!("{} ({}{frozen})", held.address, self.shown(held.amount))
                });
                let each: Vec<String> = each.collect();
                format!("the accounts {} hold less", each.join(", "))
            }
        };
        CliError::Balance(format!(
            "this needs {} {what}, but {held}: nothing was sent. Name a smaller amount, or fund the account first",
            self.shown(needed)
        ))
    }

    fn shown(&self, amount: u64) -> String {
        amount::format(amount, self.decimals)
    }
}

/// Transfers into an owner's associated account.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) instructions: Vec<Instruction>,
    from: Vec<(Pubkey, u64)>,
}

impl Gathered {
    /// What is taken from where, where anything is.
    pub(crate) fn fields(&self, decimals: u8) -> Fields {
        if self.from.is_empty() {
            return Fields::default();
        }
        let list = self.from.iter().map(|(account, amount)| {
            Fields::default()
                .with("account", "Account", Value::Address(*account))
                .with("amount", "Amount", Value::Amount(*amount, decimals))
        });
        Fields::default().with("gatheredFrom", "Gathered from", Value::List(list.collect()))
    }
}

/// Refuses unless a token account holds at least this much.
pub(crate) fn require_balance(
    chain: &Chain,
    account: &Pubkey,
    what: &str,
    needed: u64,
    decimals: u8,
) -> Result<(), CliError> {
    let held = balance_of(&chain.accounts(&[*account])?, account);
    if held >= needed {
        return Ok(());
    }
    Err(CliError::Balance(format!(
        "this needs {} {what}, but the account {account} holds {}: nothing was sent. Name a smaller amount, or fund the \
         account first",
        amount::format(needed, decimals),
        amount::format(held, decimals),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purse(own: Option<u64>, others: &[(u64, bool)]) -> Purse {
        let (owner, mint) = (Pubkey::new_unique(), Pubkey::new_unique());
        let address = address::token_account(&owner, &mint);
        let held = |address, amount, frozen| Held {
            address,
            amount,
            frozen,
        };
        let mut accounts: Vec<Held> = others
            .iter()
            .map(|(amount, frozen)| held(Pubkey::new_unique(), *amount, *frozen))
            .collect();
        accounts.extend(own.map(|amount| held(address, amount, false)));
        Purse {
            owner,
            mint,
            decimals: 0,
            own: address,
            accounts,
        }
    }

    fn gathers(purse: &Purse, needed: u64) -> Result<(usize, Vec<u64>), String> {
        let gathered = purse.gather(needed, "tokens", Pubkey::new_unique());
        gathered
            .map(|gathered| {
                let amounts = gathered.from.iter().map(|(_, amount)| *amount);
                (gathered.instructions.len(), amounts.collect())
            })
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_associated_account_comes_first_and_the_largest_next() {
        let own = purse(Some(5), &[(2, false), (9, false)]);
        assert_eq!(gathers(&own, 5), Ok((0, vec![])));
        assert_eq!(gathers(&own, 6), Ok((1, vec![1])));
        assert_eq!(gathers(&own, 16), Ok((2, vec![9, 2])));
        // The associated account is created where it is missing.
        assert_eq!(gathers(&purse(None, &[(2, false)]), 1), Ok((2, vec![1])));
    }

    #[test]
    fn what_cannot_be_gathered_rejects_with_every_account() {
        let frozen = gathers(&purse(Some(1), &[(9, true)]), 2).unwrap_err();
        assert!(
            frozen.contains("(9, frozen)") && frozen.contains("(1)"),
            "{frozen}"
        );
        let none = gathers(&purse(None, &[]), 2).unwrap_err();
        assert!(
            none.contains("needs 2 tokens") && none.contains("holds 0"),
            "{none}"
        );
        let scattered = gathers(&purse(None, &[(1, false); 5]), 5).unwrap_err();
        assert!(scattered.contains("in 5 accounts"), "{scattered}");
    }
}
