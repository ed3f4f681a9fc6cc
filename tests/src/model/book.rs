//! What a token is worth: its share of what all vaults owe.

use super::{
    Economy, Vault, Voucher,
    arithmetic::{down, fit, up},
};

/// What is noted of all vaults together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Units owed to holders of tokens, at all vaults.
    pub owed: u64,
    /// Tokens that vouchers of failed vaults stand for.
    pub defaulted: u64,
}

/// Units owed, and the tokens that they are owed for: one unit a token at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backing {
    /// The units.
    pub owed: u64,
    /// The tokens.
    pub tokens: u64,
}

impl Backing {
    /// Whether a token is worth a whole unit.
    pub fn is_whole(&self) -> bool {
        self.owed >= self.tokens
    }

    /// What tokens are worth, rounded down.
    pub fn worth(&self, tokens: u64) -> u64 {
        if self.is_whole() {
            return tokens;
        }
        fit(down(tokens, self.owed, self.tokens))
    }

    /// What is to be owed for new tokens: rounded up.
    pub fn due(&self, tokens: u64) -> u64 {
        if self.is_whole() {
            return tokens;
        }
        fit(up(tokens, self.owed, self.tokens))
    }

    /// How many tokens some units are worth, rounded down; no number where tokens are worth nothing.
    pub fn tokens(&self, units: u64) -> Option<u128> {
        if self.is_whole() {
            return Some(units.into());
        }
        (self.owed > 0).then(|| down(units, self.tokens, self.owed))
    }
}

impl Vault {
    /// Whether a voucher was there already when the vault's failure was last assessed: it stands for tokens since.
    pub fn was_assessed_with(&self, voucher: &Voucher) -> bool {
        voucher.assessments < self.assessments
    }

    /// The tokens that so many units of such a voucher stand for.
    pub fn standing(&self, voucher: &Voucher, units: u64) -> u64 {
        if voucher.assessments > 0 {
            return voucher.tokens_for(units);
        }
        self.liquidation.backing.tokens(units).map_or(units, fit)
    }

    /// What holders may redeem here: there is no compute behind what is to be bought back.
    pub fn redeemable(&self) -> u64 {
        self.outstanding.saturating_sub(self.liquidation.shortage)
    }
}

impl Economy {
    /// The sums over all vaults.
    pub fn sums(&self) -> Book {
        let sum = |of: fn(&Vault) -> u64| self.vaults.values().map(of).sum();
        Book {
            owed: sum(|vault| vault.outstanding),
            defaulted: sum(|vault| vault.defaulted),
        }
    }

    /// What a token is worth now.
    pub fn backing(&self) -> Backing {
        let Book { owed, defaulted } = self.sums();
        let tokens = self.bank.supply + defaulted;
        Backing { owed, tokens }
    }

    /// The tokens that return for some of a voucher's units: no more than were burned for them, and no more than they are
    /// worth. When a failed vault's voucher returns, it is what it stands for.
    pub fn tokens_returned(&self, of: &Vault, voucher: &Voucher, units: u64) -> u64 {
        let burned = voucher.tokens_for(units);
        if of.was_assessed_with(voucher) {
            let left = voucher.remaining() - units;
            return burned
                .min(of.standing(voucher, voucher.remaining()) - of.standing(voucher, left));
        }
        let worth = self.backing().tokens(units);
        worth.map_or(burned, |worth| fit(worth.min(burned.into())))
    }

    /// Units leave a voucher otherwise than by receipts, and `returned` of them are owed to holders of tokens again, for
    /// tokens of the voucher's owner.
    pub fn return_units(&mut self, vault: u8, session: u32, units: u64, returned: u64) {
        let voucher = &self.vouchers[&(vault, session)];
        let mut of = self.vaults[&vault].clone();
        let tokens = self.tokens_returned(&of, voucher, returned);
        let mut left = voucher.clone();
        left.compensated += units;
        if of.was_assessed_with(voucher) {
            of.defaulted -= of.standing(voucher, voucher.remaining());
            of.defaulted += of.standing(&left, left.remaining());
        } else {
            of.open -= units;
            of.open_work -= voucher.remaining_work() - left.remaining_work();
            of.outstanding += returned;
            of.close_tokens(voucher, &left);
        }
        let owner = voucher.owner;
        self.vaults.insert(vault, of);
        self.bank.mint(owner, tokens);
    }
}

impl Vault {
    /// Once the vault has failed it counts the tokens that its open vouchers were opened with.
    pub fn close_tokens(&mut self, before: &Voucher, after: &Voucher) {
        if self.assessments > 0 {
            self.open_tokens -= before.tokens_for(before.remaining());
            self.open_tokens += after.tokens_for(after.remaining());
        }
    }
}
