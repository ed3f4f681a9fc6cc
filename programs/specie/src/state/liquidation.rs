use {
    super::{Backing, Book, Currency, Params, Vault, VaultStatus},
    crate::{
        errors::SpecieError,
        math::{mul_div, Rounding},
        units::*,
    },
    anchor_lang::prelude::*,
};

/// What a default left to do: units to buy back, and what for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    bytemuck::Pod,
    bytemuck::Zeroable,
    AnchorSerialize,
    AnchorDeserialize,
    IdlType,
)]
#[repr(C)]
pub struct Liquidation {
    /// When the default was last assessed, which the premium rises from; 0 = the vault has not defaulted.
    pub started_at: Timestamp,
    /// The price at that time, at which units are bought back.
    pub price: Price,
    /// Units still to be bought back.
    pub shortage: Units,
    /// What may still be taken from the insurance account for them.
    pub insurance: Quote,
    /// Units written off in all: with any, what the collateral leaves over belongs to the insurance account.
    pub written_off: Units,
    /// What a token was backed by when the default was first assessed: the vouchers that were open then stand for so many
    /// tokens a unit.
    pub backing: Backing,
}

/// What two token accounts can pay: their balances, or 0 while the collateral's issuer has frozen them.
pub struct Funds {
    /// The vault's collateral account.
    pub collateral: Quote,
    /// The currency's insurance account.
    pub insurance: Quote,
    /// When they are counted.
    pub now: Timestamp,
}

/// Tokens sold to a liquidation, and what is paid for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buyback {
    /// Units that the tokens stand for.
    pub units: Units,
    /// Paid from the vault's collateral.
    pub from_collateral: Quote,
    /// Paid from the insurance account.
    pub from_insurance: Quote,
}

impl Liquidation {
    /// What is paid above the price now.
    pub fn premium(&self, params: &Params, now: Timestamp) -> Bps {
        let step_time = u64::from(params.liquidation_step_time.get());
        let steps = now.since(self.started_at).checked_div(step_time);
        let risen = steps
            .unwrap_or(0)
            .saturating_mul(params.liquidation_premium_step.get().into());
        let most = params.liquidation_premium_max;
        u32::try_from(risen).map_or(most, |risen| most.min(Bps::new(risen)))
    }
}

impl Vault {
    /// Buys units of a default back for the price at its assessment and the premium by now, but never for more than their
    /// share of what is left: the money suffices for all of them, whoever sells first.
    #[inline(never)]
    pub fn buy_back(
        &mut self,
        tokens: Tokens,
        currency: &mut Currency,
        (book, supply): (&mut Book, Tokens),
        funds: &Funds,
    ) -> Result<Buyback> {
        require!(
            self.status == VaultStatus::Defaulted as u8,
            SpecieError::VaultNotDefaulted
        );
        let liquidation = &self.liquidation;
        let units = tokens.units(book.backing(supply), Rounding::Down)?;
        require!(!units.is_zero(), SpecieError::AmountZero);
        require!(units <= liquidation.shortage, SpecieError::ShortageExceeded);

        let premium = liquidation.premium(&currency.params, funds.now);
        let price = liquidation.price.raised(premium, Rounding::Down)?;
        let collateral = self.reachable_collateral(funds)?;
        let all = collateral.plus(liquidation.insurance.min(funds.insurance))?;
        let shortage = liquidation.shortage;
        let share = mul_div(all.get(), units.get(), shortage.get(), Rounding::Down)?;
        let payment = units.value(price, Rounding::Down)?.min(Quote::new(share));
        let from_collateral = payment.min(collateral);
        let from_insurance = payment.minus(from_collateral)?;

        let left = shortage.minus(units)?;
        let insurance = if left.is_zero() {
            Quote::ZERO
        } else {
            liquidation.insurance.minus(from_insurance)?
        };
        self.liquidation.shortage = left;
        self.balances.outstanding = self.balances.outstanding.minus(units)?;
        book.discharge(units)?;
        self.spend(from_collateral)?;
        self.reserve_insurance(currency, insurance)?;
        Ok(Buyback {
            units,
            from_collateral,
            from_insurance,
        })
    }

    /// Collateral that can be paid, what is requested for withdrawal included.
    pub fn reachable_collateral(&self, funds: &Funds) -> Result<Quote> {
        let held = self.balances.collateral.plus(self.balances.withdrawing)?;
        Ok(held.min(funds.collateral))
    }

    /// Sets what is reserved of the insurance account for this vault.
    pub fn reserve_insurance(&mut self, currency: &mut Currency, amount: Quote) -> Result<()> {
        let others = currency
            .insurance_reserved
            .minus(self.liquidation.insurance)?;
        currency.insurance_reserved = others.plus(amount)?;
        self.liquidation.insurance = amount;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    const START: i64 = 1_000_000;

    /// A premium that rises by 1 % every ten minutes to 5 %.
    fn currency() -> Currency {
        Currency {
            insurance_reserved: Quote::new(700),
            params: Params {
                liquidation_premium_step: Bps::new(100),
                liquidation_premium_max: Bps::new(500),
                liquidation_step_time: Seconds::new(600),
                ..Params::default()
            },
            ..Currency::zeroed()
        }
    }

    /// 100 units to buy back at 10.0, with 1,000 of collateral, 40 of them requested, and 100 of the insurance.
    fn defaulted() -> Vault {
        let mut vault = Vault {
            status: VaultStatus::Defaulted as u8,
            withdrawal_available_at: Timestamp::new(1),
            liquidation: Liquidation {
                started_at: Timestamp::new(START),
                price: Price::new(10_000_000),
                shortage: Units::new(100),
                insurance: Quote::new(100),
                ..Liquidation::zeroed()
            },
            ..Vault::zeroed()
        };
        vault.balances.collateral = Quote::new(960);
        vault.balances.withdrawing = Quote::new(40);
        vault.balances.outstanding = Units::new(150);
        vault
    }

    fn plenty(at: i64) -> Funds {
        Funds {
            collateral: Quote::new(u64::MAX),
            insurance: Quote::new(u64::MAX),
            now: Timestamp::new(START + at),
        }
    }

    /// All that the vaults owe: what this one does, and as much again.
    fn book(vault: &Vault) -> Book {
        let outstanding = vault.balances.outstanding;
        Book {
            owed: outstanding.plus(outstanding).unwrap(),
            ..Book::zeroed()
        }
    }

    fn sell(vault: &mut Vault, currency: &mut Currency, tokens: u64, at: i64) -> Result<[u64; 3]> {
        let mut book = book(vault);
        let (owed, supply) = (book.owed, Tokens::new(book.owed.get()));
        let holders = (&mut book, supply);
        let sold = vault.buy_back(Tokens::new(tokens), currency, holders, &plenty(at))?;
        assert_eq!(book.owed.plus(sold.units), Ok(owed));
        let [units, collateral] = [sold.units.get(), sold.from_collateral.get()];
        Ok([units, collateral, sold.from_insurance.get()])
    }

    #[test]
    fn the_premium_rises_by_steps_to_its_maximum() {
        let (vault, currency) = (defaulted(), currency());
        for (at, premium) in [
            (-1, 0),
            (599, 0),
            (600, 100),
            (1_799, 200),
            (3_000, 500),
            (1 << 60, 500),
        ] {
            let now = Timestamp::new(START + at);
            let paid = vault.liquidation.premium(&currency.params, now);
            assert_eq!(paid, Bps::new(premium), "at {at}");
        }
    }

    #[test]
    fn collateral_pays_first_what_was_requested_before_the_rest_and_then_insurance() {
        let (mut vault, mut currency) = (defaulted(), currency());
        assert_eq!(sell(&mut vault, &mut currency, 3, 0), Ok([3, 30, 0]));
        assert_eq!(vault.balances.withdrawing, Quote::new(10));
        assert_eq!(sell(&mut vault, &mut currency, 3, 0), Ok([3, 30, 0]));
        assert_eq!(vault.balances.withdrawing, Quote::ZERO);
        assert_eq!(vault.withdrawal_available_at, Timestamp::ZERO);
        assert_eq!(vault.balances.collateral, Quote::new(940));
        assert_eq!(
            sell(&mut vault, &mut currency, 92, 3_000),
            Ok([92, 940, 26])
        );
        assert_eq!(vault.liquidation.insurance, Quote::new(74));
        assert_eq!(currency.insurance_reserved, Quote::new(674));
        assert_eq!(sell(&mut vault, &mut currency, 2, 3_000), Ok([2, 0, 21]));
        assert_eq!(vault.balances.outstanding, Units::new(50));
        // The last unit bought back frees the rest of the insurance.
        assert_eq!(vault.liquidation.insurance, Quote::ZERO);
        assert_eq!(currency.insurance_reserved, Quote::new(600));
        assert_eq!(vault.invariant(), Ok(()));
    }

    #[test]
    fn nobody_takes_more_than_a_share_of_what_is_left() {
        let (mut vault, mut currency) = (defaulted(), currency());
        vault.balances.collateral = Quote::new(460);
        for left in (2..=100).rev().step_by(2) {
            let paid = sell(&mut vault, &mut currency, 2, 3_000).unwrap();
            assert_eq!(paid[1] + paid[2], 12, "with {left} units left");
        }
    }

    #[test]
    fn price_payment_and_share_are_rounded_down() {
        let mut currency = currency();
        // 10.5 for each, of which three are 31.5.
        assert_eq!(
            sell(&mut defaulted(), &mut currency, 3, 3_000),
            Ok([3, 31, 0])
        );
        // 2 % of what is left are 12.02.
        let mut vault = defaulted();
        vault.balances.collateral = Quote::new(461);
        assert_eq!(sell(&mut vault, &mut currency, 2, 3_000), Ok([2, 12, 0]));
        // 99 and 1 % of it are 99.99 an SCU.
        let mut vault = defaulted();
        vault.liquidation.price = Price::new(99);
        vault.liquidation.shortage = Units::new(1_000_000);
        vault.balances.outstanding = Units::new(1_000_000);
        let all = sell(&mut vault, &mut currency, 1_000_000, 600);
        assert_eq!(all, Ok([1_000_000, 99, 0]));
    }

    #[test]
    fn what_is_frozen_pays_nothing() {
        let (mut vault, mut currency) = (defaulted(), currency());
        let sell = |vault: &mut Vault, currency: &mut Currency, collateral, insurance| {
            let funds = Funds {
                collateral: Quote::new(collateral),
                insurance: Quote::new(insurance),
                now: Timestamp::new(START),
            };
            let mut book = book(vault);
            let holders = (&mut book, Tokens::new(1));
            let sold = vault.buy_back(Tokens::new(10), currency, holders, &funds);
            let sold = sold.unwrap();
            [sold.from_collateral.get(), sold.from_insurance.get()]
        };
        assert_eq!(sell(&mut vault, &mut currency, 0, 5_000), [0, 10]);
        assert_eq!(sell(&mut vault, &mut currency, 0, 0), [0, 0]);
        assert_eq!(vault.liquidation.insurance, Quote::new(90));
        assert_eq!(sell(&mut vault, &mut currency, 5_000, 0), [100, 0]);
    }

    #[test]
    fn what_cannot_be_bought_back_rejects() {
        let (vault, mut currency) = (defaulted(), currency());
        let rejects = |vault: Vault, currency: &mut Currency, tokens, error: SpecieError| {
            let sold = sell(&mut { vault }, currency, tokens, 0);
            assert_eq!(sold, Err(error.into()));
        };
        rejects(vault, &mut currency, 0, SpecieError::AmountZero);
        rejects(vault, &mut currency, 101, SpecieError::ShortageExceeded);
        let mut active = vault;
        active.status = VaultStatus::Suspended as u8;
        rejects(active, &mut currency, 1, SpecieError::VaultNotDefaulted);
        // Half a unit is none.
        let (mut vault, mut book) = (vault, book(&vault));
        let supply = Tokens::new(2 * book.owed.get());
        let sold = vault.buy_back(
            Tokens::new(1),
            &mut currency,
            (&mut book, supply),
            &plenty(0),
        );
        assert_eq!(sold, Err(SpecieError::AmountZero.into()));
    }
}
