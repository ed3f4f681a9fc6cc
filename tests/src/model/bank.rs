//! Where money lies: every token account of both tokens, and the lamports that changed hands.

use {
    super::{Broken, Coin, Outcome, Purse, Refusal, Who},
    std::collections::{BTreeMap, BTreeSet},
};

/// What accounts of each kind cost in rent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "kinds of accounts")]
pub struct Rents {
    /// All accounts that founding a currency creates.
    pub founding: u64,
    pub vault: u64,
    pub voucher: u64,
    pub change: u64,
    pub stake: u64,
    pub token_account: u64,
}

/// Who holds what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bank {
    /// Every token account there is, and what lies in it.
    pub purses: BTreeMap<Purse, u64>,
    /// The frozen ones.
    pub frozen: BTreeSet<Purse>,
    /// Tokens of the currency there are.
    pub supply: u64,
    /// Tokens that their holders burned past the program: owed for good, and claimed by nobody.
    pub burned_outside: u64,
    /// Whether any default was ever assessed, which the chain does not note either.
    pub assessed: bool,
    /// Lamports that somebody gained (or lost) since the beginning, fees aside.
    pub lamports: BTreeMap<Who, i64>,
    /// What accounts cost.
    pub rents: Rents,
}

impl Bank {
    /// What lies in an account; nothing in one that is not there.
    pub fn held(&self, purse: Purse) -> u64 {
        self.purses.get(&purse).copied().unwrap_or(0)
    }

    /// Whether an account is frozen.
    pub fn is_frozen(&self, purse: Purse) -> bool {
        self.frozen.contains(&purse)
    }

    /// What a payment needs; one of nothing needs nothing.
    pub fn require_payable(&self, from: Purse, to: Purse, amount: u64, broken: &mut Broken) {
        if amount > 0 {
            let known = self.purses.contains_key(&from) && self.purses.contains_key(&to);
            broken.unless(known, Refusal::Missing);
            broken.unless(self.held(from) >= amount, Refusal::FundsInsufficient);
            broken.unless(
                !self.is_frozen(from) && !self.is_frozen(to),
                Refusal::Frozen,
            );
        }
    }

    /// Moves money that [`Bank::require_payable`] found there.
    pub fn pay(&mut self, from: Purse, to: Purse, amount: u64) {
        if amount > 0 {
            *self.purses.get_mut(&from).expect("an account that pays") -= amount;
            *self.purses.get_mut(&to).expect("an account that is paid") += amount;
        }
    }

    /// The currency mints tokens.
    pub fn mint(&mut self, to: Who, tokens: u64) {
        *self
            .purses
            .get_mut(&Purse::Tokens(to))
            .expect("an account of the token") += tokens;
        self.supply += tokens;
    }

    /// A holder's tokens are burned.
    pub fn burn(&mut self, from: Who, tokens: u64) {
        *self
            .purses
            .get_mut(&Purse::Tokens(from))
            .expect("an account of the token") -= tokens;
        self.supply -= tokens;
    }

    /// A payment by itself.
    pub fn transfer(&mut self, from: Purse, to: Purse, amount: u64) -> Outcome {
        let mut broken = Broken::default();
        self.require_payable(from, to, amount, &mut broken);
        broken.end()?;
        self.pay(from, to, amount);
        Ok(())
    }

    /// Gives money to an account: new collateral tokens, or tokens of the first holder's.
    pub fn donate(&mut self, to: Purse, amount: u64) -> Outcome {
        if to.coin() == Coin::Token {
            return self.transfer(Purse::Tokens(Who::Holder(0)), to, amount);
        }
        let held = *self.purses.get(&to).ok_or(Refusal::Missing)?;
        let mut broken = Broken::default();
        broken.unless(!self.is_frozen(to), Refusal::Frozen);
        broken.end()?;
        self.purses.insert(to, held + amount);
        Ok(())
    }

    /// Freezes an account that is not frozen, or thaws one that is.
    pub fn set_frozen(&mut self, purse: Purse, frozen: bool) -> Outcome {
        let mut broken = Broken::default();
        broken.unless(self.purses.contains_key(&purse), Refusal::Missing);
        broken.unless(self.is_frozen(purse) != frozen, Refusal::Frozen);
        broken.end()?;
        if frozen {
            self.frozen.insert(purse);
        } else {
            self.frozen.remove(&purse);
        }
        Ok(())
    }

    /// A holder burns tokens past the program.
    pub fn burn_outside(&mut self, by: Who, tokens: u64) -> Outcome {
        let mut broken = Broken::default();
        broken.unless(
            self.held(Purse::Tokens(by)) >= tokens,
            Refusal::FundsInsufficient,
        );
        broken.end()?;
        self.burn(by, tokens);
        self.burned_outside += tokens;
        Ok(())
    }

    /// Lamports that somebody gains, or loses.
    pub fn move_lamports(&mut self, who: Who, gained: i64) {
        *self.lamports.entry(who).or_default() += gained;
    }
}
